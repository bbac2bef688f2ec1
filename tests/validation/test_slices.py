"""Slices as profiles ask for them: default slices, re-slices, order; told by type, existence or after resolve()."""

from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator
from tests.validation.made import bundle, entry, observation, order, patient

BASE = "https://example.org/fhir/StructureDefinition/"
CORE = "http://hl7.org/fhir/StructureDefinition/"
MRN = "https://example.org/mrn"


def profile(name: str, type_: str, *elements: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "StructureDefinition", "url": BASE + name, "version": "1", "name": name, "status": "draft",
        "kind": "resource", "abstract": False, "type": type_, "baseDefinition": CORE + type_,
        "derivation": "constraint", "differential": {"element": list(elements)},
    }  # fmt: skip


def element(id_: str, **said: Any) -> dict[str, Any]:
    """Say something of the element that an id names: the path is the id without its slices' names."""
    steps = id_.split(".")
    _, _, slice_name = steps[-1].partition(":")
    named = {"sliceName": slice_name} if slice_name else {}
    return {"id": id_, "path": ".".join(step.partition(":")[0] for step in steps)} | named | said


def sliced(by: str, rules: str = "open", *, kind: str = "value", ordered: bool = False) -> dict[str, Any]:
    return {"discriminator": [{"type": kind, "path": by}], "rules": rules, "ordered": ordered}


PROFILES = [
    profile(
        "default",
        "Patient",
        element("Patient.telecom", slicing=sliced("system", "closed")),
        element("Patient.telecom:phone"),
        element("Patient.telecom:phone.system", min=1, fixedCode="phone"),
        element("Patient.telecom:@default", max="1"),
        element("Patient.telecom:@default.value", min=1),
    ),
    profile(
        "re-sliced",
        "Patient",
        element("Patient.identifier", slicing=sliced("system")),
        element("Patient.identifier:mrn", min=1, slicing=sliced("use", "closed")),
        element("Patient.identifier:mrn.system", min=1, fixedUri=MRN),
        element("Patient.identifier:mrn.value", min=1),
        element("Patient.identifier:mrn/official", min=1, max="1"),
        element("Patient.identifier:mrn/official.use", min=1, fixedCode="official"),
        element("Patient.identifier:mrn/temporary"),
        element("Patient.identifier:mrn/temporary.use", min=1, fixedCode="temp"),
        element("Patient.identifier:mrn/temporary.period", min=1),
    ),
    profile(
        "in-order",
        "Patient",
        element("Patient.telecom", slicing=sliced("system", "openAtEnd", ordered=True)),
        element("Patient.telecom:phone"),
        element("Patient.telecom:phone.system", min=1, fixedCode="phone"),
        element("Patient.telecom:email"),
        element("Patient.telecom:email.system", min=1, fixedCode="email"),
    ),
    profile(
        "valued",
        "Observation",
        element("Observation.component", slicing=sliced("value", "closed", kind="exists")),
        element("Observation.component:with"),
        element("Observation.component:with.value[x]", min=1),
        element("Observation.component:with.dataAbsentReason", max="0"),
        element("Observation.component:without"),
        element("Observation.component:without.value[x]", max="0"),
        element("Observation.component:without.dataAbsentReason", min=1),
    ),
    profile(
        "typed",
        "Bundle",
        element("Bundle.entry", slicing=sliced("resource", "closed", kind="type")),
        element("Bundle.entry:patient", min=1, max="1"),
        element("Bundle.entry:patient.resource", min=1, type=[{"code": "Patient"}]),
        element("Bundle.entry:observation"),
        element("Bundle.entry:observation.resource", min=1, type=[{"code": "Observation"}]),
    ),
    profile("active", "Patient", element("Patient.active", min=1)),
    profile(
        "of-active",
        "Observation",
        element("Observation.performer", slicing=sliced("resolve()", "closed", kind="profile")),
        element(
            "Observation.performer:active",
            min=1,
            type=[{"code": "Reference", "targetProfile": [BASE + "active"]}],
        ),
    ),
]


@pytest.fixture(scope="module")
def validator(definitions: Definitions) -> Validator:
    return Validator(definitions.with_packages(package_of(PROFILES, "example.slices", "1")))


def found(validator: Validator, resource: dict[str, Any], name: str) -> list[tuple[str, str]]:
    issues = validator.validate(resource, [BASE + name])
    return [(issue.rule, issue.expression) for issue in issues if issue.is_error]


def reached(*systems: str) -> dict[str, Any]:
    return patient(telecom=[{"system": system, "value": "1"} for system in systems])


def known(*identifiers: dict[str, Any]) -> dict[str, Any]:
    return patient(identifier=[{"value": "1"} | one for one in identifiers])


OFFICIAL = {"system": MRN, "use": "official"}
TEMPORARY = {"system": MRN, "use": "temp", "period": {"start": "2024"}}


