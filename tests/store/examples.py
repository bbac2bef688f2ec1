"""Small invented resources and submissions."""

from typing import Any

from fhir_iop.store import Message, Receipt, Store, Stored, Submission, Write


def order(id_: str = "rx-1", **elements: Any) -> dict[str, Any]:
    """A MedicationRequest of the invented patient Patient/p1."""
    return {
        "resourceType": "MedicationRequest",
        "id": id_,
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"coding": [{"system": "http://example.org/drugs", "code": "Sertraline-50"}]},
        "subject": {"reference": "Patient/p1"},
        "authoredOn": "2026-03-01T10:00:00Z",
        **elements,
    }


def message(id_: str = "msg-1", **body: Any) -> Message:
    return Message(id_, "prescription", "MedicationRequest/rx-1", "https://pharmacy.example.org", body or {"dose": 1})


def put(store: Store, *resources: dict[str, Any]) -> tuple[Stored, ...]:
    return store.submit(Submission([Write(resource) for resource in resources])).stored


def queue(store: Store, *messages: Message) -> Receipt:
    return store.submit(Submission(messages=messages))
