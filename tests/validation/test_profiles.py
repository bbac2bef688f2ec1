"""Rules that only profiles put into force: each on a small profile of its own, with what breaks it and what doesn't."""

from decimal import Decimal
from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator
from tests.validation.made import observation, patient

BASE = "https://example.org/fhir/StructureDefinition/"
CORE = "http://hl7.org/fhir/StructureDefinition/"
R5 = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ElementDefinition."


def profile(name: str, type_: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "StructureDefinition", "url": BASE + name, "version": "1", "name": name, "status": "draft",
        "kind": "complex-type" if type_ in {"Address", "Extension", "Quantity"} else "resource",
        "abstract": False, "type": type_,
        "baseDefinition": CORE + type_, "derivation": "constraint", "differential": {"element": list(elements)},
    } | more  # fmt: skip


def control(path: str, url: str, **value: Any) -> dict[str, Any]:
    return {"id": path, "path": path, "extension": [{"url": url} | value]}


def narrative(div: str, **more: Any) -> dict[str, Any]:
    text = {"status": "additional", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{div}</div>'}
    return patient(text=text, **more)


HOME = profile("home", "Address", {"id": "Address.use", "path": "Address.use", "min": 1})
FULL = profile("full", "Address", {"id": "Address.city", "path": "Address.city", "min": 1})
EITHER = {
    "id": "Patient.address", "path": "Patient.address",
    "type": [{"code": "Address", "profile": [BASE + "home", BASE + "full"]}],
}  # fmt: skip
MISSING = {"id": "Patient.name", "path": "Patient.name", "type": [{"code": "HumanName", "profile": [BASE + "none"]}]}

PROFILES = [
    HOME,
    FULL,
    profile("either", "Patient", EITHER),
    profile("missing", "Patient", MISSING),
    profile("long", "Patient", control("Patient.id", CORE + "minLength", valueInteger=20)),
    profile("form", "Patient", control("Patient.id", CORE + "regex", valueString="[a-z]+-[0-9]")),
    profile("explosive", "Patient", control("Patient.id", CORE + "regex", valueString="(a+)+b")),
    profile("places", "Quantity", control("Quantity.value", CORE + "maxDecimalPlaces", valueInteger=1)),
    profile(
        "measured",
        "Observation",
        {
            "id": "Observation.value[x]",
            "path": "Observation.value[x]",
            "type": [{"code": "Quantity", "profile": [BASE + "places"]}],
        },
    ),
    profile("present", "Patient", control("Patient.active", R5 + "mustHaveValue", valueBoolean=True)),
    profile(
        "absent",
        "Patient",
        control("Patient.active", R5 + "valueAlternatives", valueCanonical=CORE + "data-absent-reason"),
    ),
    profile("silent", "Patient", control("Patient.text", CORE + "narrative-language-control", valueCode="_no")),
    profile("said", "Patient", control("Patient.text", CORE + "narrative-language-control", valueCode="_yes")),
    profile("own", "Patient", control("Patient.text", CORE + "narrative-language-control", valueCode="_resource")),
    profile("german", "Patient", control("Patient.text", CORE + "narrative-language-control", valueCode="de")),
    profile("sources", "Patient", control("Patient.text", CORE + "narrative-source-control", valueCode="error")),
    profile("one", "Patient", {"id": "Patient.birthDate", "path": "Patient.birthDate", "fixedDate": "1990-02-28"}),
    profile("such", "Patient", {"id": "Patient.birthDate", "path": "Patient.birthDate", "patternDate": "1990-02-28"}),
    profile(
        "at-home",
        "Extension",
        {"id": "Extension.url", "path": "Extension.url", "fixedUri": BASE + "at-home"},
        context=[{"type": "fhirpath", "expression": "Patient.address.where(use = 'home') | Patient.active"}],
    ),
]
MARKED = [{"url": BASE + "at-home", "valueBoolean": True}]
UNKNOWN = {"extension": [{"url": CORE + "data-absent-reason", "valueCode": "unknown"}]}
OTHER = {"extension": [{"url": CORE + "iso21090-nullFlavor", "valueCode": "UNK"}]}
ENGLISH, GERMAN = '<p lang="en">Hello</p>', '<p lang="de">Hallo</p>'


@pytest.fixture(scope="module")
def profiled(definitions: Definitions) -> Validator:
    return Validator(definitions.with_packages(package_of(PROFILES, "tests", "1")))


BROKEN: list[tuple[str, dict[str, Any], str, str]] = [
    ("either", patient(address=[{"country": "XX"}]), "type-profile", "Patient.address[0]"),
    ("missing", patient(), "type-profile-unknown", "Patient.name[0]"),
    ("long", patient(), "min-length", "Patient.id"),
    ("form", patient(id="1-invented"), "regex", "Patient.id"),
    ("explosive", patient(id="a" * 64), "regex-unchecked", "Patient.id"),
    (
        "measured",
        observation(valueQuantity={"value": Decimal("1.50")}),
        "decimal-places",
        "Observation.value.ofType(Quantity).value",
    ),
    ("present", patient(_active=UNKNOWN), "value-missing", "Patient.active"),
    ("absent", patient(_active=OTHER), "value-alternative", "Patient.active"),
    ("one", patient(birthDate="1990"), "fixed", "Patient.birthDate"),
    ("one", patient(_birthDate=UNKNOWN), "fixed-bare", "Patient.birthDate"),
    ("one", patient(birthDate=None, _birthDate=UNKNOWN), "fixed", "Patient.birthDate"),
    ("such", patient(birthDate=None, _birthDate=UNKNOWN), "pattern", "Patient.birthDate"),
    ("silent", narrative(ENGLISH), "narrative-language-none", "Patient.text.div"),
    ("said", narrative("<p>Hello</p>"), "narrative-language-some", "Patient.text.div"),
    ("own", narrative(ENGLISH, language="de"), "narrative-language", "Patient.text.div"),
    ("german", narrative(ENGLISH), "narrative-language", "Patient.text.div"),
    ("sources", narrative('<p class="generated">Hello</p><p>Hallo</p>'), "narrative-source", "Patient.text.div"),
    ("sources", narrative('Bare <p class="generated">Hello</p>'), "narrative-source", "Patient.text.div"),
    ("home", patient(address=[{"use": "work", "extension": MARKED}]), "extension-context",
     "Patient.address[0].extension[0]"),
    ("home", observation(extension=MARKED), "extension-context", "Observation.extension[0]"),
]  # fmt: skip
RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("either", patient(address=[{"use": "home"}, {"city": "Invented"}])),
    ("long", patient(id="invented-and-long-enough")),
    ("form", patient(id="invented-1")),
    ("measured", observation(valueQuantity={"value": Decimal("1.5")})),
    ("measured", observation(valueQuantity={"value": 100})),
    ("present", patient(active=True)),
    ("present", patient()),
    ("absent", patient(_active=UNKNOWN)),
    ("one", patient()),
    ("such", patient(_birthDate=UNKNOWN)),
    ("silent", narrative("<p>Hello</p>")),
    ("said", narrative(ENGLISH)),
    ("own", narrative(ENGLISH + GERMAN, language="de")),
    ("german", narrative(GERMAN)),
    ("sources", narrative('<p class="generated x">Hello</p>')),
    ("home", patient(address=[{"use": "home", "extension": MARKED}])),
    ("home", patient(active=True, _active={"extension": MARKED})),
]


