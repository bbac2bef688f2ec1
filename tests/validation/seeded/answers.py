"""Defects of answers: responses changed beside US Core's Questionnaires, and Questionnaires asking for more.

A Questionnaire that was changed travels inside its response, which refers to it as `#form`.
"""

import copy
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from tests.validation.seeded.seed import Edit, Example, Seed, add, at, both, drop, give, mark, put
from tests.validation.seeded.spots import Path

HL7 = "http://hl7.org/fhir/StructureDefinition/"
SDC = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"
GENDER = "http://hl7.org/fhir/administrative-gender"
MG = {"system": "http://unitsofmeasure.org", "code": "mg"}

Questions = Iterator[tuple[Path, str, dict[str, Any], dict[str, Any]]]


def answered(example: Example) -> Questions:
    """The items that are answered, as path, place, item and question."""

    def inside(items: list[dict[str, Any]], path: Path, place: str) -> Questions:
        for index, item in enumerate(items):
            here = (*path, "item", index)
            at_ = f"{place}.item[{index}]"
            if "answer" in item:
                yield here, at_, item, asked[item["linkId"]]
            yield from inside(item.get("item", []), here, at_)

    if example.questionnaire is not None:
        asked = {one["linkId"]: one for one in questions(example.questionnaire)}
        yield from inside(example.resource["item"], (), "QuestionnaireResponse")


