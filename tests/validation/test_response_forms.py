"""Small Questionnaires, each with a response and what is said of it: the quick way and the close look agree."""

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json, xml
from fhir_iop.validation import Validator
from fhir_iop.validation.findings import findings
from fhir_iop.validation.frame import Frame
from fhir_iop.validation.responses.forms import Compiled
from tests.validation.test_responses import HL7, SDC, answered, coding, extension, quantity, question, when

URL = "https://example.org/fhir/Questionnaire/small"
UCUM = "http://unitsofmeasure.org"
TRUE, FALSE = {"valueBoolean": True}, {"valueBoolean": False}
X = {"valueString": "x"}
ITEM = "QuestionnaireResponse.item"


def form(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Questionnaire", "url": URL, "status": "draft", "item": list(items)} | more


def response(*items: dict[str, Any], **more: Any) -> dict[str, Any]:
    resource = {"resourceType": "QuestionnaireResponse", "questionnaire": URL, "status": "completed"} | more
    return resource | ({"item": list(items)} if items else {})


def items(link: str, *inside: dict[str, Any]) -> dict[str, Any]:
    return {"linkId": link, "item": list(inside)}


def integer(value: int) -> dict[str, Any]:
    return {"valueInteger": value}


def coded(code: str, **more: Any) -> dict[str, Any]:
    return {"valueCoding": coding(code) | more}


ASKED = question("a", "boolean")
IF_ASKED = question("b", "string", enableWhen=when("a", "=", answerBoolean=True))
PAIR = question("g", "group", repeats=True, item=[ASKED, IF_ASKED])
SUB = question("a", "choice", repeats=True, answerOption=[coded("a"), coded("o")], item=[question("b", "string")])
CONTAINED = {
    "resourceType": "ValueSet",
    "id": "v",
    "status": "draft",
    "compose": {"include": [{"system": "https://example.org/fhir/CodeSystem/invented", "concept": [{"code": "a"}]}]},
}
OWN_SET = form(question("a", "choice", answerValueSet="#v"), contained=[CONTAINED])
GENDER = "http://hl7.org/fhir/ValueSet/administrative-gender"
GENDER_CODES = "http://hl7.org/fhir/administrative-gender"
CALCULATED = SDC + "calculatedExpression"


def fhirpath(expression: str, **more: Any) -> dict[str, Any]:
    return {"valueExpression": {"language": "text/fhirpath", "expression": expression} | more}


def score(name: str, *extensions: dict[str, Any]) -> dict[str, Any]:
    return question("total", "integer", *extensions, extension(CALCULATED, **fhirpath(name)))


def counting(code: str, weight: int) -> dict[str, Any]:
    return coded(code, extension=[extension(HL7 + "ordinalValue", valueDecimal=weight)])


COUNTING = [counting("a", 1), counting("b", 2)]
WEIGHED = form(
    question("a", "choice", answerOption=COUNTING),
    question("b", "choice", answerOption=COUNTING),
    score("%resource.item.answer.value.ordinal().aggregate($this + $total, 0)"),
)

Case = tuple[dict[str, Any], dict[str, Any], list[tuple[str, str]]]
NOTHING: list[tuple[str, str]] = []

CASES: list[Case] = [
    # --- what must be there
    (form(question("g", "group", required=True, item=[ASKED])), response(), [("answer-missing", ITEM[:21])]),
    (form(question("g", "group", required=True, item=[ASKED])), response(items("g", answered("a", TRUE))), NOTHING),
    (form(question("g", "group", required=True, item=[ASKED])), response(items("g", answered("a"))), NOTHING),
    (form(question("g", "group", item=[question("a", "string", required=True)])), response(), NOTHING),
    (
        form(question("g", "group", item=[question("a", "string", required=True), question("b", "string")])),
        response(items("g", answered("b", X))),
        [("answer-missing", ITEM + "[0]")],
    ),
    (form(question("a", "string", item=[question("b", "string", required=True)])), response(), NOTHING),
    (
        form(question("a", "string", item=[question("b", "string", required=True)])),
        response(answered("a", X)),
        [("answer-missing", ITEM + "[0].answer[0]")],
    ),
    (form(question("a", "display", text="x", required=True)), response(), NOTHING),
    (form(question("a", "string")), response(status="in-progress"), NOTHING),
    # --- when a question is asked
    (form(ASKED, IF_ASKED), response(answered("a", TRUE), answered("b", X)), NOTHING),
    (form(ASKED, IF_ASKED), response(answered("b", X)), [("answer-disabled", ITEM + "[0]")]),
    (form(IF_ASKED, ASKED), response(answered("b", X), answered("a", TRUE)), NOTHING),
    (form(ASKED, IF_ASKED | {"required": True}), response(answered("a", FALSE)), NOTHING),
    (form(ASKED, IF_ASKED | {"required": True}), response(answered("a", TRUE)), [("answer-missing", ITEM[:21])]),
    (  # no answer is equal: https://hl7.org/fhir/R4/valueset-questionnaire-enable-operator.html
        form(ASKED, question("b", "string", enableWhen=when("a", "!=", answerBoolean=True))),
        response(answered("b", X)),
        NOTHING,
    ),
    (
        form(
            question("a", "integer", repeats=True), question("b", "string", enableWhen=when("a", "!=", answerInteger=3))
        ),
        response(answered("a", integer(3), integer(4)), answered("b", X)),
        [("answer-disabled", ITEM + "[1]")],
    ),
    (
        form(
            question("a", "integer", repeats=True), question("b", "string", enableWhen=when("a", ">", answerInteger=3))
        ),
        response(answered("a", integer(3), integer(4)), answered("b", X)),
        NOTHING,
    ),
    (
        form(PAIR),
        response(items("g", answered("a", TRUE), answered("b", X)), items("g", answered("a", FALSE))),
        NOTHING,
    ),
    (
        form(PAIR),
        response(items("g", answered("a", TRUE), answered("b", X)), items("g", answered("b", X))),
        [("answer-disabled", ITEM + "[1].item[0]")],
    ),
    (  # a question that is disabled has no answer that could enable another
        form(ASKED, IF_ASKED, question("c", "string", enableWhen=when("b", "exists", answerBoolean=True))),
        response(answered("a", FALSE), answered("b", X), answered("c", X)),
        [("answer-disabled", ITEM + "[1]"), ("answer-disabled", ITEM + "[2]")],
    ),
    (  # nor has one inside a group that is disabled
        form(
            ASKED,
            question("g", "group", enableWhen=when("a", "=", answerBoolean=True), item=[question("b", "string")]),
            question("c", "string", enableWhen=when("b", "exists", answerBoolean=True)),
        ),
        response(answered("a", FALSE), items("g", answered("b", X)), answered("c", X)),
        [("answer-disabled", ITEM + "[1]"), ("answer-disabled", ITEM + "[2]")],
    ),
    (  # two that wait for each other
        form(
            question("a", "boolean", enableWhen=when("b", "=", answerBoolean=True)),
            question("b", "boolean", enableWhen=when("a", "=", answerBoolean=True)),
        ),
        response(answered("a", TRUE), answered("b", TRUE)),
        NOTHING,
    ),
    (form(ASKED | {"enableWhen": when("a", "exists", answerBoolean=True)}), response(answered("a", TRUE)), NOTHING),
    (
        form(question("b", "string", enableWhen=when("none such", "=", answerBoolean=True))),
        response(answered("b", X)),
        [("answer-disabled", ITEM + "[0]")],
    ),
    (
        form(question("g", "group", item=[ASKED]), question("h", "group", item=[IF_ASKED])),
        response(items("g", answered("a", TRUE)), items("h", answered("b", X))),
        NOTHING,
    ),
    (
        form(
            question("w", "quantity"),
            question("b", "string", enableWhen=when("w", ">", answerQuantity=quantity(1, "kg"))),
        ),
        response(answered("w", {"valueQuantity": quantity(1500, "g")}), answered("b", X)),
        NOTHING,
    ),
    (
        form(question("d", "date"), question("b", "string", enableWhen=when("d", "<", answerDate="2024-01-01"))),
        response(answered("d", {"valueDate": "2024-01-05"}), answered("b", X)),
        [("answer-disabled", ITEM + "[1]")],
    ),
    (  # a Coding that is asked for without its system
        form(SUB | {"item": []}, question("b", "string", enableWhen=when("a", "=", answerCoding={"code": "o"}))),
        response(answered("a", coded("o")), answered("b", X)),
        NOTHING,
    ),
    (  # what belongs to an answer may ask for that answer
        form(SUB | {"item": [question("b", "string", enableWhen=when("a", "=", answerCoding=coding("o")))]}),
        response(answered("a", coded("o") | {"item": [answered("b", X)]})),
        NOTHING,
    ),
    # --- once and more than once
    (
        form(question("a", "string", repeats=True)),
        response(answered("a", X), answered("a", X)),
        [("answer-item-twice", ITEM + "[1]")],
    ),
    (form(PAIR), response(items("g", answered("a", FALSE)), items("g", answered("a", FALSE))), NOTHING),
    (
        form(
            question(
                "g", "group", extension(HL7 + "questionnaire-maxOccurs", valueInteger=1), repeats=True, item=[ASKED]
            )
        ),
        response(items("g", answered("a", TRUE)), items("g", answered("a", TRUE))),
        [("answer-many", ITEM + "[0]")],
    ),
    (
        form(
            question(
                "g", "group", extension(HL7 + "questionnaire-minOccurs", valueInteger=2), repeats=True, item=[ASKED]
            )
        ),
        response(items("g", answered("a", TRUE))),
        [("answer-few", ITEM + "[0]")],
    ),
    # --- what is offered
    (
        form(question("a", "choice", answerOption=[coded("a", display="Every day")])),
        response(answered("a", coded("a", display="Not at all"))),
        [("answer-display", ITEM + "[0].answer[0].value.ofType(Coding)")],
    ),
    (
        form(question("a", "choice", answerOption=[coded("a", display="Every day")])),
        response(answered("a", coded("a", display="every  day"))),
        NOTHING,
    ),
    (
        form(question("a", "choice", answerOption=[{"valueInteger": 1}, {"valueDate": "2024-01"}])),
        response(answered("a", integer(2))),
        [("answer-option", ITEM + "[0].answer[0].value.ofType(integer)")],
    ),
    (form(question("a", "choice", answerOption=[{"valueInteger": 1}])), response(answered("a", integer(1))), NOTHING),
    (form(question("a", "integer", answerOption=[{"valueInteger": 1}])), response(answered("a", integer(1))), NOTHING),
    (
        form(question("a", "choice", answerOption=[{"valueReference": {"reference": "Patient/1"}}])),
        response(answered("a", {"valueReference": {"reference": "Patient/1", "display": "x"}})),
        NOTHING,
    ),
    (
        form(question("a", "choice", answerOption=[{"valueReference": {"reference": "Patient/1"}}])),
        response(answered("a", {"valueReference": {"reference": "Patient/2"}})),
        [("answer-option", ITEM + "[0].answer[0].value.ofType(Reference)")],
    ),
    (OWN_SET, response(answered("a", coded("a"))), NOTHING),
    (
        OWN_SET,
        response(answered("a", coded("b"))),
        [("answer-value-set", ITEM + "[0].answer[0].value.ofType(Coding)")],
    ),
    (
        form(question("a", "choice", answerValueSet=GENDER)),
        response(answered("a", {"valueString": "male"})),
        [("answer-uncoded", ITEM + "[0].answer[0].value.ofType(string)")],
    ),
    (form(question("a", "open-choice", answerValueSet=GENDER)), response(answered("a", X)), NOTHING),
    (  # what was shown beside the code is another code's
        form(question("a", "choice", answerValueSet=GENDER)),
        response(answered("a", {"valueCoding": {"system": GENDER_CODES, "code": "male", "display": "Female"}})),
        [("display", ITEM + "[0].answer[0].value.ofType(Coding).display")],
    ),
    (form(question("a", "choice")), response(answered("a", coded("a"))), NOTHING),
    (  # a value without its form is told as that
        form(question("a", "choice", answerOption=[coded("a")])),
        response(answered("a", {"valueCoding": {"system": "not a system", "code": "a"}})),
        [("primitive-format", ITEM + "[0].answer[0].value.ofType(Coding).system")],
    ),
    # --- within limits
    (
        form(question("a", "url", maxLength=10)),
        response(answered("a", {"valueUri": "https://example.org/"})),
        [("answer-long", ITEM + "[0].answer[0].value.ofType(uri)")],
    ),
    (
        form(question("a", "string", readOnly=True, initial=[{"valueString": "fixed"}])),
        response(answered("a", X)),
        [("answer-read-only", ITEM + "[0].answer[0].value.ofType(string)")],
    ),
    (form(question("a", "string", readOnly=True, initial=[X])), response(answered("a", X)), NOTHING),
    (  # a pattern that would take for ever
        form(question("a", "string", extension(HL7 + "regex", valueString="(x+x+)+y"))),
        response(answered("a", {"valueString": "x" * 200})),
        [("answer-regex-unchecked", ITEM + "[0].answer[0].value.ofType(string)")],
    ),
    (
        form(question("a", "string", extension(HL7 + "questionnaire-hidden", valueBoolean=True))),
        response(answered("a", X)),
        NOTHING,
    ),
    # --- about whom, and in which words
    (
        form(question("a", "string"), subjectType=["Patient"]),
        response(answered("a", X), subject={"reference": "Practitioner/1"}),
        [("answer-subject", "QuestionnaireResponse.subject")],
    ),
    (
        form(question("a", "string"), subjectType=["Patient"]),
        response(answered("a", X), subject={"reference": "Patient/1"}),
        NOTHING,
    ),
    (
        form(
            question(
                "a",
                "string",
                text="Did you sleep?",
                _text={
                    "extension": [
                        {
                            "url": HL7 + "translation",
                            "extension": [
                                extension("lang", valueCode="es"),
                                extension("content", valueString="¿Durmió?"),
                            ],
                        }
                    ]
                },
            )
        ),
        response(answered("a", X, text="¿Durmió?")),
        NOTHING,
    ),
    # --- calculated
    (
        form(question("a", "integer"), score("item.where(linkId = 'a').answer.value * 2")),
        response(answered("a", integer(2)), answered("total", integer(4))),
        NOTHING,
    ),
    (
        form(
            question("a", "integer"),
            score("%half * 2"),
            extension=[extension(HL7 + "variable", **fhirpath("item.where(linkId = 'a').answer.value", name="half"))],
        ),
        response(answered("a", integer(2)), answered("total", integer(5))),
        [("answer-calculated", ITEM + "[1].answer[0].value.ofType(integer)")],
    ),
    (
        form(score("%questionnaire.item.count()")),
        response(answered("total", integer(1))),
        NOTHING,
    ),
    (  # what an answer counts is said by its option
        WEIGHED,
        response(answered("a", coded("a")), answered("b", coded("b")), answered("total", integer(3))),
        NOTHING,
    ),
    (
        WEIGHED,
        response(answered("a", coded("a")), answered("b", coded("b")), answered("total", integer(4))),
        [("answer-calculated", ITEM + "[2].answer[0].value.ofType(integer)")],
    ),
    (
        form(score("%unheard + 1")),
        response(answered("total", integer(1))),
        [("answer-not-calculated", ITEM + "[0].answer[0].value.ofType(integer)")],
    ),
]


def told(found: Any) -> list[tuple[str, str]]:
    return [(issue.rule, issue.expression) for issue in found]


@pytest.mark.parametrize("index", range(len(CASES)))
def test_what_is_said_of_a_response(validator: Validator, definitions: Definitions, index: int) -> None:
    asked, given, expected = CASES[index]
    assert told(validator.validate(given, questionnaires=[asked])) == expected
    looking_up = Validator(definitions, look_up={URL: asked}.get)
    assert told(looking_up.validate(given)) == expected


def test_what_is_right_passes_without_a_close_look(definitions: Definitions) -> None:
    def never() -> Any:
        raise AssertionError("a calculation asks for its context, and nothing here is calculated")

    right = [(asked, given) for asked, given, expected in CASES if not expected and "total" not in str(given)]
    closely = [given for asked, given in right if not Compiled(asked, definitions).quick.passes(given, never)]
    assert closely == []


def test_an_answer_shown_as_another_is_an_error(validator: Validator) -> None:
    code = {"system": GENDER_CODES, "code": "male", "display": "Female"}
    asked = form(question("a", "choice", answerValueSet=GENDER))
    (found,) = validator.validate(response(answered("a", {"valueCoding": code})), questionnaires=[asked])
    assert (found.rule, found.severity) == ("display", "error")


def test_a_questionnaire_is_found_in_the_bundle_around(validator: Validator) -> None:
    asked = form(question("a", "string", required=True), version="2")
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": "https://example.org/fhir/Questionnaire/1", "resource": asked},
            {
                "fullUrl": "https://example.org/fhir/QuestionnaireResponse/1",
                "resource": response(answered("a", integer(1)), questionnaire=f"{URL}|2"),
            },
        ],
    }
    assert ("answer-type", "Bundle.entry[1].resource.item[0].answer[0].value.ofType(integer)") in told(
        validator.validate(bundle)
    )


