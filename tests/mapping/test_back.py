"""The way back from resources that others had a hand in: nothing is lost silently, nothing breaks."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings

from .altering import kept, silent, spare

GOLDEN = Path(__file__).parent / "golden"


def golden(name: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    found = json.decode_object((GOLDEN / f"{name}.json").read_bytes())
    return found["record"], found["resources"]


def told(issues: list[Any]) -> list[tuple[str, str, str]]:
    return [(found.rule, found.severity, found.expression) for found in issues]


@pytest.fixture
def order() -> dict[str, Any]:
    return deepcopy(golden("prescription")[1][0])


def test_many_records_come_back_out_of_one_heap(mappings: Mappings) -> None:
    names = ["visit", "check-in", "prescription", "check-in-by-the-patient", "questionnaire"]
    heap = [resource for name in names for resource in golden(name)[1]]
    back = mappings.to_records(heap[::-1])
    assert back.issues == []
    assert sorted(record["id"] for record in back.records) == ["ci-1", "ci-2", "q-1", "rx-1", "v-1"]
    for name in names:
        assert golden(name)[0] in back.records


def test_what_a_server_and_a_label_add_is_no_matter(mappings: Mappings, order: dict[str, Any]) -> None:
    order["meta"] |= {"versionId": "3", "lastUpdated": "2026-03-02T15:04:00Z", "source": "#x", "tag": [{"code": "x"}]}
    order["meta"]["security"].append(
        {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
    )
    order["text"] = {"status": "generated", "div": "<div xmlns='http://www.w3.org/1999/xhtml'>x</div>"}
    order["id"] = "other"
    back = mappings.to_records([order])
    assert (back.issues, back.records) == ([], [golden("prescription")[0]])


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        (["priority"], "stat", ("mapping-unread", "warning", "MedicationRequest.priority")),
        (["_status"], {"id": "x"}, ("mapping-unread", "warning", "MedicationRequest._status")),
        (
            ["dispenseRequest", "initialFill"],
            {},
            ("mapping-unread", "warning", "MedicationRequest.dispenseRequest.initialFill"),
        ),
        (["doNotPerform"], True, ("mapping-unread", "warning", "MedicationRequest.doNotPerform")),
        (["modifierExtension"], [{"url": "x"}], ("mapping-modifier", "error", "MedicationRequest.modifierExtension")),
        (["implicitRules"], "x", ("mapping-modifier", "error", "MedicationRequest.implicitRules")),
        (["intent"], "plan", ("mapping-changed", "warning", "MedicationRequest.intent")),
        (["status"], "unknown", ("mapping-unknown", "warning", "MedicationRequest.status")),
        (["note", 0, "authorString"], "x", ("mapping-unread", "warning", "MedicationRequest.note[0].authorString")),
        (
            ["reasonReference", 0],
            {"display": "x"},
            ("mapping-unknown", "warning", "MedicationRequest.reasonReference[0]"),
        ),
        (["subject"], {"reference": "Patient/1"}, ("mapping-unknown", "warning", "MedicationRequest.subject")),
        (
            ["dosageInstruction", 1, "text"],
            "Take all of it",
            ("mapping-changed", "warning", "MedicationRequest.dosageInstruction[1].text"),
        ),
        (
            ["dosageInstruction", 0, "doseAndRate", 0, "doseQuantity", "comparator"],
            "<",
            ("mapping-unknown", "warning", "MedicationRequest.dosageInstruction[0].doseAndRate[0].doseQuantity"),
        ),
        (
            ["dosageInstruction", 0, "timing", "repeat", "count"],
            3,
            ("mapping-unread", "warning", "MedicationRequest.dosageInstruction[0].timing.repeat.count"),
        ),
        (
            ["dispenseRequest", "expectedSupplyDuration", "code"],
            "wk",
            ("mapping-unknown", "warning", "MedicationRequest.dispenseRequest.expectedSupplyDuration"),
        ),
        (
            ["extension", 0, "url"],
            "https://elsewhere.example/x",
            ("mapping-unknown", "warning", "MedicationRequest.extension[0]"),
        ),
        (
            ["category", 0, "coding", 0, "code"],
            "inpatient",
            ("mapping-unknown", "warning", "MedicationRequest.category[0]"),
        ),
    ],
)
def test_what_the_record_has_no_place_for_is_told(
    path: list[Any], value: Any, expected: tuple[str, str, str], mappings: Mappings, order: dict[str, Any]
) -> None:
    owner: Any = order
    for step in path[:-1]:
        owner = owner[step]
    owner[path[-1]] = value
    back = mappings.to_records([order])
    assert expected in told(back.issues)
    stopped = any(found.is_error for found in back.issues)
    assert bool(back.records) != stopped


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.json")))
def test_nothing_is_changed_silently(name: str, mappings: Mappings) -> None:
    record, resources = golden(name)
    assert silent(mappings, {"record": record, "resources": resources}) == []


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.json")))
def test_a_record_comes_back_without_what_is_spare(name: str, mappings: Mappings) -> None:
    record, resources = golden(name)
    found = spare(mappings, {"record": record, "resources": resources})
    assert found == kept()[name], "read what changed; `python -m tests.mapping.altering` writes it anew"


def test_a_second_item_where_the_record_has_one(mappings: Mappings, order: dict[str, Any]) -> None:
    order["dosageInstruction"][0]["doseAndRate"].append({"doseQuantity": {"value": 1}})
    back = mappings.to_records([order])
    expected = ("mapping-unknown", "warning", "MedicationRequest.dosageInstruction[0].doseAndRate[1]")
    assert expected in told(back.issues)
    assert back.records == [golden("prescription")[0]]


def test_a_resource_of_somebody_else(mappings: Mappings, order: dict[str, Any]) -> None:
    order["identifier"] = [{"system": "https://elsewhere.example", "value": "rx-1"}, "x", {"system": 5}]
    back = mappings.to_records([order, {"resourceType": "Patient"}, 5, {}])  # type: ignore[list-item]
    assert back.records == []
    assert told(back.issues) == [
        ("mapping-not-ours", "warning", "MedicationRequest"),
        ("mapping-not-ours", "warning", "Patient"),
        ("mapping-not-ours", "warning", "value"),
        ("mapping-not-ours", "warning", "resource"),
    ]


@pytest.mark.parametrize("value", ["q-1/unknown", "q-1/score/1", "q-1/score/1/2"])
def test_a_part_that_no_record_has(value: str, mappings: Mappings) -> None:
    resource = deepcopy(golden("questionnaire")[1][1])
    resource["identifier"][0]["value"] = value
    assert told(mappings.to_records([resource]).issues) == [
        ("mapping-role-unknown", "warning", "Observation.identifier")
    ]


def test_a_record_without_its_main_resource(mappings: Mappings) -> None:
    back = mappings.to_records(golden("questionnaire")[1][1:])
    assert back.records == []
    assert told(back.issues) == [("mapping-part-missing", "error", "QuestionnaireResponse")]


def test_two_places_that_differ(mappings: Mappings) -> None:
    record, resources = golden("check-in")
    resources = deepcopy(resources)
    resources[1]["effectiveDateTime"] = "2030-01-01T00:00:00Z"
    back = mappings.to_records(resources)
    assert ("mapping-differs", "warning", "Observation.effectiveDateTime") in told(back.issues)
    assert back.records == [record]


def test_a_record_that_its_schema_refuses(mappings: Mappings, order: dict[str, Any]) -> None:
    del order["authoredOn"]
    back = mappings.to_records([order])
    assert back.records == []
    assert ("record-missing", "error", "") in told(back.issues)


FOUND_BY = {"resourceType", "identifier"}
GARBAGE = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2) | st.just({"a": 1})


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_nothing_that_comes_back_breaks_it(data: st.DataObject, mappings: Mappings) -> None:
    resource = deepcopy(golden(data.draw(st.sampled_from(["prescription", "consent", "treatment-plan"])))[1][0])
    owner: Any = resource
    while True:
        keys = [*owner] if isinstance(owner, dict) else [*range(len(owner))]
        key = data.draw(st.sampled_from([key for key in keys if owner is not resource or key not in FOUND_BY]))
        if not isinstance(owner[key], dict | list) or not owner[key] or data.draw(st.booleans()):
            break
        owner = owner[key]
    owner[key] = data.draw(GARBAGE)
    back = mappings.to_records([resource])
    assert back.issues or back.records


def test_a_sentence_that_a_patient_said_stays_in_words(mappings: Mappings) -> None:
    """It may be one of ours to the letter; the record says it in words all the same."""
    record, resources = golden("reported-medication-in-words")
    said = record | {"taken": "Take 1 tablet by mouth once a day."}
    assert mappings.to_records(mappings.to_fhir(said).resources).records == [said]
    assert resources[0]["dosageInstruction"][0]["text"] == record["taken"]
