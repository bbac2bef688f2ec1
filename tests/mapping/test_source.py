"""Generated code: no field's name takes the place of a name that the code itself uses."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.forward import forward_source
from fhir_iop.mapping.source import _LOCALS, HELPERS, Writer

from .conftest import load

GOLDEN = Path(__file__).parent / "golden"
OWN = [
    "made",
    "found",
    "identity",
    "record_id",
    "known",
    "item",
    "r",
    "issues",
    "x",
    "lambda",
    "None",
    "enumerate",
    "len",
]
OVERLAY = """
extends: reward.yaml
fields:
  NAME: {type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}
to:
  - rules:
      - NAME.a <-> outcome.text
      - NAME.b <-> statusReason.text
"""


@pytest.mark.parametrize("name", [*OWN, *sorted(HELPERS)])
def test_a_field_may_have_any_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "site.yaml").write_text(OVERLAY.replace("NAME", name), "utf-8")
    ours = load(data.folder("mappings"), tmp_path)
    golden = json.decode_object((GOLDEN / "reward.json").read_bytes())
    record = golden["record"] | {name: {"a": "1", "b": "2"}}
    mapped = ours.to_fhir(record)
    assert mapped.issues == []
    assert mapped.resources == [golden["resources"][0] | {"outcome": {"text": "1"}, "statusReason": {"text": "2"}}]
    back = ours.to_records(mapped.resources)
    assert (back.issues, back.records) == ([], [record])


def test_a_field_may_be_called_as_a_table_is(mappings: Mappings, tmp_path: Path) -> None:
    tables = [name for name in mappings.compiled("reward").plan.context.bound if not name.startswith("back_")]
    assert len(tables) > 1
    for name in tables:
        test_a_field_may_have_any_name(name, tmp_path)


@given(st.lists(st.lists(st.sampled_from(["f", "a", "a-2", "2", "3", "len", "taken"]), max_size=3)))
def test_no_name_is_handed_out_twice(words: list[list[str]]) -> None:
    writer = Writer(["taken"])
    names = [writer.name(*each) for each in words]
    assert len({"taken", *names}) == len(names) + 1


def _stored(node: ast.AST) -> set[str]:
    """Return the names that a statement gives values."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.For) else []
    inside = [one for target in targets for one in ast.walk(target)]
    return {one.id for one in inside if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)}


def test_generated_code_has_no_names_but_those_handed_out(mappings: Mappings, monkeypatch: pytest.MonkeyPatch) -> None:
    handed_out = set(_LOCALS)
    name = Writer.name

    def noted(self: Writer, *words: str) -> str:
        found = name(self, *words)
        handed_out.add(found)
        return found

    monkeypatch.setattr(Writer, "name", noted)
    for kind in mappings.kinds:
        tree = ast.parse(forward_source(mappings.compiled(kind).plan))
        stored = set().union(*map(_stored, ast.walk(tree)))
        assert stored <= handed_out, kind


def test_all_helpers_are_kept_apart(mappings: Mappings) -> None:
    named = {name for name in mappings.compiled("reward").helpers if not name.startswith(("known_", "is_", "by_"))}
    assert named == HELPERS
