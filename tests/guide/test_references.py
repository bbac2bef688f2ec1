"""Methadone for opioid use disorder, and a medicine under 42 CFR Part 2, don't pass by being told by reference."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.validation import Validator

BASE = "https://example.org/fhir/iop/StructureDefinition/"
PROFILES = [BASE + "iop-controlled-substance", BASE + "iop-part2-record"]
RXNORM, SNOMED = "http://www.nlm.nih.gov/research/umls/rxnorm", "http://snomed.info/sct"


def concept(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


METHADONE = {"resourceType": "Medication", "id": "m", "code": concept(RXNORM, "864706")}
SERTRALINE = {"resourceType": "Medication", "id": "m", "code": concept(RXNORM, "312940")}
NALTREXONE = {"resourceType": "Medication", "id": "m", "code": concept(RXNORM, "1483744")}
OPIOIDS = {
    "resourceType": "Condition",
    "id": "c",
    "code": concept(SNOMED, "1336192000"),
    "subject": {"reference": "Patient/p"},
}
PAIN = OPIOIDS | {"code": {"text": "chronic pain"}}
ORDER = {
    "resourceType": "MedicationRequest",
    "status": "active",
    "intent": "order",
    "category": [concept("http://terminology.hl7.org/CodeSystem/medicationrequest-category", "community")],
    "subject": {"reference": "Patient/p"},
}


def contained(medication: dict[str, Any], condition: dict[str, Any]) -> tuple[dict[str, Any], Validator]:
    references = {"medicationReference": {"reference": "#m"}, "reasonReference": [{"reference": "#c"}]}
    order = ORDER | {"contained": [deepcopy(medication), deepcopy(condition)]} | references
    return order, Validator(Definitions.bundled())


def bundled(medication: dict[str, Any], condition: dict[str, Any]) -> tuple[dict[str, Any], Validator]:
    m, c = "urn:uuid:00000000-0000-4000-8000-00000000000a", "urn:uuid:00000000-0000-4000-8000-00000000000c"
    order = ORDER | {"meta": {"profile": PROFILES}}
    order |= {"medicationReference": {"reference": m}, "reasonReference": [{"reference": c}]}
    entries = [{"resource": order}, {"fullUrl": m, "resource": medication}, {"fullUrl": c, "resource": condition}]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}, Validator(Definitions.bundled())


def stored(medication: dict[str, Any], condition: dict[str, Any]) -> tuple[dict[str, Any], Validator]:
    store = {"Medication/m": medication, "Condition/c": condition}
    references = {
        "medicationReference": {"reference": "Medication/m"},
        "reasonReference": [{"display": "why"}, {"reference": "Condition/c"}],
    }
    return ORDER | references, Validator(Definitions.bundled(), look_up=store.get)


Way = Callable[[dict[str, Any], dict[str, Any]], tuple[dict[str, Any], Validator]]
WAYS = pytest.mark.parametrize("way", [contained, bundled, stored])


def found(way: Way, medication: dict[str, Any], condition: dict[str, Any]) -> list[tuple[str, str]]:
    resource, validator = way(medication, condition)
    issues = validator.validate(resource, PROFILES if resource["resourceType"] == "MedicationRequest" else ())
    assert issues == Validator(validator.definitions, look_up=validator._quick.expectations.outside.look_up).validate(
        deepcopy(resource), PROFILES if resource["resourceType"] == "MedicationRequest" else ()
    )
    return [(each.rule, each.severity) for each in issues if each.rule in {"iop-cs-4", "iop-p2-1"}]


@WAYS
def test_methadone_for_opioid_use_disorder_is_seen(way: Way) -> None:
    assert found(way, METHADONE, OPIOIDS) == [("iop-cs-4", "error")]


@WAYS
def test_methadone_for_pain_and_another_medicine_pass(way: Way) -> None:
    assert found(way, METHADONE, PAIN) == []
    assert found(way, SERTRALINE, OPIOIDS) == []


@WAYS
def test_a_medicine_under_part_2_needs_its_label(way: Way) -> None:
    assert found(way, NALTREXONE, PAIN) == [("iop-p2-1", "error")]


def test_a_code_beside_a_reference_is_seen() -> None:
    order, validator = stored(METHADONE, OPIOIDS)
    coded = order | {"medicationCodeableConcept": METHADONE["code"]}
    del coded["medicationReference"]
    assert "iop-cs-4" in {each.rule for each in validator.validate(coded, PROFILES)}


def test_an_ingredient_is_seen() -> None:
    compound = {"resourceType": "Medication", "id": "m", "ingredient": [{"itemCodeableConcept": METHADONE["code"]}]}
    assert found(stored, compound, OPIOIDS) == [("iop-cs-4", "error")]


def test_what_the_order_says_itself_is_told_once() -> None:
    order, validator = stored(METHADONE, OPIOIDS)
    order |= {"medicationCodeableConcept": METHADONE["code"], "reasonCode": [OPIOIDS["code"]]}
    del order["medicationReference"]
    assert [each.rule for each in validator.validate(order, PROFILES)].count("iop-cs-4") == 1


def test_what_isnt_at_hand_or_has_another_shape_is_no_fault_of_its_own() -> None:
    order, _ = stored(METHADONE, OPIOIDS)
    for broken in (
        None,
        {"resourceType": "Medication", "code": 1},
        {"resourceType": "Patient"},
        {"code": {"coding": 3}},
    ):
        validator = Validator(Definitions.bundled(), look_up=lambda _, broken=broken: broken)  # type: ignore[misc]
        rules = {each.rule for each in validator.validate(order, PROFILES)}
        assert not rules & {"iop-cs-4", "iop-p2-1"}


@pytest.mark.parametrize("references", ["text", [1, None], {"reference": 1}])
def test_references_of_another_shape_are_left_to_the_rules_of_form(references: Any) -> None:
    order, validator = stored(METHADONE, OPIOIDS)
    found_ = validator.validate(order | {"reasonReference": references, "medicationReference": references}, PROFILES)
    assert "iop-cs-4" not in {each.rule for each in found_}
