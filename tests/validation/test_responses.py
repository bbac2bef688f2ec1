"""QuestionnaireResponses against their Questionnaires: each rule is broken once, and once not."""

from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator

HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"
URL = "https://example.org/fhir/Questionnaire/invented"
SYSTEM = "https://example.org/fhir/CodeSystem/invented"
UCUM = "http://unitsofmeasure.org"


def coding(code: str, system: str = SYSTEM) -> dict[str, Any]:
    return {"system": system, "code": code}


def quantity(value: float, code: str | None) -> dict[str, Any]:
    return {"value": value, "unit": "x"} | ({"system": UCUM, "code": code} if code else {})


def extension(url: str, **value: Any) -> dict[str, Any]:
    return {"url": url, **value}


def question(link: str, kind: str, *extensions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"linkId": link, "type": kind} | ({"extension": list(extensions)} if extensions else {}) | more


def when(link: str, operator: str, **answer: Any) -> list[dict[str, Any]]:
    return [{"question": link, "operator": operator, **answer}]


QUESTIONNAIRE = {
    "resourceType": "Questionnaire",
    "url": URL,
    "version": "1.0.0",
    "status": "draft",
    "item": [
        question("yes", "boolean", text="Did you take it?", required=True),
        question(
            "count",
            "integer",
            extension(HL7 + "minValue", valueInteger=1),
            extension(HL7 + "maxValue", valueInteger=9),
        ),
        question("dose", "decimal", extension(HL7 + "maxDecimalPlaces", valueInteger=1)),
        question(
            "word",
            "string",
            extension(HL7 + "minLength", valueInteger=2),
            extension(HL7 + "regex", valueString="[a-z]+"),
            maxLength=5,
        ),
        question("day", "date", extension(HL7 + "maxValue", valueDate="2025-06")),
        question(
            "choice",
            "choice",
            repeats=True,
            answerOption=[
                {"valueCoding": coding("a")},
                {"valueCoding": coding("b")},
                {
                    "valueCoding": coding("none"),
                    "extension": [extension(HL7 + "questionnaire-optionExclusive", valueBoolean=True)],
                },
            ],
        ),
        question("open", "open-choice", answerOption=[{"valueCoding": coding("a")}]),
        question("gender", "choice", answerValueSet="http://hl7.org/fhir/ValueSet/administrative-gender"),
        question("elsewhere", "choice", answerValueSet="https://example.org/fhir/ValueSet/none"),
        question("why", "string", enableWhen=when("yes", "=", answerBoolean=False)),
        question("many", "string", required=True, enableWhen=when("count", ">", answerInteger=5)),
        question("told", "string", enableWhen=when("count", "exists", answerBoolean=True)),
        question(
            "either",
            "string",
            enableWhen=when("count", "=", answerInteger=3) + when("choice", "=", answerCoding=coding("b")),
            enableBehavior="any",
        ),
        question(
            "both",
            "string",
            enableWhen=when("count", "!=", answerInteger=3) + when("choice", "=", answerCoding=coding("b")),
            enableBehavior="all",
        ),
        question(
            "weight",
            "quantity",
            extension(SDC + "minQuantity", valueQuantity=quantity(40, "kg")),
            extension(HL7 + "questionnaire-unitOption", valueCoding=coding("kg", UCUM)),
            extension(HL7 + "questionnaire-unitOption", valueCoding=coding("g", UCUM)),
            extension(HL7 + "questionnaire-unitOption", valueCoding=coding("m", UCUM)),
        ),
        question("who", "reference", extension(HL7 + "questionnaire-referenceResource", valueCode="Practitioner")),
        question(
            "photo",
            "attachment",
            extension(HL7 + "mimeType", valueCode="image/png"),
            extension(HL7 + "maxSize", valueDecimal=3),
        ),
        question(
            "few",
            "string",
            extension(HL7 + "questionnaire-minOccurs", valueInteger=2),
            extension(HL7 + "questionnaire-maxOccurs", valueInteger=3),
            repeats=True,
        ),
        question(
            "group",
            "group",
            repeats=True,
            item=[
                question("used", "boolean"),
                question("what", "string", required=True, enableWhen=when("used", "=", answerBoolean=True)),
                question("note", "display", text="Thank you."),
                question("outer", "string", item=[question("inner", "string")]),
            ],
        ),
        question(
            "total",
            "integer",
            extension(
                SDC + "calculatedExpression",
                valueExpression={
                    "language": "text/fhirpath",
                    "expression": "%resource.item.where(linkId = 'count').answer.value * 2",
                },
            ),
        ),
        question(
            "broken",
            "integer",
            extension(
                SDC + "calculatedExpression",
                valueExpression={"language": "text/fhirpath", "expression": "%resource.nothing.like.it"},
            ),
        ),
    ],
}


