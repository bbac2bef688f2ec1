"""Every element of every resource is explained once, by a rule that stands where it is said to, from a field there."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.making import record as made
from fhir_iop.mapping.reports.explaining import Explained, explain
from fhir_iop.mapping.reports.provenance import provenance
from fhir_iop.validation import Validator

from .conftest import place
from .test_generated import KINDS

GOLDEN = Path(__file__).parent / "golden"


def explained(mappings: Mappings, record: dict[str, Any]) -> list[Explained]:
    return explain(mappings.compiled(record["record"]).plan, record, mappings.to_fhir(record).resources)


def golden(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.decode_object((GOLDEN / f"{name}.json").read_bytes())["record"]
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_element_and_every_field_once(kind: str, mappings: Mappings) -> None:
    for seed in range(25):
        record = made(mappings.compiled(kind), Random(seed))
        found = explained(mappings, record)
        assert [one.resource for one in found] == mappings.to_fhir(record).resources
        pointers = {origin.pointer for one in found for origin in one.origins if origin.pointer}
        for one in found:
            paths = [origin.path for origin in one.origins]
            assert len(paths) == len(set(paths))
            told = {name: value for name, value in one.resource.items() if name != "resourceType"}
            for leaf in _paths(told, one.resource["resourceType"]):
                assert len([path for path in paths if _within(leaf, path)]) == 1, leaf
        for pointer, value in _pointers(record):
            covered = any(pointer == other or pointer.startswith(other + "/") for other in pointers)
            assert covered or pointer == "/record" or value is False, pointer


def _within(leaf: str, path: str) -> bool:
    return leaf == path or leaf.startswith((path + ".", path + "["))


def _paths(value: Any, way: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _paths(inner, f"{way}.{name}")
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from _paths(inner, f"{way}[{position}]")
    else:
        yield way


def _pointers(value: Any, way: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict | list):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _pointers(inner, f"{way}/{name}")
    else:
        yield way, value


def test_the_rule_stands_where_it_is_said_to(mappings: Mappings) -> None:
    for name in ("prescription", "check-in", "drug-screen", "consent"):
        for one in explained(mappings, golden(name)):
            for origin in one.origins:
                if origin.rule in {"id = identity()", "identifier = identity()", "what tells the slice"}:
                    continue
                if origin.rule.startswith("meta.profile"):
                    continue
                line = (data.folder("mappings") / origin.place.file).read_text("utf-8").splitlines()
                assert origin.rule in " ".join(line[origin.place.line - 1].split())


def test_fields_of_steps_are_told_with_their_position(mappings: Mappings) -> None:
    (one,) = explained(mappings, golden("prescription"))
    told = {origin.path: (origin.where, origin.pointer) for origin in one.origins}
    way = "MedicationRequest.dosageInstruction[1].doseAndRate[0].doseRange"
    assert told[way] == (place("dosing.yaml", "- dose_range <->"), "/steps/1/dose_range")
    assert told["MedicationRequest.intent"] == (place("prescription.yaml", "- intent = order"), "")
    assert told["MedicationRequest.extension[2].url"][1] == ""


def test_as_provenance(mappings: Mappings) -> None:
    record = golden("prescription")
    at = datetime(2026, 3, 2, 15, 4, tzinfo=UTC)
    (one,) = explained(mappings, record)
    found = provenance(one, "https://example.org/fhir/iop/sid/prescription", "rx-1", at)
    validator = Validator(Definitions.bundled(), unknown_profile="error")
    assert [issue for issue in validator.validate(found) if issue.is_error] == []
    assert found["target"] == [{"reference": f"MedicationRequest/{one.resource['id']}"}]
    assert found["recorded"] == "2026-03-02T15:04:00+00:00"
    assert len(found["entity"]) == len(one.origins)
    text = json.encode(found).decode()
    for value in ("Nausea", "Buprenorphine", "Call us", "SIG-1"):
        assert value not in text, "no value of the record is repeated"
