"""Records that are refused: with a JSON pointer, and words for a person at a program; never with what they say."""

from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings

STEP = {"dose": {"amount": 1, "unit": "tablet"}, "times": 1, "every": {"amount": 1, "unit": "day"}}
RX = {
    "record": "prescription",
    "id": "rx-1",
    "patient": "pt-1",
    "status": "active",
    "medicine": {"name": "sertraline 25 MG Oral Tablet"},
    "written": "2026-03-02T15:04:00-05:00",
    "prescriber": "dr-1",
    "diagnoses": ["dx-1"],
    "steps": [STEP],
}
SECRET = "Secret Person"  # what a message must never repeat


def without(record: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name not in names}


@pytest.mark.parametrize(
    ("record", "pointer", "rule", "words"),
    [
        ({**RX, "colour": SECRET}, "/colour", "record-unknown", "There is no field `colour`."),
        ({**RX, "perscriber": SECRET}, "/perscriber", "record-unknown", "Did you mean `prescriber`?"),
        (without(RX, "prescriber"), "", "record-missing", "`prescriber` is missing. The practitioner who prescribes."),
        ({**RX, "status": SECRET}, "/status", "record-value", "must be one of: draft, active"),
        ({**RX, "status": "activ"}, "/status", "record-value", "Did you mean `active`?"),
        ({**RX, "refills": SECRET}, "/refills", "record-type", "`refills` must be a whole number."),
        ({**RX, "refills": -1}, "/refills", "record-minimum", "must be 0 or more"),
        ({**RX, "refills": 1000}, "/refills", "record-maximum", "must be 99 or less"),
        ({**RX, "steps": []}, "/steps", "record-fewest", "leave it out where there is none"),
        ({**RX, "notes": [" "]}, "/notes/0", "record-form", "Text that isn't empty"),
        ({**RX, "notes": ["a\x00b"]}, "/notes/0", "record-form", "no control characters"),
        ({**RX, "written": SECRET}, "/written", "record-form", "such as 2026-03-02T15:04"),
        ({**RX, "written": "2026-03-02T15:04:00-05:00\n"}, "/written", "record-form", "such as"),
        ({**RX, "valid_from": "2026-02-30"}, "/valid_from", "record-form", "A day, such as"),
        ({**RX, "diagnoses": ["dx-1", "dx-1"]}, "/diagnoses", "record-repeated", "the same thing twice"),
        ({**RX, "id": "a/b"}, "/id", "record-form", "1 to 64 letters"),
        (without(RX, "diagnoses"), "", "record-rule", "needs what it treats: diagnoses or indication"),
        ({**RX, "status": "stopped"}, "", "record-rule", "must give the status_reason"),
        ({**RX, "replaces": "rx-0"}, "", "record-rule", "replaces and change_reason go together"),
        ({**RX, "schedule": "IV"}, "", "record-rule", "needs quantity, days_supply and refills"),
        ({**RX, "steps": [STEP, STEP]}, "/steps", "record-rule", "step after step"),
        ({**RX, "steps": [STEP, {**STEP, "until": "2026-04-01"}]}, "/steps/0", "record-last", "`for` or `until`"),
        ({**RX, "steps": [without(STEP, "every")]}, "/steps/0", "record-rule", "times and every go together"),
        ({**RX, "steps": [without(STEP, "dose")]}, "/steps/0", "record-rule", "says its dose once"),
        ({**RX, "steps": [{**STEP, "as_needed": {"text": "x"}}]}, "/steps/0", "record-rule", "must name the maximum"),
        (
            {**RX, "valid_from": "2026-03-02", "valid_until": "2026-03-01"},
            "/valid_until",
            "record-order",
            "`valid_from`",
        ),
        ({**RX, "steps": [{**STEP, "times": 3, "times_max": 2}]}, "/steps/0/times_max", "record-order", "`times`"),
        ({**RX, "steps": [{**STEP, "every_max": 0.5}]}, "/steps/0/every_max", "record-order", "`every.amount`"),
        ({**RX, "written": "2026-03-08T02:30"}, "/written", "mapping-time-skipped", "America/New_York"),
        ({**RX, "evidence": ["check-in/ci-1/cravin"]}, "/evidence", "record-part", "they have: adherence, anxiety"),
        ({**RX, "record": "perscription"}, "/record", "record-kind", "Did you mean `prescription`?"),
        ({**RX, "record": SECRET}, "/record", "record-kind", "`…` is no kind"),
        ({**RX, "record": 5}, "/record", "record-no-kind", "Known: admission"),
        (without(RX, "record"), "/record", "record-no-kind", "its field `record` is missing"),
        ([RX], "", "record-object", "this is an array"),
        (5, "", "record-object", "this is a number"),
        (None, "", "record-object", "this is null"),
    ],
)
def test_what_is_refused(record: Any, pointer: str, rule: str, words: str, mappings: Mappings) -> None:
    mapped = mappings.to_fhir(record)
    assert mapped.resources == []
    told = [(found.expression, found.rule) for found in mapped.issues]
    assert (pointer, rule) in told, [(found.expression, found.rule, found.details) for found in mapped.issues]
    assert any(words in found.details for found in mapped.issues if found.rule == rule), mapped.issues[0].details
    assert all(SECRET not in found.details for found in mapped.issues)


