"""One fault that several definitions or rules see is told once, by the one that says most."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.corpus import resources
from fhir_iop.validation import Validator
from tests.validation.made import bundle, coded, entry, observation, order, patient, questionnaire
from tests.validation.test_bundles import COMPOSITION, URN

SIDE_EFFECT = observation(
    code={"coding": [{"system": "https://example.org/fhir/iop/CodeSystem/iop-observation", "code": "side-effect"}]}
)
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
LOINC = "http://loinc.org"


def component(code: str, value: int) -> dict[str, Any]:
    pressure = {"value": value, "unit": "mmHg", "system": "http://unitsofmeasure.org", "code": "mm[Hg]"}
    return {"code": coded(LOINC, code), "valueQuantity": pressure}


# Held to two profiles that slice alike under other names: US Core's, which it claims, and R4's own, for its code.
PRESSURE = observation(
    meta={"profile": [US_CORE + "us-core-blood-pressure"]},
    category=[coded(CATEGORY, "vital-signs")],
    code=coded(LOINC, "85354-9"),
    subject={"reference": "Patient/invented-1"},
    effectiveDateTime="2024-03-04T05:06:07Z",
    component=[component("8480-6", 120), component("8462-4", 80)],
)
FIRST = "Observation.component[0].value.ofType(Quantity)"

BROKEN: list[tuple[str, Callable[[dict[str, Any]], Any], list[tuple[str, str]]]] = [
    ("no category", lambda bp: bp.pop("category"), [("slice-min", "Observation")]),
    ("another category", lambda bp: bp.update(category=[coded(CATEGORY, "survey")]), [("slice-min", "Observation")]),
    (
        "a category too many",
        lambda bp: bp["category"].append(bp["category"][0]),
        [("slice-max", "Observation.category[1]")],
    ),
    ("no diastolic pressure", lambda bp: bp["component"].pop(), [("slice-min", "Observation")]),
    (
        "a diastolic pressure too many",
        lambda bp: bp["component"].append(bp["component"][1]),
        [("slice-max", "Observation.component[2]")],
    ),
    (
        "neither pressure",
        lambda bp: bp.update(component=[component("8867-4", 60)]),
        [("slice-min", "Observation"), ("slice-min", "Observation")],
    ),
    (
        "a value of a type that isn't allowed",
        lambda bp: bp.update(effectiveInstant=bp.pop("effectiveDateTime")),
        [("type-not-allowed", "Observation.effective.ofType(instant)")],
    ),
    (
        "text where a Quantity is bound",
        lambda bp: bp["component"][0].update(valueString=str(bp["component"][0].pop("valueQuantity"))),
        [("type-not-allowed", "Observation.component[0].value.ofType(string)")],
    ),
    (
        "another unit than the fixed one",
        lambda bp: bp["component"][0]["valueQuantity"].update(code="kPa"),
        [("fixed", FIRST + ".code")],
    ),
    (
        "a subject that is neither profile's",
        lambda bp: bp.update(subject={"reference": "Practitioner/1"}),
        [("reference-target", "Observation.subject")],
    ),
]


@pytest.mark.parametrize(("change", "expected"), [case[1:] for case in BROKEN], ids=[case[0] for case in BROKEN])
def test_a_fault_that_two_profiles_see(
    validator: Validator, change: Callable[[dict[str, Any]], Any], expected: list[tuple[str, str]]
) -> None:
    broken = copy.deepcopy(PRESSURE)
    change(broken)
    found = [issue for issue in validator.validate(broken) if issue.severity != "information"]
    assert [(issue.rule, issue.expression) for issue in found] == expected
    assert len({issue.details for issue in found}) == len(found)


MEDICINE = coded("http://www.nlm.nih.gov/research/umls/rxnorm", "310325")
GARBLED: list[tuple[dict[str, Any], str, str]] = [
    (
        order(requester={"display": "x"}, medicationCodeableConcept={"coding": MEDICINE["coding"][0]}),
        "json-array",
        "MedicationRequest.medication.ofType(CodeableConcept).coding",
    ),
    (
        order(requester={"display": "x"}, medicationCodeableConcept={"coding": []}),
        "empty",
        "MedicationRequest.medication.ofType(CodeableConcept).coding",
    ),
    (
        observation(effectivePeriod={"start": "2024-02-30", "end": "2024-03-01"}),
        "primitive-format",
        "Observation.effective.ofType(Period).start",
    ),
    (observation(subject={"reference": " "}), "reference-form", "Observation.subject.reference"),
]


@pytest.mark.parametrize(("resource", "rule", "place"), GARBLED)
def test_what_a_fault_of_form_garbles_is_not_judged(
    validator: Validator, resource: dict[str, Any], rule: str, place: str
) -> None:
    is_order = resource["resourceType"] == "MedicationRequest"
    found = validator.validate(resource, [US_CORE + "us-core-medicationrequest"] if is_order else [])
    assert [(issue.rule, issue.expression) for issue in found] == [(rule, place)]


def test_of_a_period_no_precision_is_asked(validator: Validator) -> None:
    """The invariant vs-1, as its text has it, and as HL7's validator takes it."""
    period = {key: value for key, value in PRESSURE.items() if key != "effectiveDateTime"}
    assert validator.validate(period | {"effectivePeriod": {"start": "2024-03-04"}}) == []
    (found,) = validator.validate(PRESSURE | {"effectiveDateTime": "2024"})
    assert (found.rule, found.expression) == ("vs-1", "Observation.effective.ofType(dateTime)")


