"""The example stories are golden: exact, complete, valid here and readable by fhir.resources, and back to records."""

from pathlib import Path
from typing import Any

import pytest

from fhir_iop import instruments
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.fhir.models import view
from fhir_iop.mapping import Mappings
from fhir_iop.validation import Validator
from tests.golden import STORIES, WRITTEN_BY_HAND, golden, records_of

GOLDEN = dict(golden())
FILES = sorted(GOLDEN)
VALIDATOR = Validator(Definitions.bundled(), unknown_profile="error")


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_each_file_is_what_the_records_make(path: Path) -> None:
    assert path.read_bytes() == GOLDEN[path], "run `python -m tests.golden` and read the difference"


def test_no_file_is_an_orphan() -> None:
    there = {path for story in STORIES for path in story.iterdir() if path.name not in WRITTEN_BY_HAND}
    assert there == set(FILES)


def test_each_story_holds_a_message_that_was_answered() -> None:
    with_messages = {path.parent.name for path in FILES if path.name.endswith(".answer.json")}
    assert with_messages == {story.name for story in STORIES} - {"00-program"}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_each_resource_is_valid(path: Path) -> None:
    resource = json.decode_object(path.read_bytes())
    assert [found for found in VALIDATOR.validate(resource) if found.is_error] == []


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_fhir_resources_reads_it_too(path: Path) -> None:
    assert view(json.decode_object(path.read_bytes())).get_resource_type() in {"Bundle", "Task"}


def digits(value: Any) -> Any:
    """Return ``value`` with its numbers as they are written: 1.30 is equal to 1.3, and says another thing."""
    if isinstance(value, dict):
        return {name: digits(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [digits(inner) for inner in value]
    return json.encode(value)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_the_resources_say_what_the_records_said(story: Path, bundled_mappings: Mappings) -> None:
    bundle = json.decode_object((story / "resources.json").read_bytes())
    back = bundled_mappings.to_records([entry["resource"] for entry in bundle["entry"]])
    assert [found for found in back.issues if found.is_error] == []
    by_id = {(record["record"], record["id"]): record for record in back.records}
    for record in records_of(story):
        assert digits(by_id[record["record"], record["id"]]) == digits(instruments.scored(record)[0])
