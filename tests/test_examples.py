"""The examples are golden: exact, complete, valid, readable by fhir.resources, told in time, and back to records."""

import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner

from fhir_iop import data, instruments
from fhir_iop.cli.validate import command as validate
from fhir_iop.fhir import json
from fhir_iop.fhir.models import view
from fhir_iop.issue import Issue
from fhir_iop.mapping import Mappings
from tests.examples.bulk import FOLDER as BULK
from tests.examples.files import INDEX, made, written_by_hand
from tests.examples.findings import explanations, worse_than_information
from tests.examples.shown import claimed, concepts, showing, shown
from tests.examples.stories import EXAMPLES, STORIES, moment, records_of
from tests.served import server

GUIDE = data.folder("profiles") / "iop"
MADE = made()
FILES = sorted(MADE)
RESOURCES = [path for path in FILES if path.suffix == ".json"]
BUNDLES = [path for path in RESOURCES if path.name == "resources.json"]


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@cache
def read(path: Path) -> dict[str, Any]:
    return json.decode_object(path.read_bytes())


@cache
def found_in(path: Path) -> tuple[Issue, ...]:
    return tuple(worse_than_information(read(path)))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_each_file_is_what_it_follows_from(path: Path) -> None:
    assert path.read_bytes() == MADE[path], "run `python -m tests.examples` and read the difference"


def test_no_file_is_an_orphan() -> None:
    there = {path for folder in (*STORIES, BULK) for path in folder.iterdir() if not written_by_hand(path)}
    assert there | {INDEX} == set(FILES)


def test_each_story_holds_a_message_that_was_answered() -> None:
    with_messages = {path.parent.name for path in FILES if path.name.endswith(".answer.json")}
    assert with_messages == {story.name for story in STORIES} - {"00-program"}


# --- valid ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", RESOURCES, ids=name_of)
def test_each_resource_is_valid_and_each_warning_explained(path: Path) -> None:
    unexplained = [found for found in found_in(path) if not any(each.explains(found) for each in explanations())]
    assert unexplained == []
    assert not any(found.is_error for found in found_in(path))


def test_each_explanation_has_its_warning() -> None:
    found = [each for path in (*RESOURCES, *(EXAMPLES / "guide").glob("*.json")) for each in found_in(path)]
    assert [told.name for told in explanations() if not any(map(told.explains, found))] == []


@pytest.mark.parametrize("path", RESOURCES, ids=name_of)
def test_fhir_resources_reads_it_too(path: Path) -> None:
    assert view(read(path)).get_resource_type() in {"Bundle", "Task"}


def test_fhir_iop_validate_finds_no_error_in_the_ndjson() -> None:
    result = CliRunner().invoke(validate, ["--format", "json", str(BULK)])
    assert result.exit_code == 0, result.output[:2000]
    assert '"severity": "error"' not in result.output


# --- what they show ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("concept", concepts(), ids=lambda each: str(each["id"]))
def test_a_story_shows_the_concept(concept: dict[str, Any]) -> None:
    assert showing(concept, shown(MADE))


def test_there_are_40_concepts() -> None:
    assert len(concepts()) == 40


def test_every_profile_of_the_guide_is_claimed() -> None:
    profiles = [json.decode_object(path.read_bytes()) for path in GUIDE.glob("StructureDefinition-iop-*.json")]
    wanted = {each["url"] for each in profiles if each["type"] != "Extension"}
    told = {profile for path in RESOURCES for one in _held(read(path)) for profile in claimed(one)}
    base = {each["url"] for each in profiles if each["name"] == "IOPDrugScreen"}  # what its three kinds have in common
    assert wanted - told == base


def _held(resource: dict[str, Any]) -> list[dict[str, Any]]:
    return [resource, *(entry["resource"] for entry in resource.get("entry", ()))]


def test_the_index_leads_to_what_is_there() -> None:
    links = re.findall(r"\]\(([^)]+)\)", INDEX.read_text("utf-8"))
    assert [link for link in links if not (EXAMPLES / link).exists()] == []
    linked = {EXAMPLES / link for link in links}
    assert {path for path in FILES if path != INDEX} - linked == set()


# --- told in time, and whole ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_a_story_is_told_in_the_order_of_time(story: Path) -> None:
    told = [(time, record["id"]) for record in records_of(story) if (time := moment(record))]
    assert [(one, other) for one, other in pairwise(told) if other[0] < one[0]] == []


@pytest.mark.parametrize("path", BUNDLES, ids=name_of)
def test_references_lead_to_the_story_or_the_program(path: Path) -> None:
    there = {
        f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
        for bundle in (path, BUNDLES[0])
        for entry in read(bundle)["entry"]
    }
    assert [reference for reference in _references(read(path)) if reference not in there] == []


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        for inner in value.values():
            yield from _references(inner)


def digits(value: Any) -> Any:
    """Return ``value`` with its numbers as they are written: 1.30 is equal to 1.3, and says another thing."""
    if isinstance(value, dict):
        return {name: digits(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [digits(inner) for inner in value]
    return json.encode(value)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_resources_say_what_the_records_said(story: Path, bundled_mappings: Mappings) -> None:
    assert [found for record in records_of(story) for found in bundled_mappings.to_fhir(record).issues] == []
    back = bundled_mappings.to_records([entry["resource"] for entry in read(story / "resources.json")["entry"]])
    assert [found for found in back.issues if found.is_error] == []
    by_id = {(record["record"], record["id"]): record for record in back.records}
    for record in records_of(story):
        assert digits(by_id[record["record"], record["id"]]) == digits(instruments.scored(record)[0])


# --- their forms ------------------------------------------------------------------------------------------------------


def test_the_ndjson_holds_what_the_bundles_hold() -> None:
    of_bundles = [json.encode(entry["resource"]) for path in BUNDLES for entry in read(path)["entry"]]
    of_lines = [line for path in BULK.iterdir() for line in path.read_bytes().splitlines()]
    assert sorted(of_lines) == sorted(of_bundles)
    for path in BULK.iterdir():
        assert {json.decode_object(line)["resourceType"] for line in path.read_bytes().splitlines()} == {path.stem}


def test_our_endpoint_takes_every_story_as_a_transaction(tmp_path: Path) -> None:
    with server(tmp_path) as running:
        for path in BUNDLES:
            headers = {"Content-Type": "application/fhir+json"}
            answer = requests.post(f"{running.url}/fhir", path.read_bytes(), headers=headers, timeout=60)
            assert answer.status_code == 200, answer.text[:2000]
            assert {entry["response"]["status"][:3] for entry in answer.json()["entry"]} == {"201"}
        assert running.get("/Patient").json()["total"] == len(STORIES) - 1
