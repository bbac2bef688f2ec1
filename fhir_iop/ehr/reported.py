"""A MedicationRequest of another system as a reported medication here, with the Provenance that says whence.

It becomes ``intent`` plan with ``reportedReference`` (US Core's medication list guidance): nobody here ordered it, and
nothing may dispense from it. What it says of the medicine stays, digit for digit, and so do its security labels;
references to the other system become what they display or number, for they lead nowhere here.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir.foreign import objects, part, text
from fhir_iop.fhir.security import add_labels, high_water_mark
from fhir_iop.fhir.systems import MEDICATION_REQUEST_CATEGORY, URI, profile
from fhir_iop.issue import issue
from fhir_iop.session import host_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from fhir_iop.issue import Issue

_US_CORE: Final = "http://hl7.org/fhir/us/core"
_MEDICATION: Final = (profile("iop-reported-medication"), f"{_US_CORE}/StructureDefinition/us-core-medicationrequest")
_PROVENANCE: Final = (profile("iop-provenance"), f"{_US_CORE}/StructureDefinition/us-core-provenance")
_PARTICIPANT: Final = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"

# A reported medicine is taken, was taken, or nobody knows: an order's other states don't say.
_STATUSES: Final[Mapping[str, str]] = {
    "active": "active",
    "on-hold": "on-hold",
    "completed": "completed",
    "stopped": "stopped",
    "cancelled": "stopped",
    "draft": "unknown",
    "unknown": "unknown",
    "entered-in-error": "entered-in-error",
}
_ENDED: Final = frozenset({"stopped", "on-hold"})
_INTENTS: Final = frozenset({"order", "plan", "original-order", "reflex-order", "filler-order", "instance-order"})
_KEPT: Final = (
    "statusReason",
    "doNotPerform",
    "authoredOn",
    "requester",
    "reasonCode",
    "courseOfTherapyType",
    "note",
    "dosageInstruction",
)
_PARTS: Final = ("form", "amount", "ingredient")


@dataclass(frozen=True, slots=True)
class Reported:
    """The reported medication and its Provenance, or no resource and the errors that kept it out."""

    resources: list[dict[str, Any]]
    issues: list[Issue] = field(default_factory=list)


def as_reported_medication(
    request: Mapping[str, Any],
    *,
    base: str,
    subject: str,
    at: datetime,
    id_key: str,
    medication: Mapping[str, Any] | None = None,
) -> Reported:
    """Turn ``request``, pulled from the FHIR server at ``base``, into a reported medication of our patient ``subject``.

    ``medication`` is the Medication that it refers to, where that isn't contained. Ids derive from ``id_key`` and where
    it comes from: the same request always becomes the same resource, and each of its versions has one Provenance, with
    ``at`` as the time of recording. Nothing is made of a request that holds a modifier nobody here knows, whose
    medicine can't be told, or that is no order or plan.
    """
    maker = _Maker(request, base, medication)
    reported = maker.reported(subject, id_key)
    if reported is None:
        return Reported([], maker.issues)
    return Reported([reported, maker.provenance(reported, id_key, at)], maker.issues)


def derived_id(id_key: str, *parts: str) -> str:
    """Return the id (32 hexadecimal digits) of what another system calls ``parts``; only the key's holder can tell."""
    return hmac.digest(id_key.encode(), "\n".join(("ehr", *parts)).encode(), "sha256")[:16].hex()


