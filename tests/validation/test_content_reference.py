"""What a profile asks of an element isn't asked of another that only refers to its content.

`Consent.provision.provision` has the content of `Consent.provision` as the standard defines it
(https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.contentReference): HL7's validator too
lets a profile's permission hold an exception.
"""

from typing import Any

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator
from tests.definitions.test_snapshot import profile

PERMITS = profile(
    "permits",
    "Consent",
    {"path": "Consent.provision.type", "min": 1, "fixedCode": "permit"},
    {"path": "Consent.provision.actor", "min": 1},
)
VALIDATOR = Validator(Definitions.bundled().with_packages(package_of([PERMITS], "example.test", "1.0.0")))
ACTOR = {"role": {"text": "recipient"}, "reference": {"display": "somebody"}}


def rules(provision: dict[str, Any]) -> set[tuple[str, str]]:
    consent = {"resourceType": "Consent", "provision": provision}
    found = VALIDATOR.validate(consent, [PERMITS["url"]])
    return {(each.rule, each.expression) for each in found if each.is_error and "provision" in each.expression}


def test_a_profile_asks_of_the_outer_element_only() -> None:
    assert rules({"type": "permit", "actor": [ACTOR], "provision": [{"type": "deny"}]}) == set()
    assert ("fixed", "Consent.provision.type") in rules({"type": "deny", "actor": [ACTOR]})


def test_the_standard_asks_of_the_inner_too() -> None:
    found = rules({"type": "permit", "actor": [ACTOR], "provision": [{"type": "perhaps", "nonsense": 1}]})
    assert {rule for rule, _ in found} == {"binding-required", "unknown-element"}
