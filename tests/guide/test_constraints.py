"""The constraints, word for word, and the resources that keep and break each of them."""

import re
from typing import Any

import pytest

from fhir_iop.fhir import json
from fhir_iop.validation import Validator
from tests.guide.conftest import HERE, with_name

CONSTRAINTS: list[dict[str, Any]] = json.decode((HERE / "constraints.json").read_bytes())  # type: ignore[assignment]
PROFILES = with_name("StructureDefinition")
FIXTURES = [
    pytest.param(each, outcome, fixture, id=f"{each['id']}-{outcome}-{number}")
    for each in CONSTRAINTS
    for outcome in ("pass", "fail")
    for number, fixture in enumerate(each[outcome], 1)
]


def written(profile: str) -> dict[str, dict[str, Any]]:
    """Return the constraints of a profile and of what it derives from in the guide, by key."""
    structure = PROFILES[profile]
    base = next((name for name, each in PROFILES.items() if each["url"] == structure["baseDefinition"]), None)
    inherited = written(base) if base else {}
    own = (c for element in structure["differential"]["element"] for c in element.get("constraint", ()))
    return inherited | {each["key"]: each for each in own}


def test_there_are_35_with_102_fixtures() -> None:
    assert (len(CONSTRAINTS), len(FIXTURES)) == (35, 102)


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=lambda each: str(each["id"]))
def test_each_stands_word_for_word_on_its_profile(constraint: dict[str, Any]) -> None:
    found = written(constraint["profile"])[constraint["id"]]
    assert found["expression"] == constraint["expression"]
    assert found["severity"] == constraint["severity"]


@pytest.mark.parametrize(("constraint", "outcome", "fixture"), FIXTURES)
def test_it_finds_what_breaks_it_and_nothing_else(
    validator: Validator, constraint: dict[str, Any], outcome: str, fixture: dict[str, Any]
) -> None:
    found = validator.validate(fixture, [PROFILES[constraint["profile"]]["url"]])
    expected = [(constraint["severity"], fixture["resourceType"])] if outcome == "fail" else []
    assert [(each.severity, each.expression) for each in found if each.rule == constraint["id"]] == expected


def test_every_constraint_of_the_guide_says_what_must_be_and_what_is_at_risk() -> None:
    for profile in PROFILES.values():
        for element in profile["differential"]["element"]:
            for constraint in element.get("constraint", ()):
                if constraint["key"].startswith("iop-"):
                    assert re.fullmatch(r"[A-Z].*\.", constraint["human"]), constraint["key"]
                    assert re.fullmatch(r"Risk: .*\.", constraint["requirements"]), constraint["key"]
                    assert not re.search(r"FHIR|implies|exists|[a-z]\(", constraint["human"]), constraint["key"]


def test_what_can_be_labelled_is_checked_for_half_a_label() -> None:
    unlabelled = {"IOPQuestionnaire", "IOPPharmacy", "IOPDisclosureAudit"}  # of no patient, or of no record
    profiles = {name for name, each in PROFILES.items() if each["type"] != "Extension"}
    assert {name for name in profiles if "iop-p2-2" not in written(name)} == unlabelled


def test_no_check_is_given_up_for_a_long_reference(validator: Validator) -> None:
    order = next(each for each in CONSTRAINTS if each["id"] == "iop-mr-3")["pass"][0]
    far = f"https://a-server-with-a-long-name.example/fhir/tenants/{'north/' * 30}"
    order = order | {"requester": {"reference": f"{far}Practitioner/{'0' * 64}"}}
    found = validator.validate(order, [PROFILES["IOPMedicationRequest"]["url"]])
    assert [each.rule for each in found if each.severity in {"error", "warning"}] == []