def test_the_value_sets_of_a_contained_questionnaire_lie_beside_it(validator: Validator) -> None:
    asked = form(question("a", "choice", answerValueSet="#v"), id="q")
    given = response(answered("a", coded("b")), questionnaire="#q", contained=[asked, CONTAINED])
    assert ("answer-value-set", ITEM + "[0].answer[0].value.ofType(Coding)") in told(validator.validate(given))


def test_what_is_no_questionnaire_cannot_be_answered(validator: Validator) -> None:
    found = validator.validate(response(answered("a", X), questionnaire=GENDER))
    assert told(found) == [("questionnaire-other-type", "QuestionnaireResponse.questionnaire")]


def test_a_contained_questionnaire_that_is_not_there_is_told_once(validator: Validator) -> None:
    found = validator.validate(response(answered("a", X), questionnaire="#q"))
    assert [issue.expression for issue in found] == ["QuestionnaireResponse.questionnaire"]


def test_every_sentence_about_an_answer_names_the_question_and_its_questionnaire(validator: Validator) -> None:
    for asked, given, _ in CASES:
        for issue in validator.validate(given, questionnaires=[asked]):
            assert URL in issue.details or issue.rule in {"display", "primitive-format"}, issue


def test_a_long_chain_of_conditions_is_followed(validator: Validator) -> None:
    count = 3000
    following = [
        question(f"q{n}", "boolean", enableWhen=when(f"q{n + 1}", "=", answerBoolean=True)) for n in range(count)
    ]
    asked = form(*following, question(f"q{count}", "boolean"))
    right = [answered(f"q{n}", TRUE) for n in range(count + 1)]
    assert validator.validate(response(*right), questionnaires=[asked]) == []
    wrong = [*right[:-1], answered(f"q{count}", FALSE)]
    assert len(validator.validate(response(*wrong), questionnaires=[asked])) == count


