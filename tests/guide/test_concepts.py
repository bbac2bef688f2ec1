"""Each concept's example exists, claims its profile, and shows every line of the concept's row."""

import tomllib
from typing import Any

import pytest

from fhir_iop import fhirpath
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from tests.guide.conftest import GUIDE, HERE, with_name
from tests.guide.test_examples import EXAMPLES
from tests.guide.test_guide import CONCEPTS

PROOFS = tomllib.loads((HERE / "concepts.toml").read_text("utf-8"))
PROFILES = with_name("StructureDefinition")
BY_ID = {
    resource["id"]: resource
    for path in (*EXAMPLES.glob("*.json"), *GUIDE.glob("Questionnaire-*.json"))
    for resource in [json.decode_object(path.read_bytes())]
}
LINES = [
    pytest.param(concept["id"], element, line, id=f"{concept['id']}-{element['path']}")
    for concept in CONCEPTS
    for element, line in zip(concept["elements"], PROOFS[concept["id"]]["lines"], strict=True)
]


def test_there_is_a_proof_of_each_of_the_40_concepts() -> None:
    assert len(CONCEPTS) == 40
    assert set(PROOFS) == {concept["id"] for concept in CONCEPTS}


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda each: str(each["id"]))
def test_its_example_claims_its_profile(concept: dict[str, Any]) -> None:
    if concept["own_profile"] == "-":
        return
    claimed = {
        url for each in PROOFS[concept["id"]]["examples"] for url in BY_ID[each].get("meta", {}).get("profile", ())
    }
    assert PROFILES[concept["own_profile"]]["url"] in claimed


@pytest.mark.parametrize(("concept", "element", "line"), LINES)
def test_its_example_shows_the_line(concept: str, element: dict[str, str], line: str) -> None:
    examples = PROOFS[concept]["examples"]
    named, _, expression = line.partition(": ")
    example = BY_ID[named if named in examples else examples[0]]
    expression = expression if named in examples else line
    compiled = fhirpath.compile(expression, example["resourceType"], Definitions.bundled())
    assert compiled.holds(example), element
    # It isn't true of just anything.
    assert (
        not compiled.holds({"resourceType": example["resourceType"]})
        or ".empty()" in expression
        or ".all(" in expression
    )
