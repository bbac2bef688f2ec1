"""Must-support elements that aren't there: told on request alone, once, where the object that lacks them is."""

from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator

URL = "https://example.org/fhir/StructureDefinition/supported"


def element(path: str, **facts: Any) -> dict[str, Any]:
    return {"id": path, "path": path.replace(":official", ""), **facts}


PROFILE: dict[str, Any] = {
    "resourceType": "StructureDefinition",
    "url": URL,
    "version": "1.0.0",
    "name": "Supported",
    "status": "draft",
    "kind": "resource",
    "abstract": False,
    "type": "Patient",
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
    "derivation": "constraint",
    "differential": {
        "element": [
            element(
                "Patient.identifier",
                slicing={"discriminator": [{"type": "value", "path": "use"}], "rules": "open"},
            ),
            element("Patient.identifier:official", sliceName="official", mustSupport=True),
            element("Patient.identifier:official.use", fixedCode="official", min=1),
            element("Patient.name", min=1, mustSupport=True),
            element("Patient.name.family", mustSupport=True),
            element("Patient.birthDate", mustSupport=True),
            element("Patient.deceased[x]", mustSupport=True),
            element("Patient.contact.gender", mustSupport=True),
        ]
    },
}
WHOLE: dict[str, Any] = {
    "resourceType": "Patient",
    "meta": {"profile": [URL]},
    "identifier": [{"use": "official", "value": "1"}],
    "name": [{"family": "Invented"}],
    "deceasedBoolean": False,
    "birthDate": "1990",
}

UNKNOWN = {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}


@pytest.fixture(scope="module")
def validator() -> Validator:
    definitions = Definitions.bundled().with_packages(package_of([PROFILE], "example.test", "1.0.0"))
    return Validator(definitions, must_support=True)


def without(name: str) -> dict[str, Any]:
    return {key: value for key, value in WHOLE.items() if key != name}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (WHOLE, []),
        (without("birthDate"), [("Patient", "birthDate")]),
        (without("birthDate") | {"_birthDate": {"extension": [UNKNOWN]}}, []),
        (without("deceasedBoolean"), [("Patient", "deceased")]),
        (without("deceasedBoolean") | {"deceasedDateTime": "2020"}, []),
        (without("identifier"), [("Patient", "identifier:official")]),
        (WHOLE | {"identifier": [{"use": "old", "value": "1"}]}, [("Patient", "identifier:official")]),
        (WHOLE | {"name": [{"text": "A"}, {"family": "B"}]}, [("Patient.name[0]", "family")]),
        (WHOLE | {"contact": [{"name": {"text": "A"}}]}, [("Patient.contact[0]", "gender")]),
        (without("meta"), []),
    ],
)
def test_it_is_told_at_the_object_that_lacks_it(
    resource: dict[str, Any], expected: list[tuple[str, str]], validator: Validator
) -> None:
    found = validator.validate(resource)
    assert [(issue.expression, issue.details.split()[0]) for issue in found] == expected
    assert {(issue.rule, issue.severity) for issue in found} <= {("must-support", "information")}


def test_what_is_required_is_told_as_missing_and_not_again(validator: Validator) -> None:
    assert [issue.rule for issue in validator.validate(without("name"))] == ["min"]


def test_nothing_is_told_without_the_request(validator: Validator) -> None:
    silent = Validator(validator.definitions)
    assert silent.validate(without("birthDate")) == []