def test_ten_thousand_items_are_walked_through(validator: Validator) -> None:
    count = 10_000
    asked = form(*(question(f"q{n}", "integer", required=True) for n in range(count)))
    given = [answered(f"q{n}", integer(n)) for n in range(count)]
    assert validator.validate(response(*given), questionnaires=[asked]) == []
    assert told(validator.validate(response(*given[:-1]), questionnaires=[asked])) == [
        ("answer-missing", "QuestionnaireResponse")
    ]


JUNK: list[Any] = [None, -1, 1.5, "", "x", True, [], {}, [None], [[]], {"a": 1}, ["a"], "2024", {"linkId": "a"}]


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield value, key
        yield from places(value[key])


def mutated(resource: dict[str, Any], drawn: random.Random) -> dict[str, Any]:
    changed = copy.deepcopy(resource)
    for _ in range(drawn.randint(1, 3)):
        holder, key = drawn.choice(list(places(changed)))
        how = drawn.choice(["replace", "remove", "repeat", "shuffle"])
        if how == "replace":
            holder[key] = copy.deepcopy(drawn.choice(JUNK))
        elif how == "remove":
            del holder[key]
        elif how == "repeat" and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif isinstance(holder, list):
            drawn.shuffle(holder)
    return changed


def test_both_ways_find_the_same_in_what_was_mutated(definitions: Definitions) -> None:
    asked: dict[str, Any] = {}
    validator = Validator(definitions, look_up=lambda _: asked)
    drawn = random.Random(20260301)
    for _ in range(600):
        questionnaire, resource, _ = drawn.choice(CASES)
        asked = mutated(questionnaire, drawn) if drawn.random() < 0.4 else questionnaire
        resource = mutated(resource, drawn)
        frame = Frame(resource, validator._quick.expectations.outside)
        type_, claims = validator._quick.expectations.claims(resource)
        closely = findings(resource, validator._quick.expectations.expected(type_, (), claims), frame)
        assert validator.validate(resource) == [finding.issue for finding in closely], (asked, resource)