def test_all_that_is_wrong_is_told_at_once(mappings: Mappings) -> None:
    record = {**without(RX, "written"), "refills": "x", "notes": [5]}
    assert len(mappings.to_fhir(record).issues) == 3


def test_unknown_fields_are_left_out_where_that_is_asked_for(mappings: Mappings) -> None:
    step = {**STEP, "mood": "good"}
    record = {**RX, "colour": "red", "steps": [STEP | {"for": {"amount": 7, "unit": "day"}}, step]}
    assert mappings.to_fhir(record).resources == []
    mapped = mappings.to_fhir(record, lenient=True)
    assert {(found.rule, found.severity, found.expression) for found in mapped.issues} == {
        ("record-ignored", "warning", "/colour"),
        ("record-ignored", "warning", "/steps/1/mood"),
    }
    del step["mood"]
    assert mapped.resources == mappings.to_fhir({**without(record, "colour")}).resources
    assert "colour" in record, "the record that was given is left as it is"


def test_other_faults_are_not_forgiven(mappings: Mappings) -> None:
    mapped = mappings.to_fhir({**RX, "colour": "red", "status": "x"}, lenient=True)
    assert mapped.resources == []
    assert {found.rule for found in mapped.issues} == {"record-unknown", "record-value"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(
    record=st.builds(
        lambda some, name, value: {**some, name: value}, st.just(RX), st.sampled_from([*RX, "steps"]), JSON
    )
)
def test_nothing_that_comes_in_breaks_it(record: dict[str, Any], mappings: Mappings) -> None:
    mapped = mappings.to_fhir(record)
    assert mapped.resources or any(found.is_error for found in mapped.issues)


# --- the schemas -----------------------------------------------------------------------------------------------------


def schemas() -> dict[str, dict[str, Any]]:
    paths = sorted(data.folder("mappings").glob("*.schema.json"))
    return {path.name: json.decode_object(path.read_bytes()) for path in paths}


@pytest.mark.parametrize("name", schemas())
def test_every_field_says_what_it_is(name: str) -> None:
    known = schemas()

    def walk(schema: dict[str, Any], where: str) -> None:
        for field, inner in schema.get("properties", {}).items():
            assert "description" in inner or "$ref" in inner or "const" in inner, f"{where}.{field}"
            walk(inner, f"{where}.{field}")
        for rule in schema.get("allOf", []):
            assert "description" in rule, f"{where}: a rule between fields without words"
        walk(schema["items"], where) if isinstance(schema.get("items"), dict) else None

    walk(known[name], name)
    for part in known[name].get("$defs", {}).values():
        walk(part, name)


@settings(max_examples=300, deadline=None)
@given(record=st.builds(lambda name, value: {**RX, name: value}, st.sampled_from([*RX, "notes", "refills"]), JSON))
def test_the_fast_check_agrees_with_the_reference_implementation(record: dict[str, Any], mappings: Mappings) -> None:
    assert mappings.compiled("prescription").validator.is_valid(record) == reference().is_valid(record)


@cache
def reference() -> Draft202012Validator:
    known = schemas()
    registry = Registry().with_resources([(s["$id"], Resource.from_contents(s)) for s in known.values()])
    return Draft202012Validator(known["prescription.schema.json"], registry=registry)
