"""Rules for resources that define things, and for reports on them: what breaks each is found once, at its place."""

from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator
from tests.validation.made import questionnaire

BASE = "https://example.org/fhir/"
CORE = "http://hl7.org/fhir/StructureDefinition/"
GENDER = "http://hl7.org/fhir/administrative-gender"
V3_GENDER = "http://terminology.hl7.org/CodeSystem/v3-AdministrativeGender"
SCORING = "http://terminology.hl7.org/CodeSystem/measure-scoring"
POPULATION = "http://terminology.hl7.org/CodeSystem/measure-population"


def concept(code: str, system: str = POPULATION) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


def concept_map(source: str, target: str) -> dict[str, Any]:
    element = {"code": source, "target": [{"code": target, "equivalence": "equivalent"}]}
    group = {"source": GENDER, "target": V3_GENDER, "element": [element]}
    return {"resourceType": "ConceptMap", "status": "draft", "group": [group]}


def capabilities(type_: str) -> dict[str, Any]:
    parameter = {"name": "name", "definition": "http://hl7.org/fhir/SearchParameter/Patient-name", "type": type_}
    own = {"name": "own", "definition": BASE + "SearchParameter/own", "type": "date"}
    return {
        "resourceType": "CapabilityStatement", "status": "draft", "date": "2026-01-01",
        "kind": "requirements", "description": "Invented.",
        "fhirVersion": "4.0.1", "format": ["json"],
        "rest": [{"mode": "server", "resource": [{"type": "Patient", "searchParam": [parameter, own]}]}],
    }  # fmt: skip


def search_parameter(type_: str) -> dict[str, Any]:
    return {
        "resourceType": "SearchParameter", "url": BASE + "SearchParameter/of-name", "name": "OfName",
        "status": "draft", "description": "Invented.", "code": "of-name", "base": ["Patient"], "type": type_,
        "expression": "Patient.name", "derivedFrom": "http://hl7.org/fhir/SearchParameter/individual-phonetic",
    }  # fmt: skip


def structure(*elements: dict[str, Any]) -> dict[str, Any]:
    return {
        "resourceType": "StructureDefinition", "url": BASE + "StructureDefinition/s", "name": "S", "status": "draft",
        "kind": "resource", "abstract": False, "type": "Observation", "baseDefinition": CORE + "Observation",
        "derivation": "constraint", "differential": {"element": list(elements)},
    }  # fmt: skip


def sliced(path: str, kind: str = "value") -> dict[str, Any]:
    slicing = {"discriminator": [{"type": kind, "path": path}], "rules": "open"}
    return structure({"id": "Observation.component", "path": "Observation.component", "slicing": slicing})


MEASURE = {
    "resourceType": "Measure", "url": BASE + "Measure/two", "status": "draft",
    "scoring": concept("cohort", SCORING),
    "group": [{"code": {"text": name}, "population": [{"code": concept("initial-population")}]} for name in "ab"],
}  # fmt: skip


def report(*groups: dict[str, Any], measure: str = "two", kind: str = "summary") -> dict[str, Any]:
    period = {"start": "2026-01-01", "end": "2026-03-31"}
    return {
        "resourceType": "MeasureReport", "status": "complete", "type": kind, "measure": BASE + f"Measure/{measure}",
        "period": period, "group": list(groups),
    }  # fmt: skip


def group(name: str | None, *codes: str, **more: Any) -> dict[str, Any]:
    code = {} if name is None else {"code": {"text": name}}
    return code | {"population": [{"code": concept(each), "count": 1} for each in codes]} | more


START = "initial-population"
SUBJECTS = {"population": [{"code": concept(START), "subjectResults": {"display": "A list"}}]}


OWN = {
    "resourceType": "CodeSystem", "id": "own", "url": BASE + "CodeSystem/own", "status": "draft", "content": "complete",
    "name": "Own", "concept": [{"code": "a"}],
}  # fmt: skip


def value_set(system: str, **more: Any) -> dict[str, Any]:
    return {"resourceType": "ValueSet", "status": "draft", "compose": {"include": [{"system": system}]}} | more


def code_system(*properties: dict[str, Any], **used: Any) -> dict[str, Any]:
    concept_ = {"code": "a", "property": [{"code": "p"} | used]} if used else {"code": "a"}
    return {
        "resourceType": "CodeSystem", "url": BASE + "CodeSystem/c", "status": "draft", "content": "complete",
        "property": list(properties), "concept": [concept_],
    }  # fmt: skip


def filtered(property_: str, op: str, value: str) -> dict[str, Any]:
    include = {"system": TOOTH, "filter": [{"property": property_, "op": op, "value": value}]}
    return {"resourceType": "ValueSet", "status": "draft", "compose": {"include": [include]}}


def calculating(text: str, language: str = "text/fhirpath") -> dict[str, Any]:
    url = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression"
    calculated = {"url": url, "valueExpression": {"language": language, "expression": text}}
    return questionnaire(item=[{"linkId": "1", "type": "decimal", "extension": [calculated]}])


def asking(question: str) -> dict[str, Any]:
    when = {"question": question, "operator": "exists", "answerBoolean": True}
    inside = {"linkId": "1.1", "type": "string", "enableWhen": [when]}
    return questionnaire(item=[{"linkId": "1", "type": "group", "item": [inside]}, {"linkId": "2", "type": "string"}])


TOOTH = "http://terminology.hl7.org/CodeSystem/ex-tooth"
P = {"code": "p", "type": "boolean"}
SELECTABLE = {"uri": "http://hl7.org/fhir/concept-properties#notSelectable", "code": "n", "type": "boolean"}

