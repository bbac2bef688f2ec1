"""Bindings of several definitions on one element: which of them speak, and that they speak once."""

from typing import Any

import pytest

from fhir_iop.definitions import Definitions, Membership
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator
from tests.validation.made import coded, observation, order, patient

CORE = "http://hl7.org/fhir/StructureDefinition/"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
MINE = "https://program.example.org/fhir/"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
STATUSES = "http://hl7.org/fhir/observation-status"
UCUM = "http://unitsofmeasure.org"


def profile(name: str, base: str, binding: dict[str, Any]) -> dict[str, Any]:
    element = {"id": "Observation.status", "path": "Observation.status", "binding": binding}
    return {
        "resourceType": "StructureDefinition",
        "url": MINE + name,
        "version": "1",
        "name": name,
        "status": "draft",
        "kind": "resource",
        "abstract": False,
        "type": "Observation",
        "baseDefinition": base,
        "derivation": "constraint",
        "differential": {"element": [element]},
    }


def value_set(name: str, *codes: str, system: str = STATUSES) -> dict[str, Any]:
    include = [{"system": system, "concept": [{"code": code} for code in codes]}]
    return {
        "resourceType": "ValueSet",
        "url": MINE + name,
        "version": "1",
        "name": name,
        "status": "draft",
        "compose": {"include": include},
    }


def required(name: str) -> dict[str, str]:
    return {"strength": "required", "valueSet": MINE + name}


@pytest.fixture(scope="module")
def narrowing(definitions: Definitions) -> Validator:
    resources = [
        value_set("whole", "final", "amended"),
        value_set("beyond", "final", "finished"),
        profile("narrow", CORE + "Observation", required("whole")),
        profile("wide", CORE + "Observation", required("beyond")),
    ]
    return Validator(definitions.with_packages(package_of(resources, "invented", "1")))


def faults(validator: Validator, resource: dict[str, Any], *profiles: str) -> list[tuple[str, str]]:
    found = validator.validate(resource, profiles)
    return [(issue.rule, issue.expression) for issue in found if issue.severity != "information"]


def test_a_code_outside_the_base_set_and_the_profiles_is_one_fault(narrowing: Validator) -> None:
    assert faults(narrowing, observation(status="bogus"), MINE + "narrow") == [
        ("binding-required", "Observation.status")
    ]
    (found,) = narrowing.validate(observation(status="bogus"), [MINE + "narrow"])
    assert MINE + "narrow" in found.details


def test_a_profile_narrows_a_required_set(narrowing: Validator) -> None:
    assert faults(narrowing, observation(status="cancelled"), MINE + "narrow") == [
        ("binding-required", "Observation.status")
    ]
    assert faults(narrowing, observation(status="final"), MINE + "narrow") == []


def test_a_profile_cannot_allow_a_code_that_the_base_forbids(narrowing: Validator) -> None:
    (found,) = narrowing.validate(observation(status="finished"), [MINE + "wide"])
    assert found.rule == "binding-required"
    assert "observation-status" in found.details
    assert faults(narrowing, observation(status="bogus"), MINE + "wide") == [("binding-required", "Observation.status")]


def test_an_extensible_set_of_the_base_gives_way_to_the_profiles(validator: Validator) -> None:
    condition = {
        "resourceType": "Condition",
        "clinicalStatus": coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active"),
        "category": [
            coded("http://terminology.hl7.org/CodeSystem/condition-category", "problem-list-item"),
            coded("http://hl7.org/fhir/us/core/CodeSystem/us-core-category", "sdoh"),
        ],
        "code": coded("http://snomed.info/sct", "445281000124101"),
        "subject": {"reference": "Patient/invented-1"},
    }
    claimed = US_CORE + "us-core-condition-problems-health-concerns"
    assert faults(validator, condition) == [("binding-extensible", "Condition.category[1]")]
    assert faults(validator, condition, claimed) == []


