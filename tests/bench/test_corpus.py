"""The corpus of the benches: the same every time, varied, and what it says it is."""

from collections import Counter

import pytest

from bench.corpus import resources
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.validation import Validator


def test_the_same_seed_makes_the_same_resources() -> None:
    assert resources(40) == resources(40)
    assert resources(40) != resources(40, seed=1)


def test_the_four_types_come_in_turn_each_under_its_own_id() -> None:
    made = resources(80)
    assert set(Counter(each["resourceType"] for each in made).values()) == {20}
    assert len({each["id"] for each in made}) == 80


def test_the_corners_are_there() -> None:
    text = repr(resources(200))
    for corner in ("contained", "'_text'", "timeOfDay", "'offset'", "component", "dataAbsentReason", "boundsDuration"):
        assert corner in text, corner


def test_us_core_is_claimed_on_request() -> None:
    assert all("profile" not in each["meta"] for each in resources(8))
    claims = [profile for each in resources(80, us_core=True) for profile in each["meta"]["profile"]]
    assert all(claim.startswith("http://hl7.org/fhir/us/core/StructureDefinition/us-core-") for claim in claims)
    assert len(set(claims)) > 5


@pytest.mark.parametrize("us_core", [False, True])
def test_nothing_is_wrong_with_it_and_nothing_is_doubtful(us_core: bool) -> None:
    validator = Validator(Definitions.bundled())
    found = {
        (issue.severity, issue.rule)
        for resource in resources(120, us_core=us_core)
        for issue in validator.validate_text(json.encode(resource))
    }
    # Content of SNOMED CT, LOINC and RxNorm isn't at hand: real data can't be without this.
    assert found <= {("information", "binding-unchecked")}


def test_the_responses_answer_questionnaires_of_ours() -> None:
    definitions = Definitions.bundled()
    responses = [each for each in resources(200) if each["resourceType"] == "QuestionnaireResponse"]
    asked = {each["questionnaire"] for each in responses}
    assert len(asked) > 4
    assert all(definitions.resource(canonical, "Questionnaire") for canonical in asked)
    assert all(each["item"] for each in responses)
