"""What a profile's invariant asks of an order's codes it asks of what the order refers to for them, too.

What is ordered and why may be told by a code or by a reference (https://hl7.org/fhir/R4/medicationrequest.html). An
invariant sees the code alone. So one that looks at the medicine's code is asked again of the order as it would be with
the codes of the Medication, its ingredients and the Conditions in it, where these are at hand: contained, in the
Bundle, or where references are looked up. Methadone for opioid use disorder doesn't pass by a reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhirpath import FhirPathError
from fhir_iop.validation.rules.invariant import asked_of, not_held

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.frame import Frame
    from fhir_iop.validation.invariants import Invariant
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_LOOKS_AT_CODE: Final = "medication.ofType(CodeableConcept).coding"


def applies(expected: Expected) -> bool:
    """Whether values are orders of which an invariant asks what medicine it is."""
    return expected.type == "MedicationRequest" and bool(_looking(expected))


def quick(expected: Expected) -> Test:
    """Return whether an order tells all by codes, or its invariants hold of what it refers to as well."""
    expectations = expected.expectations

    def hold(value: dict[str, Any]) -> bool:
        if "medicationReference" not in value and "reasonReference" not in value:
            return True
        return next(_broken(value, expected, expectations.here.frame), None) is None

    return hold


def find(item: Item) -> Iterator[Finding]:
    """Yield a finding, by its own key, for each invariant that holds of the order and not of what it refers to."""
    for invariant in _broken(item.value, item.expected, item.frame):
        yield not_held(item, invariant)


def _looking(expected: Expected) -> list[Invariant]:
    return [one for one in asked_of(expected) if one.holds and _LOOKS_AT_CODE in one.constraint.expression]


def _broken(order: dict[str, Any], expected: Expected, frame: Frame) -> Iterator[Invariant]:
    in_codes = _in_codes(order, frame)
    if in_codes == order:
        return
    for invariant in _looking(expected):
        if _holds(invariant, order, frame) and not _holds(invariant, in_codes, frame):
            yield invariant


def _holds(invariant: Invariant, order: dict[str, Any], frame: Frame) -> bool:
    try:
        return invariant.holds is None or invariant.holds(order, frame.context)
    except FhirPathError:  # told where the invariant is asked of the order itself
        return True


def _in_codes(order: dict[str, Any], frame: Frame) -> dict[str, Any]:
    """Return the order with the codes of what it refers to; as it is where nothing of that is at hand."""
    told = dict(order)
    medication = _target(order.get("medicationReference"), "Medication", frame)
    if medication is not None:
        ingredients = medication.get("ingredient")
        listed = [one for one in _list(ingredients) if isinstance(one, dict)]
        inside = [_target(one.get("itemReference"), "Medication", frame) or {} for one in listed]
        concepts = [medication.get("code"), *(one.get("itemCodeableConcept") for one in listed)]
        concepts += [one.get("code") for one in inside]
        del told["medicationReference"]
        told["medicationCodeableConcept"] = {"coding": [coding for one in concepts for coding in _codings(one)]}
    conditions = (_target(one, "Condition", frame) for one in _list(order.get("reasonReference")))
    reasons = [{"coding": _codings(one.get("code"))} for one in conditions if one is not None]
    if reasons:
        told["reasonCode"] = [*_list(order.get("reasonCode")), *reasons]
    return told


def _target(reference: Any, type_: str, frame: Frame) -> dict[str, Any] | None:
    to = reference.get("reference") if isinstance(reference, dict) else None
    found = frame.resolve(to) if isinstance(to, str) else None
    return found if found is not None and found.get("resourceType") == type_ else None


def _codings(concept: Any) -> list[dict[str, Any]]:
    return [one for one in _list(concept.get("coding")) if isinstance(one, dict)] if isinstance(concept, dict) else []


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