def response(*items: dict[str, Any], status: str = "completed", **more: Any) -> dict[str, Any]:
    return {"resourceType": "QuestionnaireResponse", "questionnaire": URL, "status": status, "item": list(items)} | more


def answered(link: str, *answers: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"linkId": link} | ({"answer": list(answers)} if answers else {}) | more


YES = answered("yes", {"valueBoolean": True})
NO = answered("yes", {"valueBoolean": False})


def group(*items: dict[str, Any]) -> dict[str, Any]:
    return {"linkId": "group", "item": list(items)}


RIGHT: list[dict[str, Any]] = [
    response(YES),
    response(YES, answered("count", {"valueInteger": 9}), answered("many", {"valueString": "x"})),
    response(YES, answered("dose", {"valueDecimal": 2.5}), answered("word", {"valueString": "abcde"})),
    response(YES, answered("day", {"valueDate": "2025-05-31"})),
    response(YES, answered("choice", {"valueCoding": coding("a")}, {"valueCoding": coding("b")})),
    response(YES, answered("choice", {"valueCoding": coding("none")})),
    response(YES, answered("open", {"valueString": "in my own words"})),
    response(YES, answered("gender", {"valueCoding": coding("male", "http://hl7.org/fhir/administrative-gender")})),
    response(NO, answered("why", {"valueString": "x"})),
    response(YES, answered("why")),
    response(YES, answered("count", {"valueInteger": 3}), answered("told", {"valueString": "x"})),
    response(YES, answered("count", {"valueInteger": 3}), answered("either", {"valueString": "x"})),
    response(YES, answered("choice", {"valueCoding": coding("b")}), answered("either", {"valueString": "x"})),
    response(YES, answered("choice", {"valueCoding": coding("b")}), answered("both", {"valueString": "x"})),
    response(YES, answered("weight", {"valueQuantity": quantity(40000, "g")})),
    response(YES, answered("who", {"valueReference": {"reference": "Practitioner/1"}})),
    response(YES, answered("photo", {"valueAttachment": {"contentType": "image/png", "data": "AAAA"}})),
    response(YES, answered("few", {"valueString": "a"}, {"valueString": "b"})),
    response(
        YES,
        group(answered("used", {"valueBoolean": False})),
        group(answered("used", {"valueBoolean": True}), answered("what", {"valueString": "x"})),
    ),
    response(YES, group(answered("outer", {"valueString": "x", "item": [answered("inner", {"valueString": "y"})]}))),
    response(YES, group(answered("note", text="Thank you."), answered("outer", {"valueString": "x"}))),
    response(YES, answered("count", {"valueInteger": 4}), answered("total", {"valueInteger": 8})),
]


@pytest.fixture(scope="module")
def validator(definitions: Definitions) -> Validator:
    return Validator(definitions.with_packages(package_of([QUESTIONNAIRE], "invented.questionnaires", "1.0.0")))


def told(validator: Validator, resource: dict[str, Any]) -> list[tuple[str, str]]:
    return [(issue.rule, issue.expression) for issue in validator.validate(resource)]


