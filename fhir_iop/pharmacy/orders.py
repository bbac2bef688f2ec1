"""Which stored MedicationRequests are to be sent to a pharmacy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir.systems import MEDICATION_REQUEST_CATEGORY
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fhir_iop.issue import Issue

_OUTSIDE: Final = frozenset({"community", "discharge", "outpatient"})
_ENDED: Final = frozenset({"cancelled", "stopped", "entered-in-error"})


def is_to_be_sent(resource: Mapping[str, Any]) -> bool:
    """Whether ``resource`` is an order that a pharmacy is meant to get: there is nothing to say against it."""
    return resource.get("resourceType") == "MedicationRequest" and not any(against_sending(resource))


def against_sending(order: Mapping[str, Any]) -> Iterator[Issue]:
    """Report why a MedicationRequest is none that a pharmacy is meant to get.

    It is an active order, not somebody's report or a request not to give; it names the pharmacy; and it is for use
    outside an institution (a category of community, discharge or outpatient, or none at all).
    """
    if order.get("status") != "active":
        yield issue("rx-status", "MedicationRequest.status", found=order.get("status"))
    if order.get("intent") != "order":
        yield issue("rx-intent", "MedicationRequest.intent", found=order.get("intent"))
    if order.get("doNotPerform") is True or order.get("reportedBoolean") is True or "reportedReference" in order:
        yield issue("rx-no-order", "MedicationRequest")
    if not order.get("dispenseRequest", {}).get("performer"):
        yield issue("rx-no-pharmacy", "MedicationRequest.dispenseRequest.performer")
    categories = {
        coding.get("code")
        for category in order.get("category", ())
        for coding in category.get("coding", ())
        if coding.get("system") == MEDICATION_REQUEST_CATEGORY
    }
    if categories and not categories & _OUTSIDE:
        yield issue("rx-category", "MedicationRequest.category")


def is_to_be_cancelled(resource: Mapping[str, Any]) -> bool:
    """Whether a pharmacy that has got ``resource`` as an order must be told that it ended."""
    return resource.get("resourceType") == "MedicationRequest" and not any(against_cancelling(resource))


def against_cancelling(order: Mapping[str, Any]) -> Iterator[Issue]:
    """Report why a MedicationRequest can't be cancelled at a pharmacy: it has ended, says why, and has its number."""
    if order.get("status") not in _ENDED:
        yield issue("rx-not-ended", "MedicationRequest.status", found=order.get("status"))
    if order.get("intent") != "order":
        yield issue("rx-intent", "MedicationRequest.intent", found=order.get("intent"))
    if not order.get("statusReason"):
        yield issue("rx-no-reason", "MedicationRequest.statusReason")
    if not order.get("identifier"):
        yield issue("rx-no-identifier", "MedicationRequest.identifier")
    if not order.get("dispenseRequest", {}).get("performer"):
        yield issue("rx-no-pharmacy", "MedicationRequest.dispenseRequest.performer")
