"""Golden files: a record and the resources it becomes, both ways; one or more a kind, together every field."""

import json as standard_json
from pathlib import Path
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class

from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.shapes import Shape

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


def read(path: Path) -> dict[str, Any]:
    return json.decode_object(path.read_bytes())


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_forward(path: Path, mappings: Mappings) -> None:
    golden = read(path)
    mapped = mappings.to_fhir(golden["record"])
    assert mapped.issues == []
    assert mapped.resources == golden["resources"]
    assert json.encode(mapped.resources) == json.encode(golden["resources"]), "the order of elements, or a digit"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_back(path: Path, mappings: Mappings) -> None:
    golden = read(path)
    unmapped = mappings.to_records(golden["resources"])
    assert unmapped.issues == []
    assert unmapped.records == [golden["record"]]
    assert json.encode(unmapped.records) == json.encode([golden["record"]]), "the order of fields, or a digit"


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_the_resources_parse_with_fhir_resources(path: Path) -> None:
    for resource in standard_json.loads(path.read_text("utf-8"))["resources"]:
        get_fhir_model_class(resource["resourceType"]).model_validate(resource)


@pytest.mark.parametrize("kind", sorted({read(path)["record"]["record"] for path in GOLDEN}))
def test_the_golden_files_of_a_kind_show_every_field(kind: str, mappings: Mappings) -> None:
    shown = [record for path in GOLDEN if (record := read(path)["record"])["record"] == kind]
    assert list(_missing(mappings.compiled(kind).plan.context.root.shape, shown, kind)) == []


def test_every_kind_has_a_golden_file(mappings: Mappings) -> None:
    assert {read(path)["record"]["record"] for path in GOLDEN} == set(mappings.kinds)


def _missing(shape: Shape, shown: list[Any], where: str) -> Any:
    if shape.kind == "array" and shape.item is not None:
        yield from _missing(shape.item, [item for listed in shown for item in listed], where)
    for name in shape.properties:
        there = [record[name] for record in shown if name in record]
        if not there:
            yield f"{where}.{name}"
        inner = shape.field(name)
        assert inner is not None
        yield from _missing(inner, there, f"{where}.{name}") if there else ()