@pytest.mark.parametrize("resource", RIGHT)
def test_nothing_is_found_in_what_is_right(validator: Validator, resource: dict[str, Any]) -> None:
    assert told(validator, resource) == []


ITEM = "QuestionnaireResponse.item"
FIRST = ITEM + "[1].answer[0].value.ofType({})"
BROKEN: list[tuple[dict[str, Any], str, str]] = [
    (response(answered("count", {"valueInteger": 1})), "answer-missing", "QuestionnaireResponse"),
    (response(answered("yes"), answered("count", {"valueInteger": 1})), "answer-missing", f"{ITEM}[0]"),
    (response(YES, answered("nonsense", {"valueString": "x"})), "answer-unknown-link", f"{ITEM}[1]"),
    (response(YES, answered("used", {"valueBoolean": True})), "answer-misplaced", f"{ITEM}[1]"),
    (response(answered("count", {"valueInteger": 1}), YES), "answer-order", f"{ITEM}[1]"),
    (response(YES, YES), "answer-item-twice", f"{ITEM}[1]"),
    (response(answered("yes", {"valueBoolean": True}, {"valueBoolean": True})), "answer-twice", f"{ITEM}[0].answer[1]"),
    (response(answered("yes", {"valueBoolean": True}, text="Other words?")), "answer-question-text", f"{ITEM}[0].text"),
    (response(YES, answered("count", {"valueString": "1"})), "answer-type", FIRST.format("string")),
    (response(YES, answered("count", {"valueInteger": 0})), "answer-below", FIRST.format("integer")),
    (response(YES, answered("day", {"valueDate": "2025-07-01"})), "answer-above", FIRST.format("date")),
    (response(YES, answered("dose", {"valueDecimal": 2.25})), "answer-decimals", FIRST.format("decimal")),
    (response(YES, answered("word", {"valueString": "abcdef"})), "answer-long", FIRST.format("string")),
    (response(YES, answered("word", {"valueString": "a"})), "answer-short", FIRST.format("string")),
    (response(YES, answered("word", {"valueString": "ABC"})), "answer-regex", FIRST.format("string")),
    (response(YES, answered("choice", {"valueCoding": coding("z")})), "answer-option", FIRST.format("Coding")),
    (response(YES, answered("open", {"valueCoding": coding("z")})), "answer-option", FIRST.format("Coding")),
    (
        response(YES, answered("choice", {"valueCoding": coding("a")}, {"valueCoding": coding("none")})),
        "answer-exclusive",
        f"{ITEM}[1].answer[1]",
    ),
    (response(YES, answered("gender", {"valueCoding": coding("male")})), "answer-value-set", FIRST.format("Coding")),
    (response(YES, answered("elsewhere", {"valueCoding": coding("x")})), "answer-unchecked", FIRST.format("Coding")),
    (response(YES, answered("why", {"valueString": "x"})), "answer-disabled", f"{ITEM}[1]"),
    (response(YES, answered("told", {"valueString": "x"})), "answer-disabled", f"{ITEM}[1]"),
    (response(YES, answered("either", {"valueString": "x"})), "answer-disabled", f"{ITEM}[1]"),
    (response(YES, answered("both", {"valueString": "x"})), "answer-disabled", f"{ITEM}[1]"),
    (response(YES, answered("count", {"valueInteger": 6})), "answer-missing", "QuestionnaireResponse"),
    (
        response(YES, answered("weight", {"valueQuantity": quantity(39, "kg")})),
        "answer-below",
        FIRST.format("Quantity"),
    ),
    (
        response(YES, answered("weight", {"valueQuantity": quantity(50, "m")})),
        "answer-incomparable",
        FIRST.format("Quantity"),
    ),
    (
        response(YES, answered("weight", {"valueQuantity": quantity(50000000, "mg")})),
        "answer-unit",
        FIRST.format("Quantity"),
    ),
    (
        response(YES, answered("who", {"valueReference": {"reference": "Patient/1"}})),
        "answer-target",
        FIRST.format("Reference"),
    ),
    (
        response(YES, answered("photo", {"valueAttachment": {"contentType": "text/plain", "data": "AAAA"}})),
        "answer-content-type",
        FIRST.format("Attachment"),
    ),
    (
        response(YES, answered("photo", {"valueAttachment": {"contentType": "image/png", "data": "AAAAAA=="}})),
        "answer-size",
        FIRST.format("Attachment"),
    ),
    (response(YES, answered("few", {"valueString": "a"})), "answer-few", f"{ITEM}[1]"),
    (response(YES, answered("few", *({"valueString": x} for x in "abcd"))), "answer-many", f"{ITEM}[1]"),
    (response(YES, answered("group", {"valueString": "x"})), "answer-none-allowed", f"{ITEM}[1].answer[0]"),
    (
        response(YES, group(answered("note", {"valueString": "x"}))),
        "answer-none-allowed",
        f"{ITEM}[1].item[0].answer[0]",
    ),
    (response(YES, group(answered("used", {"valueBoolean": True}))), "answer-missing", f"{ITEM}[1]"),
    (
        response(YES, answered("count", {"valueInteger": 4}), answered("total", {"valueInteger": 9})),
        "answer-calculated",
        f"{ITEM}[2].answer[0].value.ofType(integer)",
    ),
    (response(YES, answered("broken", {"valueInteger": 9})), "answer-not-calculated", FIRST.format("integer")),
    (
        response(YES, questionnaire="https://example.org/none"),
        "questionnaire-unknown",
        "QuestionnaireResponse.questionnaire",
    ),
    (response(YES, questionnaire=URL + "|2.0.0"), "questionnaire-unknown", "QuestionnaireResponse.questionnaire"),
]


