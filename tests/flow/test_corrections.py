"""Records that come again, through the store: new versions of the same resources; in error what is said no more."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import app
from fhir_iop.errors import Refused
from fhir_iop.fhir import json
from fhir_iop.flow import to_resources
from fhir_iop.store import Query, Write
from tests.web.conftest import clock, ids, settings_in

GOLDEN = Path(__file__).parent.parent / "mapping" / "golden"
CHECK_IN = {
    "record": "check-in",
    "id": "ci-1",
    "patient": "pt-1",
    "at": "2026-03-02T15:04",
    "mood": 3,
    "craving": {"rating": 7},
    "side_effects": [
        {"symptom": {"text": "nausea"}, "medicines": ["prescription/rx-1"], "severity": "mild"},
        {"symptom": {"text": "dry mouth"}, "medicines": ["prescription/rx-1"], "severity": "mild"},
    ],
}


@pytest.fixture
def services(tmp_path: Path) -> Iterator[app.Services]:
    joined = app.join(settings_in(tmp_path), clock=clock(), ids=ids())
    yield joined
    joined.store.close()


def sent(services: app.Services, *records: dict[str, Any]) -> dict[str, tuple[int, dict[str, Any]]]:
    """Send records; return what is written, by the value of the identifier, with its version."""
    found = services.flow.submit_records(list(records), "test").stored
    return {_value(one.resource): (one.version, one.resource) for one in found}


def _value(resource: dict[str, Any]) -> str:
    identifier = resource["identifier"]
    return str((identifier[0] if isinstance(identifier, list) else identifier)["value"])


def stored(services: app.Services, type_: str) -> list[dict[str, Any]]:
    return [one.resource for one in services.store.search(Query(type_, (), count=500)).matches]


def test_changed_content_makes_a_new_version_of_the_same_resource(services: app.Services) -> None:
    first = sent(services, CHECK_IN)
    again = sent(services, CHECK_IN)
    assert {value: version for value, (version, _) in again.items()} == dict.fromkeys(first, 1), "nothing is new"
    changed = sent(services, {**CHECK_IN, "mood": 5, "status": "corrected"})
    version, mood = changed["ci-1/mood"]
    assert (version, mood["id"], mood["valueInteger"]) == (2, first["ci-1/mood"][1]["id"], 5)
    assert mood["status"] == "corrected"
    assert len(stored(services, "Observation")) == len(first)


def test_what_a_record_says_no_more_is_in_error(services: app.Services) -> None:
    sent(services, CHECK_IN)
    corrected = {name: value for name, value in CHECK_IN.items() if name != "craving"}
    corrected["side_effects"] = CHECK_IN["side_effects"][:1]
    found = sent(services, corrected)
    assert set(found) == {"ci-1/mood", "ci-1/side-effect/1", "ci-1/craving", "ci-1/side-effect/2"}
    for value in ("ci-1/craving", "ci-1/side-effect/2"):
        version, resource = found[value]
        assert (version, resource["status"]) == (2, "entered-in-error")
    assert found["ci-1/mood"][1]["status"] == "final"
    assert {version for version, _ in sent(services, corrected).values()} == {1}, "told once"
    back = services.mappings.to_records(stored(services, "Observation"))
    assert back.records == [services.mappings.normal(corrected)]
    returned = sent(services, CHECK_IN)
    assert (returned["ci-1/craving"][0], returned["ci-1/craving"][1]["status"]) == (3, "final")


@pytest.mark.parametrize("name", ["check-in", "drug-screen", "lab-result", "questionnaire", "treatment-plan", "visit"])
def test_a_withdrawn_record_makes_all_its_resources_in_error(name: str, services: app.Services) -> None:
    record = json.decode_object((GOLDEN / f"{name}.json").read_bytes())["record"]
    before = sent(services, record)
    after = sent(services, {**record, "status": "withdrawn"})
    assert after.keys() == before.keys()
    for value, (version, resource) in after.items():
        assert version == before[value][0] + 1
        assert resource.get("lifecycleStatus", resource.get("status")) == "entered-in-error", value


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("adverse-event", "AdverseEvent"),
        ("organization", "Organization"),
        ("patient", "Patient"),
        ("practitioner", "Practitioner"),
        ("provenance", "Provenance"),
    ],
)
def test_a_record_whose_resource_has_no_status_is_deleted_and_not_withdrawn(
    name: str, type_: str, services: app.Services
) -> None:
    record = json.decode_object((GOLDEN / f"{name}.json").read_bytes())["record"]
    first = services.flow.submit_records([record], "test").stored
    withdrawn = {**record, "status": "withdrawn"}
    with pytest.raises(Refused) as raised:
        services.flow.submit_records([withdrawn, CHECK_IN], "test")
    (found,) = raised.value.issues
    assert (found.rule, found.expression) == ("record-no-withdrawal", "/status")
    assert f"R4 gives {type_} no status" in found.details
    assert to_resources(services.mappings, withdrawn, lenient=True).resources == []
    assert stored(services, type_) == [one.resource for one in first if one.resource["resourceType"] == type_]
    assert stored(services, "Observation") == []

    gone = [Write({"resourceType": type_, "id": one["id"]}, deleted=True) for one in stored(services, type_)]
    services.flow.submit_writes(gone, agent="test")
    assert stored(services, type_) == []
    services.flow.submit_records([record], "test")
    assert [one["id"] for one in stored(services, type_)] == [write.resource["id"] for write in gone]


def test_withdrawn_and_told_less(services: app.Services) -> None:
    sent(services, CHECK_IN)
    bare = {name: value for name, value in CHECK_IN.items() if name not in {"craving", "side_effects"}}
    found = sent(services, {**bare, "status": "withdrawn"})
    assert len(found) == 4
    assert {resource["status"] for _, resource in found.values()} == {"entered-in-error"}


@pytest.mark.parametrize(
    ("at", "rule"),
    [("2026-03-08T02:30", "mapping-time-skipped"), ("2026-11-01T01:30", "mapping-time-twice")],
)
def test_a_local_time_that_cannot_be_meant_is_refused(at: str, rule: str, services: app.Services) -> None:
    with pytest.raises(Refused) as raised:
        sent(services, {**CHECK_IN, "at": at})
    assert {found.rule for found in raised.value.issues} == {rule}
    assert {found.expression for found in raised.value.issues} == {"/at"}
    assert stored(services, "Observation") == []
    (mood, *_) = sent(services, {**CHECK_IN, "at": f"{at}:00-05:00"}).values()
    assert mood[1]["effectiveDateTime"] == f"{at}:00-05:00"


def test_the_other_record_s_parts_are_left_alone(services: app.Services) -> None:
    sent(services, CHECK_IN, {**CHECK_IN, "id": "ci-11"})
    sent(services, {name: value for name, value in CHECK_IN.items() if name != "craving"})
    states = {_value(one): one["status"] for one in stored(services, "Observation")}
    assert states["ci-1/craving"] == "entered-in-error"
    assert states["ci-11/craving"] == "final"


VERIFIED = """
extends: check-in.yaml
fields:
  finding: {type: object, required: [text], properties: {text: {type: string}}}
