"""The table of concepts in `mappings/README.md`: all 40, each with mappings that there are and that go both ways."""

import re

import pytest

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.reports.roundtrip import proved
from tests.guide.conftest import HERE

CONCEPTS = [one["concept"] for one in json.decode((HERE / "iop_concepts.json").read_bytes())]
TEXT = (data.folder("mappings") / "README.md").read_text("utf-8").partition("## The 40 concepts")[2]
ROWS = {
    cells[0]: cells[1:]
    for line in TEXT.splitlines()
    if line.startswith("|")
    for cells in [line.strip("| ").split(" | ")]
}


def test_the_table_has_all_concepts() -> None:
    assert list(ROWS)[2:] == CONCEPTS


@pytest.mark.parametrize("concept", CONCEPTS)
def test_its_mappings_make_its_resources(concept: str, mappings: Mappings) -> None:
    kinds, resources, *why = ROWS[concept]
    if kinds == "—":
        assert why, "nothing maps it, and nothing says why"
        return
    plans = [mappings.compiled(kind).plan for kind in kinds.split(", ")]
    made = [{resource.role.resource for resource in plan.resources} for plan in plans]
    assert set(resources.split(", ")) <= set.union(*made)
    assert all(one & set(resources.split(", ")) for one in made), "a mapping that makes none of them"
    for field in re.findall(r"`([a-z_]+)(?:\[\]|`)", "".join(why)):
        assert any(field in plan.context.root.shape.properties for plan in plans) or field == "intent", field


def test_every_kind_is_of_a_concept(mappings: Mappings) -> None:
    """But for who and what concepts are about."""
    named = {kind for kinds, *_ in list(ROWS.values())[2:] for kind in kinds.split(", ")}
    assert set(mappings.kinds) - named == {"patient", "practitioner", "lab-result"}


def test_every_field_of_every_kind_comes_back(mappings: Mappings) -> None:
    lost = [(kind, one.path, one.why) for kind in mappings.kinds for one in proved(mappings.compiled(kind).plan)]
    assert [
        each for each in lost if each[2].startswith(("its rules", "no rule", "dropped", "it only", "an object"))
    ] == []