def test_the_blood_pressure_is_right_as_it_stands(validator: Validator) -> None:
    assert validator.validate(PRESSURE) == []


def test_a_target_is_told_by_the_profile_that_allows_least(validator: Validator) -> None:
    (found,) = validator.validate(PRESSURE | {"subject": {"reference": "Practitioner/1"}})
    assert "may lead only to Patient (" in found.details


def test_a_code_without_its_system_is_told_once(validator: Validator) -> None:
    category = [coded(None, "vital-signs")]
    warned = validator.validate(observation(category=category))
    assert [(issue.rule, issue.expression) for issue in warned] == [
        ("code-no-system", "Observation.category[0].coding[0]")
    ]
    refused = validator.validate(
        {
            "resourceType": "AllergyIntolerance",
            "patient": {"reference": "Patient/1"},
            "clinicalStatus": coded(None, "active"),
        }
    )
    assert [(issue.rule, issue.expression) for issue in refused] == [
        ("binding-required", "AllergyIntolerance.clinicalStatus")
    ]
    dose = {"doseQuantity": {"value": 1, "unit": "mg", "code": "mg"}}
    (unsystematic,) = validator.validate(order(dosageInstruction=[{"doseAndRate": [dose]}]))
    assert unsystematic.rule == "qty-3"


def test_an_extension_that_says_nothing_or_too_much_is_told_once(validator: Validator) -> None:
    url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    nothing, both = (
        {"url": url},
        {"url": url, "valueCode": "unknown", "extension": [{"url": url, "valueCode": "masked"}]},
    )
    assert [(issue.rule, issue.expression) for issue in validator.validate(observation(extension=[nothing]))] == [
        ("min", "Observation.extension[0]")
    ]
    assert [(issue.rule, issue.expression) for issue in validator.validate(observation(extension=[both]))] == [
        ("max", "Observation.extension[0].extension[0]")
    ]


def test_a_contained_resource_without_a_type_is_told_once(validator: Validator) -> None:
    resource = order(contained=[{"id": "a"}], recorder={"reference": "#a"})
    (found,) = validator.validate(resource)
    assert (found.rule, found.expression) == ("resource-type-missing", "MedicationRequest.contained[0]")


RACE = US_CORE + "us-core-race"


