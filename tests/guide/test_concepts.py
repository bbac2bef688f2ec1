"""Each concept's examples exist, claim its profile, are valid, and show every line of the concept's row."""

from copy import deepcopy
from typing import Any

import pytest

from fhir_iop import fhirpath
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.validation import Validator
from tests.guide import proofs
from tests.guide.conftest import GUIDE, with_name
from tests.guide.proofs import Proof
from tests.guide.test_examples import EXAMPLES
from tests.guide.test_guide import CONCEPTS

PROFILES = with_name("StructureDefinition")
BY_ID = {
    resource["id"]: resource
    for path in (*EXAMPLES.glob("*.json"), *GUIDE.glob("Questionnaire-*.json"))
    for resource in [json.decode_object(path.read_bytes())]
}
LINES = [
    pytest.param(
        concept["id"], proofs.proof(concept["id"], line, element["path"]), id=f"{concept['id']}-{element['path']}"
    )
    for concept in CONCEPTS
    for element, line in zip(concept["elements"], proofs.WRITTEN[concept["id"]]["lines"], strict=True)
]


def examples_of(names: list[str], paths: tuple[str, ...] = ()) -> dict[str, dict[str, Any]]:
    """Examples by name, without what lies at ``paths``, and all of them in a Bundle."""
    found = {name: proofs.without(BY_ID[name], paths) for name in names}
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in found.values()]}
    return {**found, "all": bundle}


def holds(proof: Proof, examples: dict[str, dict[str, Any]]) -> list[bool]:
    """Whether each of its expressions holds on its example."""
    definitions = Definitions.bundled()
    return [
        fhirpath.compile(expression, examples[name]["resourceType"], definitions).holds(examples[name])
        for name, expression in proof.shows
    ]


def test_there_is_a_proof_of_each_of_the_40_concepts() -> None:
    assert len(CONCEPTS) == 40
    assert set(proofs.WRITTEN) == {concept["id"] for concept in CONCEPTS}


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda each: str(each["id"]))
def test_its_examples_claim_its_profile_and_are_valid(concept: dict[str, Any], validator: Validator) -> None:
    examples = [BY_ID[name] for name in proofs.WRITTEN[concept["id"]]["examples"]]
    claimed = {url for each in examples for url in each.get("meta", {}).get("profile", ())}
    if concept["own_profile"] == "-":
        parent = concept["parent_profile"].split(" / ")[-1]
        assert any("/us-core-" in url and parent in url for url in claimed)
    else:
        assert PROFILES[concept["own_profile"]]["url"] in claimed
    assert [found for each in examples for found in validator.validate(each) if found.is_error] == []


@pytest.mark.parametrize(("concept", "proof"), LINES)
def test_its_examples_show_the_line(concept: str, proof: Proof) -> None:
    assert all(holds(proof, examples_of(proofs.WRITTEN[concept]["examples"])))


@pytest.mark.parametrize(("concept", "proof"), LINES)
def test_it_is_the_lines_element_that_shows_it(concept: str, proof: Proof) -> None:
    """Without what the line asks for, or with what it says is absent, it isn't shown."""
    names = proofs.WRITTEN[concept]["examples"]
    whole = examples_of(names)
    if proof.but:
        # What is told to be absent is so in the first; others show the case in which it is there.
        name, _ = proof.shows[0]
        assert not holds(proof, {**whole, name: {**whole[name], **proof.but}})[0]
    for paths in proof.of:
        taken = examples_of(names, paths)
        touched = [taken[name] != whole[name] for name, _ in proof.shows]
        assert any(touched)
        assert not any(holding and changed for holding, changed in zip(holds(proof, taken), touched, strict=True))


def test_examples_are_left_as_they_are_by_taking_something_away() -> None:
    example = BY_ID["order"]
    before = deepcopy(example)
    assert "text" not in proofs.without(example, ("dosageInstruction.text",))["dosageInstruction"][0]
    assert example == before
