"""QuestionnaireResponses made at random for a Questionnaire: what it asks, in its order, as its conditions let it."""

from decimal import Decimal
from random import Random
from typing import Any

from tests.validation.generated.codes import UCUM
from tests.validation.generated.generator import Generator
from tests.validation.generated.primitives import draw
from tests.validation.generated.references import fragments

_KEYS = {
    "boolean": "valueBoolean", "decimal": "valueDecimal", "integer": "valueInteger", "date": "valueDate",
    "dateTime": "valueDateTime", "time": "valueTime", "string": "valueString", "text": "valueString", "url": "valueUri",
}  # fmt: skip
_GENDER = "http://hl7.org/fhir/administrative-gender"
_GENDERS = ("male", "female", "other", "unknown")


def response(generator: Generator, questionnaire: dict[str, Any], rng: Random) -> dict[str, Any]:
    """Return a valid response to ``questionnaire``, mostly a completed one."""
    made = generator.resource("QuestionnaireResponse", seed=rng.random())
    for name in ("item", "_item", "_questionnaire", "_status"):
        made.pop(name, None)
    version = f"|{questionnaire['version']}" if rng.random() < 0.3 else ""
    made["questionnaire"] = questionnaire["url"] + version
    made["status"] = rng.choice(("completed", "completed", "amended", "in-progress"))
    answering = _Answering(rng, is_whole=made["status"] != "in-progress")
    items = answering.items(questionnaire["item"])
    if items:
        made["item"] = items
    pointers = set(fragments({name: value for name, value in made.items() if name != "contained"}))
    contained = [inner for inner in made.pop("contained", []) if "#" + inner["id"] in pointers]
    return made | ({"contained": contained} if contained else {})


class _Answering:
    """Answers a form; what was answered so far decides what is asked."""

    def __init__(self, rng: Random, *, is_whole: bool) -> None:
        self.rng = rng
        self.is_whole = is_whole
        self.given: dict[str, list[Any]] = {}

    def items(self, questions: list[dict[str, Any]]) -> list[dict[str, Any]]:
        found = []
        for question in questions:
            if self._is_enabled(question):
                found += self._item(question)
        return found

    def _item(self, question: dict[str, Any]) -> list[dict[str, Any]]:
        rng = self.rng
        must = question.get("required") and self.is_whole
        if question["type"] == "display" or not (must or rng.random() < 0.75):
            return []
        item: dict[str, Any] = {"linkId": question["linkId"]}
        if rng.random() < 0.5 and "text" in question:
            item["text"] = question["text"]
        if question["type"] == "group":
            return self._group(question, item, must=must)
        count = rng.randint(1, 3) if question.get("repeats") else 1
        answers: list[dict[str, Any]] = []
        for _ in range(count):
            key, value = self._value(question)
            if {key: value} not in [
                {name: one for name, one in answer.items() if name != "item"} for answer in answers
            ]:
                answers.append({key: value})
        self.given[question["linkId"]] = [value for answer in answers for value in answer.values()]
        for answer in answers:
            inside = self.items(question.get("item", []))
            if inside:
                answer["item"] = inside
        return [item | {"answer": answers}]

    def _group(self, question: dict[str, Any], item: dict[str, Any], *, must: bool) -> list[dict[str, Any]]:
        found = []
        for _ in range(self.rng.randint(1, 2) if question.get("repeats") else 1):
            inside = self.items(question.get("item", []))
            for _attempt in range(20):
                if inside or not must:
                    break
                inside = self.items(question.get("item", []))
            if inside:
                found.append(item | {"item": inside})
        return found

    def _value(self, question: dict[str, Any]) -> tuple[str, Any]:
        rng, type_ = self.rng, question["type"]
        if type_ in {"choice", "open-choice"}:
            if type_ == "open-choice" and rng.random() < 0.3:
                return "valueString", "something else"
            if "answerValueSet" in question:
                return "valueCoding", {
                    "system": "http://hl7.org/fhir/administrative-gender",
                    "code": rng.choice(_GENDERS),
                }
            return next(
                iter(
                    (name, value) for name, value in rng.choice(question["answerOption"]).items() if name != "extension"
                )
            )
        if type_ == "quantity":
            return "valueQuantity", {"value": rng.randint(1, 90), "unit": "mg", "system": UCUM, "code": "mg"}
        if type_ in {"integer", "decimal"} and "extension" in question:
            whole = rng.randint(0, 10)
            return _KEYS[type_], whole if type_ == "integer" else Decimal(whole)
        value = draw(rng, {"text": "string", "url": "uri"}.get(type_, type_))
        if "maxLength" in question:
            value = value[: question["maxLength"]].strip() or "x"
        return _KEYS[type_], value

    def _is_enabled(self, question: dict[str, Any]) -> bool:
        met = [self._is_met(condition) for condition in question.get("enableWhen", ())]
        return (any(met) if question.get("enableBehavior") == "any" else all(met)) if met else True

    def _is_met(self, condition: dict[str, Any]) -> bool:
        answers = self.given.get(condition["question"], [])
        wanted = next(value for name, value in condition.items() if name.startswith("answer"))
        operator = condition["operator"]
        if operator == "exists":
            return bool(answers) is wanted
        if operator in {"=", "!="}:
            return any(_same(answer, wanted) for answer in answers) is (operator == "=")
        tests = {">": int.__gt__, "<": int.__lt__, ">=": int.__ge__, "<=": int.__le__}
        return any(tests[operator](answer, wanted) for answer in answers)


def _same(answer: Any, wanted: Any) -> bool:
    if isinstance(answer, dict) and isinstance(wanted, dict):
        return (answer.get("system"), answer.get("code")) == (wanted.get("system"), wanted.get("code"))
    return type(answer) is type(wanted) and bool(answer == wanted)