def race(part: str) -> dict[str, Any]:
    return {"url": RACE, "extension": [{"url": part, "valueString": "Invented"}]}


CONSEQUENCES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (
        PRESSURE | {"category": [coded(CATEGORY, "vital-signz")]},
        [("code-unknown", "Observation.category[0].coding[0].code")],
    ),
    (
        PRESSURE | {"category": [coded(CATEGORY, "vital signs ")]},
        [("primitive-format", "Observation.category[0].coding[0].code")],
    ),
    (
        patient(extension=[race("te xt")]),
        [("primitive-format", "Patient.extension[0].extension[0].url")],
    ),
    (
        observation(contained=[patient(id="a")], subject={"reference": " #a"}),
        [("reference-form", "Observation.subject.reference")],
    ),
    (
        observation(contained=[patient(id="a")], subject={"reference": 1}),
        [("json-type", "Observation.subject.reference")],
    ),
    (
        observation(contained=[patient(id="a"), patient(id="b")], subject={"reference": " #a"}),
        [("contained-orphan", "Observation.contained[1]"), ("reference-form", "Observation.subject.reference")],
    ),
]


@pytest.mark.parametrize(("resource", "expected"), CONSEQUENCES)
def test_what_follows_from_a_fault_is_not_told_beside_it(
    validator: Validator, resource: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    found = [issue for issue in validator.validate(resource) if issue.severity != "information"]
    assert [(issue.rule, issue.expression) for issue in found] == expected


def test_a_code_of_another_value_set_or_a_missing_element_hides_no_invariant(validator: Validator) -> None:
    """A refill of a Schedule II medicine is told, though the code isn't said to be one of the schedules."""
    guide = "https://example.org/fhir/iop/StructureDefinition/"
    schedule = {"url": guide + "controlled-substance-schedule", "valueCoding": {"code": "II"}}
    refilled = order(extension=[schedule], dispenseRequest={"numberOfRepeatsAllowed": 1})
    found = {issue.rule for issue in validator.validate(refilled, [guide + "iop-controlled-substance"])}
    assert {"binding-required", "iop-cs-1"} <= found
    unnamed = {issue.rule for issue in validator.validate(SIDE_EFFECT, [guide + "iop-side-effect-report"])}
    assert {"min", "iop-obs-3"} <= unnamed


LOST: list[tuple[dict[str, Any], str, str]] = [
    (
        order(contained=[{"resourceType": "Practitioner", "id": "a"}], recorder={"reference": "#b"}),
        "reference-contained",
        "MedicationRequest.recorder.reference",
    ),
    (
        order(contained=[{"resourceType": "Practitioner", "active": True}], recorder={"reference": "#b"}),
        "contained-id",
        "MedicationRequest.contained[0]",
    ),
    (
        bundle(
            "document",
            entry(URN + "a", COMPOSITION | {"subject": {"reference": "Patient/ada"}}),
            entry(URN + "b", patient(id="ada")),
            identifier={"system": "https://example.org", "value": "1"},
            timestamp="2025-01-01T00:00:00Z",
        ),
        "bundle-reference-differs",
        "Bundle.entry[0].resource.subject.reference",
    ),
    (
        bundle("collection", entry(URN + "a", observation(subject={"reference": URN + "b"})), {"resource": patient()}),
        "bundle-full-url",
        "Bundle.entry[1]",
    ),
    (
        {"resourceType": "MeasureReport", "status": "complete", "type": "summary", "measure": "Measure/a"}
        | {"period": {"start": "2025", "end": "2025"}},
        "canonical-relative",
        "MeasureReport.measure",
    ),
    (
        patient(extension=[{"url": "https://a.test/unknown", "extension": [{"url": "part", "valueString": "a"}]}]),
        "extension-unknown",
        "Patient.extension[0]",
    ),
]


@pytest.mark.parametrize(("resource", "rule", "place"), LOST)
def test_what_is_lost_is_told_at_one_end(validator: Validator, resource: dict[str, Any], rule: str, place: str) -> None:
    found = validator.validate(resource)
    assert [(issue.rule, issue.expression) for issue in found if issue.severity != "information"] == [(rule, place)]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside ``value``."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*path, key)
        yield from places(value[key], (*path, key))


WHOLE = [
    *resources(16, us_core=True),
    PRESSURE,
    observation(contained=[patient(id="a")], subject={"reference": "#a"}),
    bundle("transaction", {"resource": patient(), "request": {"method": "PUT", "url": "Patient/invented-1"}}),
    bundle(
        "document",
        entry(URN + "a", COMPOSITION | {"subject": {"reference": URN + "b"}}),
        entry(URN + "b", patient()),
        identifier={"system": "https://example.org", "value": "1"},
        timestamp="2025-01-01T00:00:00Z",
    ),
]
SPOTS = [(number, path) for number, whole in enumerate(WHOLE) for path in places(whole)]
DAMAGES: list[Callable[[Any], Any]] = [
    lambda _: 12345, lambda _: None, lambda _: "", lambda _: {}, lambda _: [], lambda value: [value],
    lambda value: value[0] if isinstance(value, (list, str)) else value,
]  # fmt: skip


def damaged(whole: dict[str, Any], path: tuple[Any, ...], damage: int) -> dict[str, Any]:
    """Put another value where the path leads, or misspell the property's name."""
    changed = copy.deepcopy(whole)
    holder: Any = changed
    for key in path[:-1]:
        holder = holder[key]
    name = path[-1]
    if damage < len(DAMAGES):
        holder[name] = DAMAGES[damage](holder[name])
    elif isinstance(name, str) and len(name) > 2:
        holder[name + name[-1]] = holder.pop(name)
    return changed


@settings(max_examples=400)
@given(spot=st.sampled_from(SPOTS), damage=st.integers(0, len(DAMAGES)))
def test_one_damage_is_told_once(validator: Validator, spot: tuple[int, tuple[Any, ...]], damage: int) -> None:
    number, path = spot
    found = validator.validate(damaged(WHOLE[number], path, damage))
    assert len([issue for issue in found if issue.severity != "information"]) <= 1, found


@pytest.mark.parametrize("name", ["", " ", "a b", "\u00e4", "x" * 100])
def test_a_property_whose_name_is_none_takes_nothing_else_with_it(validator: Validator, name: str) -> None:
    whole = bundle("collection", total=1)
    assert {issue.rule for issue in validator.validate({**whole, name: 1})} >= {"unknown-element", "bdl-1"}
    inside = bundle("collection", {"fullUrl": URN + "a", "resource": patient(), name: {}}, total=1)
    assert {issue.rule for issue in validator.validate(inside)} >= {"unknown-element", "bdl-1"}


def test_an_answer_is_told_once(validator: Validator) -> None:
    answer = {"system": "http://terminology.hl7.org/CodeSystem/v2-0136", "code": "Y"}
    question = {"linkId": "a", "text": "Ready?", "type": "choice", "answerOption": [{"valueCoding": answer}]}
    asked = questionnaire(url="https://example.org/fhir/Questionnaire/q", item=[question])
    inside = {"linkId": "a", "answer": [{"valueCoding": answer}]}
    for change, rule in [
        ({"answer": [{"valueCoding": {"code": "Y"}}]}, "answer-option"),
        ({"answer": [{"valueCoding": answer | {"code": "unheard-of"}}]}, "code-unknown"),
        ({"text": ""}, "empty"),
        ({"text": " "}, "answer-question-text"),
        ({"item": [{"linkId": "b"}]}, "answer-item-outside"),
    ]:
        response = {
            "resourceType": "QuestionnaireResponse",
            "status": "completed",
            "questionnaire": asked["url"],
            "item": [inside | change],
        }
        issues = validator.validate(response, questionnaires=[asked])
        assert [issue.rule for issue in issues if issue.severity != "information"] == [rule]