@pytest.mark.parametrize(
    ("resource", "name", "expected"),
    [
        (reached("phone", "email"), "default", []),
        (reached("phone", "email", "fax"), "default", [("slice-max", "Patient.telecom[2]")]),
        (patient(telecom=[{"system": "fax", "use": "work"}]), "default", [("min", "Patient.telecom[0]")]),
        (known(OFFICIAL, TEMPORARY, {"system": "https://example.org/other"}), "re-sliced", []),
        (known(TEMPORARY), "re-sliced", [("slice-min", "Patient")]),
        (patient(identifier=None), "re-sliced", [("slice-min", "Patient")]),
        (known(OFFICIAL, OFFICIAL), "re-sliced", [("slice-max", "Patient.identifier[1]")]),
        (known(OFFICIAL, {"system": MRN, "use": "old"}), "re-sliced", [("slice-closed", "Patient.identifier[1]")]),
        (known(OFFICIAL, {"system": MRN, "use": "temp"}), "re-sliced", [("min", "Patient.identifier[1]")]),
        (reached("phone", "email", "fax"), "in-order", []),
        (reached("email", "phone", "phone"), "in-order", [("slice-order", f"Patient.telecom[{n}]") for n in (1, 2)]),
        (reached("fax", "sms", "email"), "in-order", [("slice-end", f"Patient.telecom[{n}]") for n in (0, 1)]),
        (
            reached("fax", "email", "phone"),
            "in-order",
            [("slice-end", "Patient.telecom[0]"), ("slice-order", "Patient.telecom[2]")],
        ),
        (observation(component=[{"code": {"text": "a"}, "valueString": "b"}]), "valued", []),
        (observation(component=[{"code": {"text": "a"}}]), "valued", [("min", "Observation.component[0]")]),
        (
            bundle("collection", *[entry(f"urn:oid:1.{n}", one) for n, one in enumerate([patient(), observation()])]),
            "typed",
            [],
        ),
        (
            bundle("collection", entry("urn:oid:1.2", order())),
            "typed",
            [("slice-min", "Bundle"), ("slice-closed", "Bundle.entry[0]")],
        ),
    ],
)
def test_values_are_sorted_into_slices(
    validator: Validator, resource: dict[str, Any], name: str, expected: list[tuple[str, str]]
) -> None:
    assert found(validator, resource, name) == expected


@pytest.mark.parametrize("active", [True, None])
def test_a_reference_is_followed_into_the_bundle(validator: Validator, active: bool | None) -> None:
    url = "urn:uuid:00000000-0000-4000-8000-000000000001"
    of = observation(meta={"profile": [BASE + "of-active"]}, performer=[{"reference": url}])
    whole = bundle("collection", entry("urn:oid:1.1", of), entry(url, patient(active=active)))
    issues = [(issue.rule, issue.expression) for issue in validator.validate(whole) if issue.is_error]
    assert issues == ([] if active else [("slice-closed", "Bundle.entry[0].resource.performer[0]")])


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ({"meta": {"profile": [BASE + "active"]}, "active": None}, ("min", "")),
        ({"active": True, "birthDate": "1990-02-30"}, ("primitive-format", ".birthDate")),
        ({"meta": {"profile": [BASE + "active"]}, "active": "yes"}, ("json-type", ".active")),
    ],
)
@pytest.mark.parametrize("where", ["bundled", "contained"])
def test_what_is_wrong_with_a_target_by_itself_is_told_there_alone(
    validator: Validator, target: dict[str, Any], expected: tuple[str, str], where: str
) -> None:
    url = "urn:uuid:00000000-0000-4000-8000-000000000001"
    claims = {"profile": [BASE + "of-active"]}
    if where == "bundled":
        of = observation(meta=claims, performer=[{"reference": url}])
        whole = bundle("collection", entry("urn:oid:1.1", of), entry(url, patient(**target)))
        place = "Bundle.entry[1].resource"
    else:
        whole = observation(meta=claims, performer=[{"reference": "#a"}], contained=[patient(id="a", **target)])
        place = "Observation.contained[0]"
    issues = [(issue.rule, issue.expression) for issue in validator.validate(whole) if issue.is_error]
    assert issues == [(expected[0], place + expected[1])]


def test_a_slice_may_be_told_by_one_of_several_resource_types(definitions: Definitions) -> None:
    both = [{"code": "Practitioner"}, {"code": "PractitionerRole"}]
    wanted = profile(
        "staffed",
        "Bundle",
        element("Bundle.entry", slicing=sliced("resource", kind="type")),
        element("Bundle.entry:staff", max="1"),
        element("Bundle.entry:staff.resource", type=both),
    )
    validator = Validator(definitions.with_packages(package_of([wanted], "tests", "1")))
    held = [
        entry("urn:uuid:6f2d1c1e-0f4b-4a0e-9c7e-00000000000a", {"resourceType": "Practitioner", "active": True}),
        entry("urn:uuid:6f2d1c1e-0f4b-4a0e-9c7e-00000000000b", {"resourceType": "PractitionerRole", "active": True}),
    ]
    assert [each.rule for each in validator.validate(bundle("collection", *held), [BASE + "staffed"])] == ["slice-max"]
    assert validator.validate(bundle("collection", held[1]), [BASE + "staffed"]) == []


def test_what_one_profile_forbids_and_another_asks_for_is_missed(definitions: Definitions) -> None:
    forbidding = profile("forbidding", "Patient", element("Patient.link", max="0"))
    asking = profile("asking", "Patient", element("Patient.link", min=1))
    validator = Validator(definitions.with_packages(package_of([forbidding, asking], "tests", "1")))
    found = validator.validate(patient(), [BASE + "forbidding", BASE + "asking"])
    assert [(each.rule, each.expression) for each in found] == [("min", "Patient")]
