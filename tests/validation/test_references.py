"""References to resources that are at hand: what they lead to is as one of the target profiles asks."""

from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.validation import Validator
from tests.validation.made import observation, order, patient

US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
RXNORM: dict[str, Any] = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "310325"}]}
STORE = {
    "Patient/whole": patient(id="whole"),
    "Patient/nameless": {"resourceType": "Patient", "id": "nameless"},
    "Group/some": {"resourceType": "Group", "id": "some", "type": "person", "actual": True},
    "Group/broken": {"resourceType": "Group", "id": "broken"},
}


@pytest.fixture(scope="module")
def knowing(definitions: Definitions) -> Validator:
    return Validator(definitions, look_up=STORE.get)


@pytest.mark.parametrize(
    ("target", "version", "rules"),
    [
        ("Patient/whole", "7.0.0", []),
        ("Patient/nameless", "7.0.0", ["reference-profile"]),  # a Patient of US Core, or any Group
        ("Patient/nameless", "6.1.0", ["reference-profile"]),
        ("Group/some", "7.0.0", []),
        ("Group/broken", "7.0.0", []),  # its own faults are told where it is validated
        ("Group/some", "6.1.0", ["reference-target"]),
        ("Patient/elsewhere", "7.0.0", []),
    ],
)
def test_a_target_is_held_to_the_profile_of_its_type(
    knowing: Validator, target: str, version: str, rules: list[str]
) -> None:
    resource = order(subject={"reference": target}, requester={"display": "x"}, medicationCodeableConcept=RXNORM)
    found = knowing.validate(resource, [US_CORE + "us-core-medicationrequest|" + version])
    assert [issue.rule for issue in found if issue.severity != "information"] == rules


def test_the_base_type_asks_for_no_profile(knowing: Validator) -> None:
    assert knowing.validate(observation(subject={"reference": "Patient/nameless"})) == []