systems:
  clinical: "{tho}/CodeSystem/condition-clinical"
  condition-category: "{tho}/CodeSystem/condition-category"
  allergy-clinical: "{tho}/CodeSystem/allergyintolerance-clinical"
  allergy-verification: "{tho}/CodeSystem/allergyintolerance-verification"
to:
  - resource: Condition
    role: finding
    with: finding
    rules:
      - use: of-a-patient
      - category = condition-category#problem-list-item "Problem List Item"
      - clinicalStatus = clinical#active "Active"
      - text <-> code.text
  - resource: AllergyIntolerance
    role: allergy
    with: finding
    rules:
      - use: protected
      - /patient -> patient | reference(patient)
      - clinicalStatus = allergy-clinical#active "Active"
      - verificationStatus = allergy-verification#confirmed "Confirmed"
      - text -> code.text
"""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[app.Services]:
    folder = tmp_path / "mappings"
    folder.mkdir()
    (folder / "site.yaml").write_text(VERIFIED, "utf-8")
    joined = app.join(settings_in(tmp_path, site_mappings=str(folder)), clock=clock(), ids=ids())
    yield joined
    joined.store.close()


def test_a_part_that_is_verified_is_in_error_by_its_verification(site: app.Services) -> None:
    """Such types have no status, and no clinical status either once they were entered in error (ait-2, con-5)."""
    record = CHECK_IN | {"part2": True}
    sent(site, record | {"finding": {"text": "Hand tremor"}})
    found = sent(site, record)
    for part in ("finding", "allergy"):
        version, resource = found[f"ci-1/{part}"]
        assert version == 2
        assert resource["verificationStatus"]["coding"][0]["code"] == "entered-in-error"
        assert "clinicalStatus" not in resource
    assert {version for version, _ in sent(site, record).values()} == {1}, "told once"
    types = ("Observation", "Condition", "AllergyIntolerance")
    back = site.mappings.to_records([one for type_ in types for one in stored(site, type_)])
    assert back.records == [site.mappings.normal(record)]


def test_a_status_of_a_prescription_may_be_withdrawn(services: app.Services) -> None:
    record = json.decode_object((GOLDEN / "prescription-status.json").read_bytes())["record"]
    sent(services, record)
    ((version, task),) = sent(services, record | {"status": "withdrawn"}).values()
    assert (version, task["status"]) == (2, "entered-in-error")
    assert services.mappings.to_records([task]).records[0]["status"] == "withdrawn"
