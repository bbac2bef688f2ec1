"""What is said to come back comes back, and what is said not to doesn't: held against records that are mapped."""

from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.reports.roundtrip import Return, proved, tried

from .conftest import load, place

GOLDEN = Path(__file__).parent / "golden"


def changed(tmp_path: Path, *changes: tuple[str, str], file: str = "prescription.yaml") -> Mappings:
    text = (data.folder("mappings") / file).read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / file).write_text(text, "utf-8")
    return load(data.folder("mappings"), tmp_path)


def test_a_record_that_is_refused_on_the_way_back(tmp_path: Path) -> None:
    site = changed(tmp_path, ("- days_supply <->", "- days_supply ->"))
    found = tried(site, "prescription", 40)
    assert set(found.differing) == {"days_supply", "(record-rule)"}, "a controlled substance needs it"


def told(mappings: Mappings, path: str, kind: str = "prescription") -> Return:
    return next(one for one in proved(mappings.compiled(kind).plan) if one.path == path)


def test_ours_come_back(mappings: Mappings) -> None:
    for kind in mappings.kinds:
        assert [one for one in proved(mappings.compiled(kind).plan) if one.comes == "not"] == []
        found = tried(mappings, kind, 25)
        assert (found.count, found.same, found.differing, found.seeds) == (25, 25, {}, ())


def test_exactly_and_in_normal_form(mappings: Mappings) -> None:
    assert told(mappings, "medicine.rxnorm") == Return(
        "medicine.rxnorm", "exactly", "", (place("prescription.yaml", "- medicine.rxnorm <->"),)
    )
    assert told(mappings, "written").why == "with its seconds and offset"
    assert told(mappings, "setting").why == "left out where it is `community`, which absence stands for"
    assert told(mappings, "part2").why == "left out where it is false, which absence stands for"
    assert "order" in told(mappings, "results.analyte", "drug-screen").why


def test_one_way_rules_and_dropped_fields(tmp_path: Path) -> None:
    site = changed(
        tmp_path,
        ("- notes[] <-> note[].text", "- notes[] -> note[].text"),
        ("- course <->", "- course <-"),
        ("include: [shared", "drop: {visit: it is told elsewhere}\ninclude: [shared"),
        ("      - visit <-> encounter | reference(visit)\n", ""),
    )
    assert told(site, "notes") == Return(
        "notes", "not", "its rules only write (`->`)", (place("prescription.yaml", "- notes[] <->"),)
    )
    assert "only read" in told(site, "course").why
    assert told(site, "visit").why == "dropped on purpose: it is told elsewhere"
    found = tried(site, "prescription", 40)
    assert set(found.differing) == {"notes", "course", "visit"}
    assert found.same + len(found.seeds) == 40
    again = tried(site, "prescription", 1, found.seeds[0])
    assert again.same == 0


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.json")), ids=lambda path: path.stem)
def test_what_comes_back_exactly_is_the_same_in_the_golden_files(path: Path, mappings: Mappings) -> None:
    record = json.decode_object(path.read_bytes())["record"]
    (back,) = mappings.to_records(mappings.to_fhir(record).resources).records
    for one in proved(mappings.compiled(record["record"]).plan):
        if one.comes == "exactly":
            steps = one.path.split(".")
            assert json.encode(_at(back, steps)) == json.encode(_at(record, steps)), one.path


def _at(value: Any, steps: list[str]) -> Any:
    if isinstance(value, list):
        return [_at(item, steps) for item in value]
    return _at(value.get(steps[0]), steps[1:]) if steps and isinstance(value, dict) else value


def test_an_object_that_may_be_empty_is_told(tmp_path: Path) -> None:
    schema = (data.folder("mappings") / "prescription.schema.json").read_text("utf-8")
    loose = json.decode_object(schema.encode())
    del loose["properties"]["status_reason"]["required"]
    (tmp_path / "prescription.schema.json").write_bytes(json.pretty(loose))
    site = load(data.folder("mappings"), tmp_path)
    empty = [one for one in proved(site.compiled("prescription").plan) if "object with no fields" in one.why]
    assert [one.path for one in empty] == ["status_reason"]
