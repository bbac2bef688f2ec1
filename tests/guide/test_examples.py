"""Every profile has a valid example, and every constraint an example that breaks it."""

from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.validation import Validator
from tests.examples.findings import explanations
from tests.guide.conftest import with_name

EXAMPLES = data.folder("examples") / "guide"
VALID = sorted(EXAMPLES.glob("*.json"))
BROKEN = sorted((EXAMPLES / "broken").glob("*.json"))
PROFILES = with_name("StructureDefinition")
CONSTRAINTS = {
    constraint["key"]: constraint["severity"]
    for profile in PROFILES.values()
    for element in profile["differential"]["element"]
    for constraint in element.get("constraint", ())
    if constraint["key"].startswith("iop-")
}

# A wrong total is found twice: by the profile, and by what the questionnaire says the total is.
TOLD_TWICE = {"iop-qr-3": {"answer-calculated"}}


def read(path: Any) -> dict[str, Any]:
    return json.decode_object(path.read_bytes())


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_example_has_no_error_and_no_unexplained_warning(validator: Validator, path: Any) -> None:
    found = [each for each in validator.validate(read(path)) if each.severity in {"error", "fatal", "warning"}]
    unexplained = [each for each in found if not any(known.explains(each) for known in explanations())]
    assert unexplained == []
    assert not any(each.is_error for each in found)


def test_every_profile_is_claimed_by_a_valid_example() -> None:
    claimed = {profile for path in VALID for profile in read(path).get("meta", {}).get("profile", ())}
    profiles = {each["url"] for each in PROFILES.values() if each["type"] != "Extension"}
    questionnaire = PROFILES["IOPQuestionnaire"]["url"]  # the guide's questionnaires claim it themselves
    assert profiles - claimed == {questionnaire}


def test_every_constraint_is_broken_by_an_example_of_its_name() -> None:
    assert {path.stem for path in BROKEN} == set(CONSTRAINTS)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_breaking_example_breaks_that_and_nothing_else(validator: Validator, path: Any) -> None:
    key = path.stem
    found = [each for each in validator.validate(read(path)) if each.is_error or each.rule == key]
    assert {each.rule for each in found} - TOLD_TWICE.get(key, set()) == {key}
    assert {each.severity for each in found if each.rule == key} == {CONSTRAINTS[key]}
