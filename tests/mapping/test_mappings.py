"""The room's front: ids, folders of a site's own, threads, generated source."""

import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.errors import Unusable
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.formats import is_npi

from .conftest import KEY, ZONE, load

GOLDEN = Path(__file__).parent / "golden"
BO = {
    "record": "patient",
    "id": "pt-2",
    "name": {"family": "Example", "given": ["Bo"]},
    "sex": "male",
    "birth_date": "2000-12-31",
}


def with_key(key: str, zone: str = ZONE) -> Mappings:
    return Mappings.load([data.folder("mappings")], Definitions.bundled(), id_key=key, time_zone=zone)


def test_the_same_record_gives_the_same_ids(mappings: Mappings) -> None:
    assert mappings.to_fhir(BO).resources == with_key(KEY).to_fhir({**BO, "sex": "male"}).resources
    assert mappings.to_fhir(BO).resources[0]["id"] == mappings.to_fhir({**BO, "sex": "female"}).resources[0]["id"]


def test_another_key_gives_other_ids(mappings: Mappings) -> None:
    assert mappings.to_fhir(BO).resources[0]["id"] != with_key("another").to_fhir(BO).resources[0]["id"]


def test_ids_tell_records_kinds_and_parts_apart(mappings: Mappings) -> None:
    paths = GOLDEN.glob("*.json")
    ids = [resource["id"] for path in paths for resource in json.decode_object(path.read_bytes())["resources"]]
    assert len(ids) == len(set(ids))
    assert all(len(found) == 32 for found in ids)


def test_references_lead_to_what_the_other_record_becomes(mappings: Mappings) -> None:
    paths = [GOLDEN / f"{name}.json" for name in ("prescription", "visit", "questionnaire", "check-in", "consent")]
    made = {
        f"{resource['resourceType']}/{resource['id']}"
        for path in GOLDEN.glob("*.json")
        for resource in json.decode_object(path.read_bytes())["resources"]
    }
    for path in paths:
        for reference in _references(json.decode_object(path.read_bytes())["resources"]):
            known = reference["identifier"]["value"] not in {"rx-0", "dr-2", "org-3"}  # told of, not told
            assert (reference["reference"] in made) == known, reference


def _references(value: Any) -> Any:
    if isinstance(value, dict):
        if "reference" in value and isinstance(value["reference"], str):
            yield value
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def test_a_sites_file_takes_the_place_of_ours(tmp_path: Path, mappings: Mappings) -> None:
    text = (data.folder("mappings") / "patient.yaml").read_text("utf-8")
    (tmp_path / "patient.yaml").write_text(
        text.replace("- sex <-> gender", "- sex <-> gender\n      - maritalStatus.text = not asked")
    )
    site = load(data.folder("mappings"), tmp_path)
    assert site.to_fhir(BO).resources[0]["maritalStatus"] == {"text": "not asked"}
    assert site.to_records(site.to_fhir(BO).resources).records == [BO]
    assert "maritalStatus" not in mappings.to_fhir(BO).resources[0]


def test_a_sites_own_kind_of_record(tmp_path: Path) -> None:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://site.example/ride.schema.json",
        "type": "object",
        "required": ["record", "id", "on", "miles"],
        "properties": {
            "record": {"const": "ride"},
            "id": {"type": "string"},
            "on": {"type": "string", "format": "date"},
            "miles": {"type": "integer"},
            "secret": {"type": "string"},
        },
        "additionalProperties": False,
    }
    (tmp_path / "ride.schema.json").write_bytes(json.pretty(schema))
    (tmp_path / "ride.yaml").write_text(
        """
record: ride
from: ride.schema.json
include: [shared.yaml]
drop:
  secret: it is nobody else's business
to:
  - resource: Observation
    rules:
      - status = final
      - code.text = A ride to the program
      - on <-> effectiveDateTime
      - miles <-> valueInteger
"""
    )
    site = load(data.folder("mappings"), tmp_path)
    ride = {"record": "ride", "id": "r-1", "on": "2026-03-02", "miles": 7}
    mapped = site.to_fhir({**ride, "secret": "x"})
    assert mapped.issues == []
    assert mapped.resources[0]["valueInteger"] == 7
    assert site.to_records(mapped.resources).records == [ride]


