"""What is wrong with a mapping is told when it is loaded: every kind of fault, with file, line, column, and a hint.

The cases are in ``load_errors.yaml``.
"""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from ruamel.yaml import YAML

from fhir_iop import data
from fhir_iop.errors import Unusable
from fhir_iop.issue import Issue
from fhir_iop.wording import CATALOGUE

from .conftest import load


class Case(NamedTuple):
    rule: str
    file: str
    old: str
    new: str
    words: str
    at: str


CASES = [
    Case(**{"words": "", "at": "", **case})
    for case in YAML(typ="safe").load(Path(__file__).with_name("load_errors.yaml"))
]


def problems(tmp_path: Path, case: Case) -> tuple[list[Issue], str]:
    """Load the mappings with the case's change; return the findings and where ``«`` stood."""
    folder = tmp_path / "mappings"
    shutil.copytree(data.folder("mappings"), folder)
    text = (folder / case.file).read_text("utf-8")
    assert case.old in text, f"{case.file} no longer holds {case.old!r}"
    changed = text.replace(case.old, case.new, 1)
    place = ""
    if "«" in changed or case.at:
        before = changed[: changed.index(case.at) if case.at else changed.rindex("«")].replace("«", "")
        place = f"{case.file}:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
    (folder / case.file).write_text(changed.replace("«", ""), "utf-8")
    with pytest.raises(Unusable) as raised:
        load(folder)
    return list(raised.value.issues), place


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}-{case.new[:30]}")
def test_a_fault_is_told_with_its_place(case: Case, tmp_path: Path) -> None:
    found, place = problems(tmp_path, case)
    told = [issue for issue in found if issue.rule == case.rule]
    assert told, [(issue.expression, issue.rule, issue.details) for issue in found]
    assert any(case.words in issue.details for issue in told), [issue.details for issue in told]
    for issue in told:
        file, line, column = issue.expression.split(":")
        assert (int(line), int(column)) == (issue.line, issue.column)
        assert file.endswith((".yaml", ".json"))
    if place:
        assert place in [issue.expression for issue in told]


def test_every_kind_of_fault_has_a_case() -> None:
    faults = {
        rule for rule, wording in CATALOGUE.items() if rule.startswith("mapping-") and wording.severity == "fatal"
    }
    elsewhere = {"mapping-file", "mapping-schema"}  # below
    assert {case.rule for case in CASES} == faults - elsewhere


def test_every_kind_of_fault_has_a_case_with_its_place() -> None:
    placed = {case.rule for case in CASES if case.at or "«" in case.new}
    assert {case.rule for case in CASES} - placed == set()


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    shutil.copytree(data.folder("mappings"), folder)
    for file in ("visit.yaml", "consent.yaml"):
        path = folder / file
        path.write_text(path.read_text("utf-8").replace("status <->", "statu <->"), "utf-8")
    with pytest.raises(Unusable) as raised:
        load(folder)
    assert {issue.expression.split(":")[0] for issue in raised.value.issues} == {"visit.yaml", "consent.yaml"}


@pytest.mark.parametrize(
    ("content", "rule", "words", "place"),
    [
        (b"\xff\xfe", "mapping-file", "not UTF-8", "1:1"),
        (b"", "mapping-yaml", "empty", "1:1"),
        (b"#" * 1_000_001, "mapping-file", "longer than", "1:1"),
        (b"[" * 60 + b"]" * 60, "mapping-yaml", "nested deeper", "1:42"),
        (b"a: &x [*x]", "mapping-alias", "`blocks:`", "1:4"),
        (b"a: &x 1\nb: *x", "mapping-alias", "", "1:4"),
        (b"a: *x", "mapping-yaml", "undefined alias", "1:4"),
        (b"--- 1\n--- 2", "mapping-yaml", "", "2:1"),
        (b"? [a]\n: b", "mapping-yaml", "a key must be a word", "1:3"),
        (b"record: .inf", "mapping-yaml", "quote it", "1:9"),
        (b"- 1", "mapping-grammar", "", "1:1"),
    ],
)
def test_a_file_that_is_no_mapping(content: bytes, rule: str, words: str, place: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(content)
    with pytest.raises(Unusable) as raised:
        load(data.folder("mappings"), tmp_path)
    found = raised.value.issues[0]
    assert (found.rule, found.expression) == (rule, f"bad.yaml:{place}")
    assert words in found.details


@pytest.mark.parametrize(
    ("content", "words", "place"),
    [
        (b"{", "not JSON", "1:2"),
        (b"[]", "an array", "1:1"),
        (b'{"$id": "x",\n "type": "strin"}', "$.type", "2:3"),
        (b'{"$id": "x", "properties": {\n  "a": {"enum": 5}}}', "$.properties.a.enum", "2:10"),
        (b'{"type": "object"}', "no $id", "1:1"),
        (b'{"$id": "x", "items":\n {"$ref": "#/$defs/none"}}', "leads nowhere: #/$defs/none", "2:4"),
        (b'{"$id": "x", "items": {"$ref": "elsewhere.schema.json"}}', "leads nowhere: elsewhere", "1:25"),
        (b'{"$id": "x", "$ref": "#"}', "leads nowhere", "1:15"),
        (
            b'{"$id": "x", "properties": {"from": {}},\n "ordered": [["from", "until"]]}',
            "`ordered` names no field: until",
            "2:24",
        ),
        (
            b'{"$id": "x", "properties": {"a": {"properties": {"high": {}}}},\n "ordered": [["a.hihg", "a.high"]]}',
            "Did you mean `high`?",
            "2:16",
        ),
    ],
)
def test_a_file_that_is_no_schema(content: bytes, words: str, place: str, tmp_path: Path) -> None:
    (tmp_path / "bad.schema.json").write_bytes(content)
    with pytest.raises(Unusable) as raised:
        load(data.folder("mappings"), tmp_path)
    (found,) = raised.value.issues
    assert (found.rule, found.expression) == ("mapping-schema", f"bad.schema.json:{place}")
    assert words in found.details


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"const": "reward"', '"const": "rewards"', "`record` is not the constant `reward`"),
        ('"const": "reward"', '"type": "string"', "`record` is not the constant `reward`"),
        ('"type": "object"', '"type": "array"', "a record is an object"),
        ('    "id",\n', "", "`id` is not required"),
        ('"$ref": "common.schema.json#/$defs/id"', '"type": "integer"', "`id` is not a string"),
        ('"given_by": {', '"given_by": {"type": "array", "items": {"$ref": "#"}},\n"given_too": {', "without end"),
    ],
)
def test_a_schema_that_is_none_of_the_record(old: str, new: str, words: str, tmp_path: Path) -> None:
    folder = tmp_path / "mappings"
    shutil.copytree(data.folder("mappings"), folder)
    schema = folder / "reward.schema.json"
    text = schema.read_text("utf-8")
    assert old in text
    schema.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(Unusable) as raised:
        load(folder)
    line = next(
        n for n, line in enumerate((folder / "reward.yaml").read_text("utf-8").splitlines(), 1) if "from:" in line
    )
    found = raised.value.issues[0]
    assert (found.rule, found.expression) == ("mapping-schema", f"reward.yaml:{line}:7")
    assert words in found.details


def test_a_folder_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(Unusable) as raised:
        load(data.folder("mappings"), tmp_path)
    assert raised.value.issues[0].rule == "mapping-file"