@pytest.mark.parametrize(("resource", "rule", "expression"), BROKEN, ids=[f"{r} at {e}" for _, r, e in BROKEN])
def test_a_fault_is_found_once_at_its_place(
    validator: Validator, resource: dict[str, Any], rule: str, expression: str
) -> None:
    assert told(validator, resource) == [(rule, expression)]


def test_what_belongs_to_an_answer_stands_in_it(validator: Validator) -> None:
    outside = group(answered("outer", {"valueString": "x"}, item=[answered("inner", {"valueString": "y"})]))
    assert told(validator, response(YES, outside)) == [
        ("answer-item-outside", f"{ITEM}[1].item[0].item[0]"),
    ]


@pytest.mark.parametrize("status", ["in-progress", "stopped", "entered-in-error"])
def test_an_unfinished_response_may_lack_answers(validator: Validator, status: str) -> None:
    found = validator.validate(response(answered("count", {"valueInteger": 1}), status=status))
    assert [(issue.rule, issue.severity) for issue in found] == [("answer-missing", "warning")]


def test_a_contained_questionnaire_is_used(definitions: Definitions) -> None:
    contained = {
        "resourceType": "Questionnaire",
        "id": "q",
        "status": "draft",
        "item": [question("x", "string", required=True)],
    }
    resource = response(answered("x", {"valueInteger": 1}), questionnaire="#q", contained=[contained])
    assert told(Validator(definitions), resource) == [("answer-type", f"{ITEM}[0].answer[0].value.ofType(integer)")]


def test_a_questionnaire_is_looked_up_where_no_package_has_it(definitions: Definitions) -> None:
    validator = Validator(definitions, look_up={URL: QUESTIONNAIRE}.get)
    assert told(validator, response(YES)) == []
    assert told(validator, response(answered("count", {"valueInteger": 1}))) == [
        ("answer-missing", "QuestionnaireResponse")
    ]


def test_without_a_questionnaire_there_is_nothing_to_check(validator: Validator) -> None:
    resource = response(answered("anything", {"valueString": "x"}))
    del resource["questionnaire"]
    assert told(validator, resource) == []