def test_a_questionnaire_is_given_beside_text_too(definitions: Definitions) -> None:
    validator = Validator(definitions)
    asked, given = [form(question("a", "integer"))], response(answered("a", X))
    found = [
        validator.validate_text(json.encode(given), questionnaires=asked),
        validator.validate_raw(json.encode(given), questionnaires=asked),
        validator.validate_xml(xml.write(given, definitions), questionnaires=asked),
    ]
    assert [[issue.rule for issue in issues] for issues in found] == [["answer-type"]] * 3


# --- what a form says by FHIRPath -----------------------------------------------------------------------------------

ENABLING = SDC + "enableWhenExpression"
OF_A = "%resource.item.where(linkId = 'a').answer.value"


def enabled_by(text: str, **more: Any) -> dict[str, Any]:
    expression = extension(ENABLING, valueExpression={"language": "text/fhirpath", "expression": text})
    return form(question("a", "integer"), question("b", "string", extension=[expression], **more))


def constraint(text: str, severity: str = "error") -> dict[str, Any]:
    parts = {"key": {"valueId": "c-1"}, "severity": {"valueCode": severity}, "human": {"valueString": "As wished."}}
    said = [{"url": url} | value for url, value in (parts | {"expression": {"valueString": text}}).items()]
    return {"url": HL7 + "questionnaire-constraint", "extension": said}