BROKEN: list[tuple[dict[str, Any], str, str]] = [
    (code_system(P, P), "property-twice", "CodeSystem.property[1].code"),
    (code_system(SELECTABLE, SELECTABLE | {"code": "m"}), "property-twice", "CodeSystem.property[1].uri"),
    (code_system(SELECTABLE | {"type": "code"}), "property-type", "CodeSystem.property[0].type"),
    (
        code_system(P, valueCode="true"),
        "property-value",
        "CodeSystem.concept[0].property[0].value.ofType(code)",
    ),
    (filtered("notSelectable", "=", "1"), "filter-boolean", "ValueSet.compose.include[0].filter[0].value"),
    (filtered("concept", "is-a", "nose"), "filter-code", "ValueSet.compose.include[0].filter[0].value"),
    (filtered("parent", "=", "nose"), "filter-code", "ValueSet.compose.include[0].filter[0].value"),
    (
        calculating("$ and 1"),
        "expression-fhirpath",
        "Questionnaire.item[0].extension[0].value.ofType(Expression).expression",
    ),
    (asking("3"), "question-unknown", "Questionnaire.item[0].item[0].enableWhen[0].question"),
    (concept_map("woman", "F"), "concept-map-code", "ConceptMap.group[0].element[0].code"),
    (concept_map("female", "X"), "concept-map-code", "ConceptMap.group[0].element[0].target[0].code"),
    (
        capabilities("token"),
        "search-parameter-type",
        "CapabilityStatement.rest[0].resource[0].searchParam[0].type",
    ),
    (search_parameter("date"), "search-parameter-type", "SearchParameter.type"),
    (value_set("contained"), "value-set-system", "ValueSet.compose.include[0].system"),
    (value_set("#contained"), "reference-contained", "ValueSet.compose.include[0].system"),
    (value_set("#own", contained=[OWN]), "value-set-system", "ValueSet.compose.include[0].system"),
    (value_set(GENDER, url="ValueSet/gender"), "canonical-url-relative", "ValueSet.url"),
    (sliced("kode"), "discriminator-path", "StructureDefinition.differential.element[0]"),
    (sliced("code.coding.kode"), "discriminator-path", "StructureDefinition.differential.element[0]"),
    (
        structure({"id": "Observation.code", "path": "Observation.code", "min": 0}),
        "snapshot-min",
        "StructureDefinition.differential.element[0]",
    ),
    (report(group("a", START), group("b", START), group("c", START)), "measure-group", "MeasureReport.group[2]"),
    (report(group(None, START)), "measure-group-code", "MeasureReport.group[0]"),
    (report(group("a", START), group("a", START)), "measure-group-missing", "MeasureReport"),
    (report(group("a", START, "numerator")), "measure-population", "MeasureReport.group[0].population[1]"),
    (report(group("a", START, measureScore={"value": 1})), "measure-score", "MeasureReport.group[0].measureScore"),
    (
        report(group("a", **SUBJECTS)),
        "measure-subjects",
        "MeasureReport.group[0].population[0].subjectResults",
    ),
    (report(group("a", START), measure="none"), "measure-unknown", "MeasureReport.measure"),
]
RIGHT: list[dict[str, Any]] = [
    code_system(P, SELECTABLE, valueBoolean=True),
    filtered("notSelectable", "=", "true"),
    filtered("parent", "=", "1"),
    calculating("%resource.item.answer.value.sum()"),
    calculating("$ and 1", "text/cql"),
    asking("2"),
    concept_map("female", "F"),
    capabilities("string"),
    search_parameter("string"),
    value_set(GENDER, url="https://example.org/fhir/ValueSet/gender"),
    sliced("code"),
    sliced("value", "type"),
    sliced("value.resolve().whatever"),
    report(group("a", START), group("b", START)),
    report(group("a", START)),
    report(group("a", **SUBJECTS), kind="subject-list"),
]


@pytest.fixture(scope="module")
def knowing(definitions: Definitions) -> Validator:
    return Validator(definitions.with_packages(package_of([MEASURE], "tests", "1")))


def _told(validator: Validator, resource: dict[str, Any]) -> list[tuple[str, str]]:
    found = validator.validate(resource)
    return [(each.rule, each.expression) for each in found if each.is_error or each.rule == "measure-unknown"]


@pytest.mark.parametrize(("resource", "rule", "expression"), BROKEN)
def test_what_is_wrong_is_found_once(knowing: Validator, resource: dict[str, Any], rule: str, expression: str) -> None:
    assert _told(knowing, resource) == [(rule, expression)]


@pytest.mark.parametrize("resource", RIGHT)
def test_what_is_right_passes(knowing: Validator, resource: dict[str, Any]) -> None:
    assert _told(knowing, resource) == []


def test_a_definition_that_is_validated_binds_nobody(definitions: Definitions) -> None:
    validator = Validator(definitions)
    claimed = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"
    slicing = {"discriminator": [{"type": "value", "path": "system"}], "rules": "open"}
    pretender = structure({"id": "Patient.identifier", "path": "Patient.identifier", "slicing": slicing}) | {
        "url": claimed, "version": "6.1.0", "type": "Patient", "baseDefinition": CORE + "Patient",
    }  # fmt: skip
    validator.validate(pretender)
    patient = {
        "resourceType": "Patient", "meta": {"profile": [claimed]}, "gender": "female",
        "name": [{"family": "Invented"}], "identifier": [{"value": "1"}],
    }  # fmt: skip
    told = [issue.expression for issue in validator.validate(patient) if issue.is_error]
    assert told == ["Patient.identifier[0]"]