def test_one_value_set_is_asked_once_however_many_bind_it(validator: Validator) -> None:
    flow = {
        "code": coded("http://loinc.org", "3151-8"),
        "valueQuantity": {"value": 6, "unit": "L/min", "system": UCUM, "code": "L/min"},
    }
    saturation = observation(
        meta={"profile": [US_CORE + "us-core-pulse-oximetry"]},
        category=[coded(CATEGORY, "vital-signs")],
        code={"coding": [coded("http://loinc.org", code)["coding"][0] for code in ("59408-5", "2708-6")]},
        subject={"reference": "Patient/invented-1"},
        effectiveDateTime="2024-03-04",
        valueQuantity={"value": 95, "unit": "%", "system": UCUM, "code": "%"},
        component=[flow],
    )
    assert faults(validator, saturation) == [
        ("binding-extensible", "Observation.component[0].code"),
        ("binding-extensible", "Observation.component[0].value.ofType(Quantity)"),
    ]


def test_what_can_hold_no_code_is_not_asked_for_one(validator: Validator) -> None:
    referring = order(
        medicationCodeableConcept=None,
        medicationReference={"reference": "Medication/invented-5"},
        requester={"reference": "Practitioner/invented-6"},
        authoredOn="2024-03-04",
    )
    assert validator.validate(referring, [US_CORE + "us-core-medicationrequest"]) == []


def test_an_extension_is_held_to_the_version_that_its_profile_names(validator: Validator) -> None:
    sex = {"url": US_CORE + "us-core-birthsex", "valueCode": "F"}
    found = validator.validate(patient(extension=[sex]), [US_CORE + "us-core-patient|7.0.0"])
    assert [(issue.rule, "7.0.0" in issue.details) for issue in found] == [("binding-unchecked", True)]


def test_the_codes_and_their_system_are_told(validator: Validator) -> None:
    system = "https://terminology.example.org/a/rather/long/address/of/a/code-system/of/reasons"
    (found,) = validator.validate(observation(dataAbsentReason=coded(system, "x")))
    assert f"`x` of {system}" in found.details


def test_a_system_with_its_version_written_into_it_is_that_system(definitions: Definitions) -> None:
    mine = value_set("versioned", "final", system=STATUSES + "|4.0.1")
    known = definitions.with_packages(package_of([mine], "invented", "1"))
    assert known.membership(MINE + "versioned", STATUSES, "final") is Membership.MEMBER
    assert known.membership(MINE + "versioned", STATUSES, "amended") is Membership.NOT_MEMBER


def test_a_profile_that_reaches_into_a_data_type_speaks_in_its_place(validator: Validator) -> None:
    plan = {
        "resourceType": "CarePlan",
        "status": "active",
        "intent": "order",
        "subject": {"reference": "Patient/invented-1"},
        "category": [coded("http://hl7.org/fhir/us/core/CodeSystem/careplan-category", "assess-plan")],
        "text": {"status": "bogus", "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'},
    }
    (found,) = validator.validate(plan, [US_CORE + "us-core-careplan"])
    assert (found.rule, found.expression) == ("binding-required", "CarePlan.text.status")
    assert "us-core-narrative-status" in found.details


@pytest.mark.parametrize("code", ["mg", "1/d", "m.s"])
def test_how_long_a_supply_lasts_is_a_time(validator: Validator, code: str) -> None:
    lasting = {"value": 30, "unit": "invented", "system": UCUM, "code": code}
    timing = {"repeat": {"boundsDuration": lasting}}
    made = order(dispenseRequest={"expectedSupplyDuration": lasting}, dosageInstruction=[{"timing": timing}])
    places = ["MedicationRequest.dosageInstruction[0].timing.repeat.bounds.ofType(Duration)"]
    places.append("MedicationRequest.dispenseRequest.expectedSupplyDuration")
    for _ in range(3):  # it isn't taken for right from memory
        told = [found.expression for found in validator.validate(made) if found.rule == "binding-maximum"]
        assert told == places
    lasting["code"] = "d"
    assert not [found for found in validator.validate(made) if found.rule.startswith("binding")]