def test_rules_that_only_read_and_rules_that_only_write(tmp_path: Path) -> None:
    for file in data.folder("mappings").iterdir():
        shutil.copy(file, tmp_path)
    path = tmp_path / "patient.yaml"
    text = path.read_text("utf-8").replace("- sex <-> gender", "- sex -> gender\n      - sex <- maritalStatus.text")
    path.write_text(text)
    mappings = load(tmp_path)
    (patient,) = mappings.to_fhir(BO).resources
    assert patient["gender"] == "male"
    assert "maritalStatus" not in patient
    patient["maritalStatus"] = {"text": "female"}
    assert mappings.to_records([patient]).records == [{**BO, "sex": "female"}]


def test_a_list_that_is_only_written_isnt_read_back(tmp_path: Path) -> None:
    text = (data.folder("mappings") / "prescription.yaml").read_text("utf-8")
    (tmp_path / "prescription.yaml").write_text(text.replace("- notes[] <-> note[].text", "- notes[] -> note[].text"))
    mappings = load(data.folder("mappings"), tmp_path)
    record = json.decode_object((GOLDEN / "prescription.json").read_bytes())["record"]
    made = mappings.to_fhir(record).resources
    assert made[0]["note"] == [{"text": note} for note in record.pop("notes")]
    back = mappings.to_records(made)
    assert (back.records, back.issues) == ([record], [])


def test_a_label_that_is_only_written(tmp_path: Path) -> None:
    text = (data.folder("mappings") / "shared.yaml").read_text("utf-8")
    (tmp_path / "shared.yaml").write_text(text.replace("- /part2 <-> meta", "- /part2 -> meta"))
    mappings = load(data.folder("mappings"), tmp_path)
    mapped = mappings.to_fhir({**BO, "part2": True})
    assert "security" in mapped.resources[0]["meta"]
    assert mappings.to_records(mapped.resources).records == [BO]


@pytest.mark.parametrize("zone", ["Nowhere/Here", "", "../etc/passwd"])
def test_an_unknown_time_zone(zone: str) -> None:
    with pytest.raises(Unusable):
        with_key(KEY, zone)


def test_the_programs_time_zone(mappings: Mappings) -> None:
    check_in = {"record": "check-in", "id": "ci", "patient": "p", "at": "2026-03-02T15:04", "mood": 3}
    assert mappings.to_fhir(check_in).resources[0]["effectiveDateTime"] == "2026-03-02T15:04:00-05:00"
    assert (
        with_key(KEY, "America/Denver").to_fhir(check_in).resources[0]["effectiveDateTime"]
        == "2026-03-02T15:04:00-07:00"
    )
    assert mappings.to_records(mappings.to_fhir(check_in).resources).records == [mappings.normal(check_in)]
    assert mappings.normal(check_in)["at"] == "2026-03-02T15:04:00-05:00"


def test_many_threads(mappings: Mappings) -> None:
    records = [json.decode_object(path.read_bytes())["record"] for path in sorted(GOLDEN.glob("*.json"))]
    expected = [mappings.to_fhir(record).resources for record in records]
    with ThreadPoolExecutor(8) as pool:
        for made in pool.map(lambda _: [mappings.to_fhir(record).resources for record in records], range(40)):
            assert made == expected


def test_nobody_who_changes_a_resource_changes_the_next_one(mappings: Mappings) -> None:
    def spoil(value: Any) -> None:
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for one in list(inner):
            spoil(one)
        if isinstance(value, dict | list):
            value.clear()

    for path in sorted(GOLDEN.glob("*.json")):
        golden = json.decode_object(path.read_bytes())
        record = golden["record"]
        mapped = mappings.to_fhir(record)
        for resource in mapped.resources:
            for name, value in resource.items():
                if not (isinstance(value, str) and value in record.values()):
                    spoil(value) if name != "dosageInstruction" else None
        assert mappings.to_fhir(json.decode_object(path.read_bytes())["record"]).resources == golden["resources"]


def test_the_generated_source_can_be_read(mappings: Mappings) -> None:
    source = mappings.source("prescription")
    compile(source, "prescription", "exec")
    assert "# prescription.yaml:" in source
    assert "def forward(r, issues):" in source
    assert "def backward(found, record_id, issues):" in source


@pytest.mark.parametrize("good", ["1000000004", "1234567893", "1000000129"])
def test_npi(good: str) -> None:
    assert is_npi(good)
    for position in range(10):
        changed = good[:position] + str((int(good[position]) + 1) % 10) + good[position + 1 :]
        assert not is_npi(changed)
    for bad in (good[:9], good + "0", "abcdefghij", "１２３４５６７８９３"):
        assert not is_npi(bad)
