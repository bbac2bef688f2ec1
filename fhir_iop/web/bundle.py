"""A Bundle sent to the base address: a batch or a transaction (https://hl7.org/fhir/R4/http.html#transaction)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue
from fhir_iop.web.batch import batch
from fhir_iop.web.entries import entries_of
from fhir_iop.web.exchange import Answer, Ask, only
from fhir_iop.web.transaction import transaction

if TYPE_CHECKING:
    from fhir_iop.web.calls import Router
    from fhir_iop.web.services import Services

_KINDS = {"batch": batch, "transaction": transaction}


def bundle(services: Services, ask: Ask, route: Router) -> Answer:
    """Answer 200 with a response Bundle, its entries in the order of the request's.

    Raises BadInput for what is neither a batch nor a transaction; for a transaction also whatever its entries raise.
    """
    only(ask)
    sent = ask.resource or {}
    kind = sent.get("type")
    if sent.get("resourceType") != "Bundle" or not isinstance(kind, str) or kind not in _KINDS:
        raise BadInput(issue("bundle-type", "Bundle.type"))
    response: dict[str, Any] = {"resourceType": "Bundle", "type": f"{kind}-response"}
    entries = _KINDS[kind](services, ask, entries_of(sent), route)
    if entries:  # an array in FHIR JSON is never empty
        response["entry"] = entries
    return Answer(200, response)