class _Maker:
    """Makes both resources of one request, which is foreign JSON: any part of it may be missing or of another kind."""

    def __init__(self, request: Mapping[str, Any], base: str, medication: Mapping[str, Any] | None) -> None:
        self._request = request
        self._address = f"{base}/MedicationRequest/{text(request, 'id')}"
        self._medication = medication
        self._source = {"type": "Organization", "identifier": {"system": URI, "value": base}, "display": host_of(base)}
        self.issues: list[Issue] = []

    def reported(self, subject: str, id_key: str) -> dict[str, Any] | None:
        """Return the reported medication, or None with the reason in ``issues``."""
        request = self._request
        refused = self._refused()
        what = None if refused else self._what()
        if what is None:
            rule, element = refused or ("ehr-no-medication", "medication[x]")
            self.issues.append(issue(rule, f"MedicationRequest.{element}"))
            return None
        status = _STATUSES[text(request, "status")]
        told = {name: request[name] for name in _KEPT if name in request} | what
        if status in _ENDED and "statusReason" not in told:
            told["statusReason"] = {"text": f"The source says: {request['status']}."}
        reasons = [target for target in objects(request, "reasonReference") if text(target, "display")]
        if reasons:
            told["reasonCode"] = [*objects(told, "reasonCode"), *({"text": target["display"]} for target in reasons)]
        made = {
            "resourceType": "MedicationRequest",
            "id": derived_id(id_key, self._address),
            "meta": {"source": self._address, "profile": list(_MEDICATION)},
            "identifier": [*objects(request, "identifier"), {"system": URI, "value": self._address}],
            "status": status,
            "intent": "plan",
            "category": self._categories(),
            "reportedReference": self._source,
            "subject": {"reference": subject},
            **_without_addresses(told),
        }
        return add_labels(made, high_water_mark([request, *([self._medication] if self._medication else [])]))

    def provenance(self, reported: Mapping[str, Any], id_key: str, at: datetime) -> dict[str, Any]:
        """Return the Provenance of ``reported`` as it came in this version of the request."""
        version = text(self._request, "meta", "versionId")
        what = f"{self._address}/_history/{version}" if version else self._address
        author = reported.get("requester")
        made = {
            "resourceType": "Provenance",
            "id": derived_id(id_key, "Provenance", what, text(self._request, "meta", "lastUpdated")),
            "meta": {"profile": list(_PROVENANCE)},
            "target": [{"reference": f"MedicationRequest/{reported['id']}"}],
            "recorded": at.isoformat(),
            "agent": [
                {
                    "type": _concept(_PARTICIPANT, "author"),
                    "who": author or self._source,
                    **({"onBehalfOf": self._source} if author else {}),
                },
                {
                    "type": _concept(f"{_US_CORE}/CodeSystem/us-core-provenance-participant-type", "transmitter"),
                    "who": self._source,
                },
            ],
            "entity": [{"role": "source", "what": {"reference": what}}],
        }
        return add_labels(made, high_water_mark([reported]))

    def _refused(self) -> tuple[str, str] | None:
        """Return the rule by which nothing is made of the request, and the element that it is about."""
        if _has_modifiers(self._request) or _has_modifiers(self._medication):
            return "ehr-modifier", "modifierExtension"
        if text(self._request, "intent") not in _INTENTS:
            return "ehr-intent", "intent"
        if text(self._request, "status") not in _STATUSES:
            return "ehr-status", "status"
        return None

    def _what(self) -> dict[str, Any] | None:
        """Return medication[x]; the Medication is contained where its code alone doesn't say all of it."""
        if "medicationCodeableConcept" in self._request:
            return {"medicationCodeableConcept": self._request["medicationCodeableConcept"]}
        target = part(self._request, "medicationReference")
        inside = {f"#{text(found, 'id')}": found for found in objects(self._request, "contained")}
        medication = inside.get(text(target, "reference"), self._medication) or {}
        held = {name: medication[name] for name in ("code", "status", *_PARTS) if name in medication}
        ingredients = list(self._ingredients(objects(medication, "ingredient")))
        held = {name: value for name, value in (held | {"ingredient": ingredients}).items() if value}
        if not held.keys().isdisjoint(_PARTS):
            contained = {"resourceType": "Medication", "id": "medication", **held}
            return {"contained": [contained], "medicationReference": {"reference": "#medication"}}
        if "code" in held:
            return {"medicationCodeableConcept": held["code"]}
        if text(target, "display"):
            self.issues.append(issue("ehr-medication-by-name", "MedicationRequest.medication[x]"))
            return {"medicationCodeableConcept": {"text": text(target, "display")}}
        return None

    def _ingredients(self, ingredients: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """Give ingredients by what they are called; one that only refers to something there is left out and told."""
        for ingredient in ingredients:
            told = {name: value for name, value in ingredient.items() if name != "itemReference"}
            display = text(ingredient, "itemReference", "display")
            if "itemCodeableConcept" in told:
                yield told
            elif display:
                yield told | {"itemCodeableConcept": {"text": display}}
            else:
                self.issues.append(issue("ehr-ingredient", "Medication.ingredient.item[x]"))

    def _categories(self) -> list[dict[str, Any]]:
        coded = [
            category
            for category in objects(self._request, "category")
            if any(coding.get("system") == MEDICATION_REQUEST_CATEGORY for coding in objects(category, "coding"))
        ]
        return coded or [_concept(MEDICATION_REQUEST_CATEGORY, "community")]


def _has_modifiers(value: Any) -> bool:
    """Whether something in ``value`` changes the meaning of the rest."""
    if isinstance(value, dict):
        named = any(value.get(name) for name in ("modifierExtension", "implicitRules"))
        return named or any(_has_modifiers(part_) for part_ in value.values())
    return isinstance(value, list) and any(_has_modifiers(part_) for part_ in value)


def _without_addresses(value: Any) -> Any:
    """Return ``value`` with each Reference reduced to what it displays or numbers; empty ones are left out."""
    if isinstance(value, list):
        return [kept for kept in map(_without_addresses, value) if kept not in ({}, [])]
    if not isinstance(value, dict):
        return value
    is_address = isinstance(value.get("reference"), str) and not value["reference"].startswith("#")
    kept = {
        name: _without_addresses(part_) for name, part_ in value.items() if not (is_address and name == "reference")
    }
    return {name: part_ for name, part_ in kept.items() if part_ not in ({}, [])}


def _concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}