def questions(holder: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for item in holder.get("item", ()):
        yield item
        yield from questions(item)


def other_link(example: Example) -> Iterator[Seed]:
    for path, place, _, question in answered(example):
        if not question.get("required"):
            yield Seed("answer-unknown-link", place, give(path, linkId="none"), mark(path))


def another_order(example: Example) -> Iterator[Seed]:
    for path, place, _, _ in answered(example):
        index = path[-1]
        if isinstance(index, int) and index > 0 and place.count(".item") == 1:

            def swap(resource: dict[str, Any], path: Path = path, index: int = index) -> None:
                items = at(resource, path[:-1])
                items[index - 1], items[index] = items[index], items[index - 1]

            yield Seed("answer-order", place, swap, mark(path))


def outside_its_group(example: Example) -> Iterator[Seed]:
    for path, _, item, _ in answered(example):
        if len(path) > 2 and len(at(example.resource, path[:-1])) > 1:
            count = len(example.resource["item"])
            moved = both(drop(path), add(("item",), item))
            yield Seed("answer-misplaced", f"QuestionnaireResponse.item[{count}]", moved, mark(path))


def unanswered(example: Example) -> Iterator[Seed]:
    for path, _, item, question in answered(example):
        if question.get("required"):
            yield Seed("answer-missing", "QuestionnaireResponse", drop(path), mark(path))
            none = both(drop((*path, "answer")), give(path, text=item["text"]))
            place = "QuestionnaireResponse.item[" + str(path[-1]) + "]"
            yield Seed("answer-missing", place, none, mark(path))


def more_than_one(example: Example) -> Iterator[Seed]:
    for path, place, item, question in answered(example):
        codes = [answer["valueCoding"].get("code") for answer in item["answer"] if "valueCoding" in answer]
        others = [option for option in question.get("answerOption", ()) if option["valueCoding"]["code"] not in codes]
        if not codes or not others:
            continue
        second = add((*path, "answer"), {"valueCoding": others[0]["valueCoding"]})
        if question.get("repeats"):
            continue
        change = put((*path, "answer", 0, "valueCoding"), others[0]["valueCoding"])
        yield Seed("answer-twice", f"{place}.answer[{len(codes)}]", second, change)
        index = path[-1]
        if isinstance(index, int):

            def again(resource: dict[str, Any], path: Path = path, index: int = index) -> None:
                items = at(resource, path[:-1])
                items.insert(index + 1, copy.deepcopy(items[index]))

            yield Seed("answer-item-twice", place.rpartition("[")[0] + f"[{index + 1}]", again, change)


def other_answer(example: Example) -> Iterator[Seed]:
    for path, place, item, question in answered(example):
        value = next(iter(item["answer"][0]))
        answer = (*path, "answer", 0)
        at_ = f"{place}.answer[0].value"
        if value == "valueCoding":
            unknown = {"system": "http://loinc.org", "code": "LA0-0"}
            coding = item["answer"][0]["valueCoding"]
            yield Seed("answer-option", f"{at_}.ofType(Coding)", put((*answer, value), unknown), mark((*answer, value)))
            if "display" in coding:
                wrong = give((*answer, value), display="Something else")
                right = give((*answer, value), display=coding["display"].upper())
                yield Seed("answer-display", f"{at_}.ofType(Coding)", wrong, right)
        if question["type"] in {"decimal", "integer"}:
            text = both(drop((*answer, value)), give(answer, valueString="much"))
            more = give(answer, **{value: 2})
            yield Seed("answer-type", f"{at_}.ofType(string)", text, more)


def other_question(example: Example) -> Iterator[Seed]:
    for path, place, item, _ in answered(example):
        if "text" in item:
            yield Seed("answer-question-text", f"{place}.text", give(path, text="Another question?"), mark(path))


def no_questionnaire(example: Example) -> Iterator[Seed]:
    if example.questionnaire is not None:
        place = "QuestionnaireResponse.questionnaire"
        control = put(("questionnaire",), example.resource["questionnaire"])
        unknown = put(("questionnaire",), "https://elsewhere.test/Questionnaire/none")
        other = put(("questionnaire",), HL7 + "Patient")
        yield Seed("questionnaire-unknown", place, unknown, control)
        yield Seed("questionnaire-other-type", place, other, control)


# --- Questionnaires that ask for more -------------------------------------------------------------------------------


def asking(example: Example, link: str, change: Callable[[dict[str, Any]], Any]) -> Edit:
    """Hold a response to its Questionnaire with one question changed."""

    def edit(resource: dict[str, Any]) -> None:
        form = copy.deepcopy(example.questionnaire) or {}
        form = {key: value for key, value in form.items() if key not in {"meta", "text", "extension"}} | {"id": "form"}
        change(next(one for one in questions(form) if one["linkId"] == link))
        resource["contained"] = [form]
        resource["questionnaire"] = "#form"

    return edit


def extended(name: str, base: str = HL7, **value: Any) -> Callable[[dict[str, Any]], None]:
    def change(question: dict[str, Any]) -> None:
        question.setdefault("extension", []).append({"url": base + name} | value)

    return change


def of_type(type_: str, *more: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
    def change(question: dict[str, Any]) -> None:
        question["type"] = type_
        question.pop("extension", None)
        for one in more:
            one(question)

    return change


# For a number: what its question asks for, an answer that doesn't give it, and one that does.
OF_A_NUMBER: tuple[tuple[str, Callable[[dict[str, Any]], None], dict[str, Any], dict[str, Any]], ...] = (
    ("answer-below", extended("minValue", valueDecimal=1), {"valueDecimal": Decimal("0.5")}, {"valueDecimal": 1}),
    ("answer-above", extended("maxValue", valueDecimal=9), {"valueDecimal": Decimal("9.5")}, {"valueDecimal": 9}),
    (
        "answer-decimals",
        extended("maxDecimalPlaces", valueInteger=1),
        {"valueDecimal": Decimal("1.25")},
        {"valueDecimal": Decimal("1.2")},
    ),
    (
        "answer-calculated",
        extended("sdc-questionnaire-calculatedExpression", SDC,
                 valueExpression={"language": "text/fhirpath", "expression": "3 + 4"}),
        {"valueDecimal": 8},
        {"valueDecimal": 7},
    ),
    (
        "answer-unit",
        of_type("quantity", extended("questionnaire-unitOption", valueCoding=MG)),
        {"valueQuantity": {"value": 1, "unit": "g", "system": MG["system"], "code": "g"}},
        {"valueQuantity": {"value": 1, "unit": "mg"} | MG},
    ),
    (
        "answer-target",
        of_type("reference", extended("questionnaire-referenceResource", valueCode="Patient")),
        {"valueReference": {"reference": "Practitioner/1"}},
        {"valueReference": {"reference": "Patient/1"}},
    ),
    (
        "answer-content-type",
        of_type("attachment", extended("mimeType", valueCode="image/png")),
        {"valueAttachment": {"contentType": "image/gif", "data": "SGVsbG8="}},
        {"valueAttachment": {"contentType": "image/png", "data": "SGVsbG8="}},
    ),
    (
        "answer-size",
        of_type("attachment", extended("maxSize", valueDecimal=5)),
        {"valueAttachment": {"contentType": "image/gif", "data": "SGVsbG8h"}},
        {"valueAttachment": {"contentType": "image/gif", "data": "SGVsbG8="}},
    ),
    ("answer-long", of_type("string", lambda one: one.update(maxLength=4)), {"valueString": "never"},
     {"valueString": "ever"}),
    ("answer-short", of_type("string", extended("minLength", valueInteger=5)), {"valueString": "ever"},
     {"valueString": "never"}),
    ("answer-regex", of_type("string", extended("regex", valueString="[a-z]+")), {"valueString": "Ever"},
     {"valueString": "ever"}),
    (
        "answer-value-set",
        of_type("choice", lambda one: one.update(answerValueSet="http://hl7.org/fhir/ValueSet/administrative-gender")),
        {"valueCoding": {"system": "http://hl7.org/fhir/observation-status", "code": "final"}},
        {"valueCoding": {"system": GENDER, "code": "other"}},
    ),
)  # fmt: skip


def beyond_what_is_asked(example: Example) -> Iterator[Seed]:
    for path, place, item, question in answered(example):
        if question["type"] != "decimal":
            continue
        for rule, change, wrong, right in OF_A_NUMBER:
            asked = asking(example, item["linkId"], change)
            broken, control = (both(asked, put((*path, "answer", 0), answer)) for answer in (wrong, right))
            key = next(iter(wrong))
            type_ = key.removeprefix("value")
            type_ = type_ if type_ in {"Quantity", "Reference", "Attachment", "Coding"} else type_.lower()
            yield Seed(rule, f"{place}.answer[0].value.ofType({type_})", broken, control)


def asked_of_an_item(example: Example) -> Iterator[Seed]:
    """What a Questionnaire asks of an item as a whole: its type, its count, whether it is to be answered."""
    for _, place, item, question in answered(example):
        link = item["linkId"]
        if question["type"] != "choice" or question.get("repeats") or question.get("required"):
            continue
        other = next(one["linkId"] for one in questions(example.questionnaire or {}) if one["linkId"] != link)
        never = {"question": other, "operator": "exists", "answerBoolean": False}
        always = never | {"answerBoolean": True}
        if other != link and any(one["linkId"] == other for _, _, one, _ in answered(example)):
            disabled, enabled = (
                asking(example, link, lambda one, when=when: one.update(enableWhen=[when])) for when in (never, always)
            )
            yield Seed("answer-disabled", place, disabled, enabled)
        same = asking(example, link, lambda _: None)
        many = asking(
            example,
            link,
            lambda one: one.update(repeats=True) or extended("questionnaire-minOccurs", valueInteger=2)(one),
        )
        one = asking(
            example,
            link,
            lambda one: one.update(repeats=True) or extended("questionnaire-minOccurs", valueInteger=1)(one),
        )
        yield Seed("answer-few", place, many, one)
        group = asking(example, link, lambda one: (one.update(type="group"), one.pop("answerOption")))
        yield Seed("answer-none-allowed", f"{place}.answer[0]", group, same)


KINDS = (
    other_link,
    another_order,
    outside_its_group,
    unanswered,
    more_than_one,
    other_answer,
    other_question,
    no_questionnaire,
    beyond_what_is_asked,
    asked_of_an_item,
)
