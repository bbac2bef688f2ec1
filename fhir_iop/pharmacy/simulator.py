"""A pharmacy that answers, for the demonstration and for tests: it takes a good prescription and rejects another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir.foreign import objects, part, resources, text
from fhir_iop.fhir.outcome import operation_outcome
from fhir_iop.fhir.security import add_labels, high_water_mark, is_protected
from fhir_iop.fhir.systems import NCPDP_ID, NPI
from fhir_iop.issue import issue
from fhir_iop.pharmacy import identity
from fhir_iop.pharmacy.task import BUSINESS_STATUS_SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from fhir_iop.issue import Issue

_EXPECTED: Final = {"new-rx": "active", "cancel-rx": "cancelled"}
"""By event, the status of the order that it is about."""


def simulate_reply(message: Any, clock: Callable[[], datetime]) -> dict[str, Any]:
    """Return what the pharmacy answers to ``message``, decoded JSON of any shape.

    A message is answered by a message: ``ok`` with a Task that says accepted (or cancelled), or ``fatal-error`` with an
    OperationOutcome that says what is missing. What isn't a message is answered by an OperationOutcome alone. The same
    message gets the same answer, but for its time.
    """
    header = part(message, "entry", 0, "resource")
    event, id_ = text(header, "eventCoding", "code"), text(header, "id")
    if text(header, "resourceType") != "MessageHeader" or not id_ or event not in _EXPECTED:
        return operation_outcome([issue("simulator-no-message")])
    orders = resources(message, "MedicationRequest")
    missing = list(_missing(message, orders, event))
    told = operation_outcome(missing) if missing else _task(orders[0], event, clock())
    return _answer(header, event, add_labels(told, high_water_mark(orders)), clock())


def _missing(message: Any, orders: list[dict[str, Any]], event: str) -> Iterator[Issue]:
    """Report what a pharmacist would miss."""
    patients = resources(message, "Patient")
    if [order.get("status") for order in orders] != [_EXPECTED[event]]:
        yield issue("simulator-missing", what="one order in the state that the event says")
    if len(patients) != 1 or not (objects(patients[0], "name") and text(patients[0], "birthDate")):
        yield issue("simulator-missing", what="the patient's name and birth date")
    if not _has_number(resources(message, "Practitioner"), NPI):
        yield issue("simulator-missing", what="a prescriber with an NPI")
    if not _has_number(resources(message, "Organization"), NCPDP_ID):
        yield issue("simulator-missing", what="a pharmacy with its NCPDP provider id")
    if event == "new-rx" and not all(map(_has_directions, orders)):
        yield issue("simulator-missing", what="directions in words, each with a dose")
    if any(map(is_protected, resources(message))) and not resources(message, "Consent"):
        yield issue("simulator-missing", what="the consent that a protected record is disclosed under")


def _has_number(found: list[dict[str, Any]], system: str) -> bool:
    numbers = [number for resource in found for number in objects(resource, "identifier")]
    return any(number.get("system") == system and text(number, "value") for number in numbers)


def _has_directions(order: dict[str, Any]) -> bool:
    steps = objects(order, "dosageInstruction")
    return bool(steps) and all(text(step, "text") and objects(step, "doseAndRate") for step in steps)


def _task(order: dict[str, Any], event: str, at: datetime) -> dict[str, Any]:
    status, business = ("accepted", "with-pharmacy") if event == "new-rx" else ("cancelled", "not-dispensed")
    numbers = objects(order, "identifier")
    return {
        "resourceType": "Task",
        "status": status,
        "businessStatus": {"coding": [{"system": BUSINESS_STATUS_SYSTEM, "code": business}]},
        "intent": "order",
        "code": {"coding": [{"system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"}]},
        **({"focus": {"type": "MedicationRequest", "identifier": numbers[0]}} if numbers else {}),
        "lastModified": at.isoformat(),
    }


def _answer(header: Any, event: str, told: dict[str, Any], at: datetime) -> dict[str, Any]:
    sent = text(header, "id")
    id_, url = identity.response_id(sent), f"urn:uuid:{identity.response_id(sent + ' details')}"
    is_task = told["resourceType"] == "Task"
    answer = {
        "resourceType": "MessageHeader",
        "id": id_,
        "eventCoding": {"system": identity.EVENTS, "code": f"{event}-response"},
        "destination": [{"endpoint": text(header, "source", "endpoint") or "urn:unknown"}],
        "source": {
            "name": "Demonstration Pharmacy",
            "endpoint": text(header, "destination", 0, "endpoint") or "urn:unknown",
        },
        "response": {
            "identifier": sent,
            "code": "ok" if is_task else "fatal-error",
            **({} if is_task else {"details": {"reference": url}}),
        },
        **({"focus": [{"reference": url}]} if is_task else {}),
    }
    bundle = {
        "resourceType": "Bundle",
        "id": id_,
        "identifier": identity.uri_identifier(id_),
        "type": "message",
        "timestamp": at.isoformat(),
        "entry": [{"fullUrl": f"urn:uuid:{id_}", "resource": answer}, {"fullUrl": url, "resource": told}],
    }
    return add_labels(bundle, high_water_mark([told]))
