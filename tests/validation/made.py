"""Invented resources to break: each function returns a new one that is valid, with what is given changed.

None as a value takes the element out.
"""

from typing import Any


def _changed(resource: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    resource |= changes
    return {name: value for name, value in resource.items() if value is not None}


def patient(**changes: Any) -> dict[str, Any]:
    resource = {
        "resourceType": "Patient",
        "id": "invented-1",
        "identifier": [{"system": "https://program.example.org/mrn", "value": "MRN-0001"}],
        "name": [{"family": "Invented", "given": ["Ada"]}],
        "gender": "female",
        "birthDate": "1990-02-28",
    }
    return _changed(resource, changes)


def observation(**changes: Any) -> dict[str, Any]:
    resource = {"resourceType": "Observation", "id": "invented-2", "status": "final", "code": {"text": "Craving"}}
    return _changed(resource, changes)


def order(**changes: Any) -> dict[str, Any]:
    resource = {
        "resourceType": "MedicationRequest",
        "id": "invented-3",
        "status": "active",
        "intent": "order",
        "medicationCodeableConcept": {"text": "An invented medicine"},
        "subject": {"reference": "Patient/invented-1"},
        "dosageInstruction": [{"timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}}}],
    }
    return _changed(resource, changes)


def questionnaire(**changes: Any) -> dict[str, Any]:
    resource = {"resourceType": "Questionnaire", "id": "invented-4", "status": "draft", "title": "Invented"}
    return _changed(resource, changes)


def coded(system: str | None, code: str | None, **more: Any) -> dict[str, Any]:
    coding = {"system": system, "code": code} | more
    return {"coding": [{name: value for name, value in coding.items() if value is not None}]}


def entry(url: str, resource: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"fullUrl": url, "resource": resource} | more


def bundle(kind: str, *entries: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)} | more
