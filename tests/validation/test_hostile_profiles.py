"""Definitions made to break or busy a validator, and resources that lead it on: findings, and never an exception."""

from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator
from tests.validation.made import coded, observation, patient

BASE = "https://example.org/fhir/"
CORE = "http://hl7.org/fhir/StructureDefinition/"


def profile(name: str, type_: str, *elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "resourceType": "StructureDefinition", "url": BASE + name, "version": "1", "name": name, "status": "draft",
        "kind": "resource", "abstract": False, "type": type_, "baseDefinition": CORE + type_,
        "derivation": "constraint", "differential": {"element": list(elements)},
    } | more  # fmt: skip


def element(path: str, **said: Any) -> dict[str, Any]:
    return {"id": path, "path": path} | said


def asking(path: str, expression: str) -> dict[str, Any]:
    constraint = {"key": "own-1", "severity": "error", "human": "Invented.", "expression": expression}
    return element(path, constraint=[constraint])


def bound(name: str) -> dict[str, Any]:
    binding = {"strength": "required", "valueSet": BASE + name}
    return profile(f"bound-{name}", "Patient", element("Patient.maritalStatus", binding=binding))


def value_set(name: str, *include: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "ValueSet", "url": BASE + name, "version": "1", "status": "draft",
        "compose": {"include": list(include)},
    }  # fmt: skip


def checked(resource: dict[str, Any], name: str, *definitions: dict[str, Any]) -> list[tuple[str, str]]:
    validator = Validator(Definitions.bundled().with_packages(package_of(definitions, "example.hostile", "1")))
    return [(issue.rule, issue.expression) for issue in validator.validate(resource, [BASE + name])]


def test_bases_in_a_circle() -> None:
    one, other = (profile(name, "Patient", baseDefinition=BASE + base) for name, base in (("a", "b"), ("b", "a")))
    assert checked(patient(), "a", one, other) == []
    assert checked(patient(gender="none"), "a", one, other) == [("binding-required", "Patient.gender")]


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_definition_that_derives_from_itself_is_told(length: int) -> None:
    """However long the circle, and whether or not the definition that is validated is also one that is loaded."""
    named = element("Patient.name", min=1)
    chain = [profile(f"p{n}", "Patient", named, baseDefinition=f"{BASE}p{(n + 1) % length}") for n in range(length)]
    for loaded in (chain, chain[1:]):
        validator = Validator(Definitions.bundled().with_packages(package_of(loaded, "example.hostile", "1")))
        found = [(issue.rule, issue.expression) for issue in validator.validate(chain[0])]
        assert found == [("snapshot-circle", "StructureDefinition.baseDefinition")]


def test_an_element_whose_content_is_its_own() -> None:
    own = profile("a", "Questionnaire", element("Questionnaire.item", contentReference="#Questionnaire.item"))
    asked = {"resourceType": "Questionnaire", "status": "draft", "item": [{"linkId": "1", "type": "nothing"}]}
    assert checked(asked, "a", own) == [("binding-required", "Questionnaire.item[0].type")]


@pytest.mark.parametrize(
    "expression",
    [
        "name" + ".select($this.combine($this))" * 30 + ".exists()",
        "(" * 500 + "active" + ")" * 500,
        "name.given.matches('(a+)+b')",
    ],
    ids=["loops in loops", "brackets", "a pattern that explodes"],
)
@pytest.mark.parametrize("path", ["Patient", "Patient.deceased[x]"])
def test_an_expression_that_can_not_be_compiled(expression: str, path: str) -> None:
    place = "Patient" if path == "Patient" else "Patient.deceased.ofType(boolean)"
    found = checked(patient(deceasedBoolean=False), "a", profile("a", "Patient", asking(path, expression)))
    assert found == [("invariant-illegal", place)]


def test_value_sets_that_include_each_other() -> None:
    one, other = value_set("one", {"valueSet": [BASE + "other"]}), value_set("other", {"valueSet": [BASE + "one"]})
    single = patient(maritalStatus=coded("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", "S"))
    assert checked(single, "bound-one", one, other, bound("one")) == [("binding-unchecked", "Patient.maritalStatus")]


def test_value_sets_that_double_each_other() -> None:
    system = "http://terminology.hl7.org/CodeSystem/v3-MaritalStatus"
    doubling = [value_set(f"set-{n}", *[{"valueSet": [BASE + f"set-{n - 1}"]}] * 10) for n in range(1, 40)]
    sets = [value_set("set-0", {"system": system}), *doubling, bound("set-39")]
    assert checked(patient(maritalStatus=coded(system, "S")), "bound-set-39", *sets) == []


def members(count: int, **last: Any) -> dict[str, Any]:
    """An Observation that contains others, of which each has the next as its member."""
    inside = [observation(id=f"o{n}", hasMember=[{"reference": f"#o{n + 1}"}]) for n in range(count)]
    return observation(contained=[*inside, observation(id=f"o{count}", **last)], hasMember=[{"reference": "#o0"}])


MEMBERS = profile(
    "a",
    "Observation",
    element("Observation.hasMember", type=[{"code": "Reference", "targetProfile": [BASE + "a"]}]),
    element("Observation.method", max="0"),
)


def test_references_that_lead_on_and_on() -> None:
    assert checked(members(300), "a", MEMBERS) == []


def test_what_a_few_references_lead_to_is_found() -> None:
    assert checked(members(3, method={"text": "any"}), "a", MEMBERS) == [
        ("reference-profile", "Observation.hasMember[0]")
    ]


def test_a_resource_nested_beyond_all_bounds(validator: Validator) -> None:
    extension: dict[str, Any] = {"url": "https://example.org/inner", "valueString": "a"}
    for _ in range(5_000):
        extension = {"url": "https://example.org/outer", "extension": [extension]}
    assert [issue.rule for issue in validator.validate(patient(extension=[extension]))] == ["resource-depth"]


@pytest.mark.parametrize("quote", ["'", '"', "\\'", "\n"])
def test_no_name_in_a_definition_runs_as_code(definitions: Definitions, quote: str) -> None:
    """Functions are written from definitions: whatever their elements and types are called stays text."""
    name = f"x{quote} in v) or boom() or (v[{quote}y"
    snapshot = {
        "element": [
            element("Patient", min=0, max="*"),
            element(f"Patient.{name}", min=1, max="1", type=[{"code": "string"}], fixedString=name),
            element("Patient.gender", min=0, max="1", type=[{"code": "code"}], patternCode=name),
            element("Patient.name", min=0, max="*", type=[{"code": "HumanName"}], base={"path": "x", "max": "*"}),
        ]
    }
    hostile = profile("hostile", "Patient", snapshot=snapshot)
    validator = Validator(definitions.with_packages(package_of([hostile], "tests", "1")))
    missing = validator.validate(patient(), [BASE + "hostile"])
    assert {each.rule for each in missing if each.is_error} >= {"min", "pattern"}
    # Were it run, there would be no `boom` to call: a NameError, which nothing catches.
    given = validator.validate(patient(**{name: name}), [BASE + "hostile"])
    assert "pattern" in {each.rule for each in given}