A3, B = answered("a", integer(3)), answered("b", X)
AT_MOST_2 = f"{OF_A} <= 2"
TOLD_BY_FHIRPATH: list[tuple[dict[str, Any], dict[str, Any], list[tuple[str, str, str]]]] = [
    (enabled_by(f"{OF_A} = 3"), response(A3, B), []),
    (enabled_by(f"{OF_A} = 4"), response(A3, B), [("answer-disabled", f"{ITEM}[1]", "error")]),
    (enabled_by(f"{OF_A} = 4", required=True), response(A3), []),
    (
        enabled_by(f"{OF_A} = 3", required=True),
        response(A3),
        [("answer-missing", "QuestionnaireResponse", "error")],
    ),
    (enabled_by(f"{OF_A} = 4", required=True), response(), []),  # nothing comes of it: that is open
    (enabled_by("nonsense.of(", required=True), response(A3, B), []),
    (form(question("a", "integer"), extension=[constraint(AT_MOST_2)]), response(answered("a", integer(2))), []),
    (
        form(question("a", "integer"), extension=[constraint(AT_MOST_2)]),
        response(A3),
        [("answer-constraint", "QuestionnaireResponse", "error")],
    ),
    (form(question("a", "integer"), extension=[constraint(AT_MOST_2)]), response(A3, status="in-progress"), []),
    (form(question("a", "integer"), extension=[constraint(AT_MOST_2)]), response(), []),
    (
        form(question("a", "integer", extension=[constraint("answer.value <= 2", "warning")])),
        response(A3),
        [("answer-constraint", f"{ITEM}[0]", "warning")],
    ),
    (
        form(question("a", "integer", extension=[constraint("answer.(")])),
        response(A3),
        [("answer-constraint-unchecked", f"{ITEM}[0]", "information")],
    ),
]


@pytest.mark.parametrize(("asked", "given", "expected"), TOLD_BY_FHIRPATH)
def test_what_a_form_says_by_fhirpath(
    validator: Validator, asked: dict[str, Any], given: dict[str, Any], expected: list[tuple[str, str, str]]
) -> None:
    found = validator.validate(given, questionnaires=[asked])
    assert [(issue.rule, issue.expression, issue.severity) for issue in found] == expected
