"""The guide as a whole: its concepts, its codes, and that every resource of it is right."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data, fhirpath
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.verification import named_codes
from fhir_iop.fhir import json
from fhir_iop.instruments import instruments
from fhir_iop.validation import Validator
from tests.guide.conftest import GUIDE, HERE, codings, resources, with_name

CONCEPTS: list[dict[str, Any]] = json.decode((HERE / "iop_concepts.json").read_bytes())  # type: ignore[assignment]
CHECKOUT = HERE.parent.parent
EXAMPLES = data.folder("examples") / "guide"
IOP = "https://example.org/fhir/iop/"
PROFILES = with_name("StructureDefinition")
CONTENT = {
    "http://loinc.org": "LOINC",
    "http://snomed.info/sct": "SNOMED",
    "http://www.nlm.nih.gov/research/umls/rxnorm": "RxNorm",
}

# What our validator may say of the guide: content that isn't at hand.
NOT_AT_HAND = {
    "sdc-questionnaire-calculatedExpression is not at hand",
    "elementdefinition-type-must-support is not at hand",
    "value set http://www.rfc-editor.org/bcp/bcp13.txt (maximum) could not be checked",
}


def ancestors(profile: dict[str, Any]) -> list[str]:
    found, definitions = [], Definitions.bundled()
    structure = definitions.structure(profile["url"])
    while structure is not None and structure.base is not None:
        found.append(structure.base)
        structure = definitions.structure(structure.base)
    return found


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda each: str(each["id"]))
def test_each_concept_has_its_profile_from_its_parent(concept: dict[str, Any]) -> None:
    if concept["own_profile"] == "-":
        return
    profile = PROFILES[concept["own_profile"]]
    parents = re.findall(r"us-core-[a-z-]*[a-z]", concept["parent_profile"])
    kinds = re.findall(r"[A-Z][A-Za-z]+", concept["resource"])
    assert profile["type"] in kinds
    bases = ancestors(profile)
    if parents:
        assert any(base.rpartition("/")[2].partition("|")[0] in parents for base in bases)
    else:
        assert not any("/us/core/" in base for base in bases)


@pytest.mark.parametrize("resource", list(resources()), ids=lambda each: f"{each['resourceType']}-{each['id']}")
def test_each_resource_is_right(validator: Validator, resource: dict[str, Any]) -> None:
    found = validator.validate(resource)
    unexplained = [each for each in found if not any(part in each.details for part in NOT_AT_HAND)]
    assert unexplained == []
    assert not any(each.severity == "error" for each in found)


@pytest.mark.parametrize("resource", list(resources()), ids=lambda each: f"{each['resourceType']}-{each['id']}")
def test_each_resource_says_whose_content_it_holds(resource: dict[str, Any]) -> None:
    if resource["resourceType"] not in {"CodeSystem", "ValueSet", "Questionnaire", "ConceptMap"}:
        return
    systems = {system for system, _ in codings(resource)}
    systems |= {include["system"] for include in resource.get("compose", {}).get("include", ()) if "system" in include}
    systems |= {group["target"] for group in resource.get("group", ())}
    holders = {CONTENT.get(each, "HL7" if "hl7.org" in each else "") for each in systems} - {""}
    assert [each for each in holders if each not in resource.get("copyright", "")] == []


def test_every_standard_code_is_in_a_value_set_that_says_how_well_it_is_known() -> None:
    known = {
        (include["system"], concept["code"])
        for each in resources()
        if each["resourceType"] == "ValueSet"
        if any(part["url"].endswith("/code-verification") for part in each.get("extension", ()))
        for include in each["compose"]["include"]
        for concept in include.get("concept", ())
    }
    named = {
        coding
        for each in resources()
        for coding in codings(each)
        if coding[0] in CONTENT and each["resourceType"] != "ImplementationGuide"
    }
    in_constraints = {
        ("http://loinc.org", code)
        for each in resources()
        for code in re.findall(r"'/?(\d{4,5}-\d|LA\d+-\d)'", json.encode(each).decode())
    }
    assert sorted((named | in_constraints) - known) == []


def test_every_code_says_how_well_it_is_known() -> None:
    named = named_codes(resources())
    assert [each for each in named if each.verification == "unknown"] == []
    systems = {each["url"] for each in resources() if each["resourceType"] == "CodeSystem"}
    assert {each.system for each in named if each.verification == "local"} == systems
    assert not systems & {each.system for each in named if each.verification != "local"}


def test_every_extension_stands_on_elements_that_there_are() -> None:
    definitions = Definitions.bundled()
    for each in PROFILES.values():
        if each["type"] == "Extension":
            assert each["context"], each["url"]
            for context in each["context"]:
                assert context["type"] == "element"
                path, _, name = context["expression"].rpartition(".")
                there = definitions.child(path, name) if path else definitions.type(name)
                assert there is not None, (each["url"], context["expression"])


def test_the_implementation_guide_lists_everything() -> None:
    (guide,) = (each for each in resources() if each["resourceType"] == "ImplementationGuide")
    examples = [json.decode_object(path.read_bytes()) for path in EXAMPLES.glob("*.json")]
    held = [*(each for each in resources() if each is not guide and each["id"] != guide["id"]), *examples]
    listed = {each["reference"]["reference"]: each for each in guide["definition"]["resource"]}
    assert listed.keys() == {f"{each['resourceType']}/{each['id']}" for each in held}
    for each in held:
        said = listed[f"{each['resourceType']}/{each['id']}"]
        assert said["name"], said
        assert said["description"], said
        assert said.get("exampleBoolean", "exampleCanonical" in said) == ("url" not in each), said


@pytest.mark.parametrize("page", [GUIDE / "README.md", EXAMPLES / "README.md"], ids=["guide", "examples"])
def test_what_a_page_leads_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))
    assert len(links) > 100
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("key", sorted(key for key, each in instruments().items() if each.items and each.total))
def test_a_questionnaires_own_total_is_what_we_score(key: str) -> None:
    instrument = instruments()[key]
    questionnaire = json.decode_object((GUIDE / f"Questionnaire-{key}.json").read_bytes())
    assert instrument.total is not None
    total = next(item for item in questionnaire["item"] if item["linkId"] == f"/{instrument.total.code}")
    assert (total["type"], total["readOnly"]) == ("integer", True)
    calculated = total["extension"][0]["valueExpression"]
    compiled = fhirpath.compile(calculated["expression"], "QuestionnaireResponse", Definitions.bundled())
    counting = [item for item in instrument.items.values() if item.scored]
    for shift in range(4):
        answers = [[*item.answers.values()][(shift + n) % len(item.answers)] for n, item in enumerate(counting)]
        items = [
            {
                "linkId": f"/{item.code}",
                "answer": [{"valueCoding": {"system": "http://loinc.org", "code": answer.code}}],
            }
            for item, answer in zip(counting, answers, strict=True)
        ]
        response = {"resourceType": "QuestionnaireResponse", "status": "completed", "item": items}
        assert compiled(response) == [sum(answer.ordinal or 0 for answer in answers)]
        assert compiled(response | {"item": items[1:]}) == []


@pytest.mark.skipif(
    shutil.which("node") is None or not (CHECKOUT / ".ci" / "guide" / "node_modules").is_dir(),
    reason="needs Node and `npm ci` in .ci/guide to compile FHIR Shorthand; .ci/run does both",
)
@pytest.mark.shared
def test_the_resources_are_what_their_source_says() -> None:
    ran = subprocess.run(
        ["node", str(CHECKOUT / ".ci" / "guide" / "compile.mjs"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