def _asked(name: str) -> list[str]:
    return [] if name == "home" else [BASE + name]


@pytest.mark.parametrize(("name", "resource", "rule", "expression"), BROKEN)
def test_what_breaks_a_profile_is_found_once(
    profiled: Validator, name: str, resource: dict[str, Any], rule: str, expression: str
) -> None:
    found = [each for each in profiled.validate(resource, _asked(name)) if each.severity != "information"]
    assert [(each.rule, each.expression) for each in found] == [(rule, expression)]


@pytest.mark.parametrize(("name", "resource"), RIGHT)
def test_what_keeps_a_profile_passes(profiled: Validator, name: str, resource: dict[str, Any]) -> None:
    assert [each for each in profiled.validate(resource, _asked(name)) if each.severity != "information"] == []


def test_one_wrong_slice_hides_no_other(validator: Validator) -> None:
    def component(code: str) -> dict[str, Any]:
        unit = {"value": 12, "unit": "kPa", "system": "http://unitsofmeasure.org", "code": "kPa"}
        return {"code": {"coding": [{"system": "http://loinc.org", "code": code}]}, "valueQuantity": unit}

    found = validator.validate(
        {
            "resourceType": "Observation",
            "meta": {"profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure"]},
            "status": "final",
            "category": [
                {
                    "coding": [
                        {
                            "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                            "code": "vital-signs",
                        }
                    ]
                }
            ],
            "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]},
            "subject": {"reference": "Patient/invented-1"},
            "effectiveDateTime": "2024-01-01",
            "component": [component("8480-6"), component("8462-4")],
        }
    )
    places = [f"Observation.component[{index}].value.ofType(Quantity).code" for index in (0, 1)]
    assert [(issue.rule, issue.expression) for issue in found] == [("fixed", place) for place in places]
