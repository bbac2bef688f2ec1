"""Questionnaires made at random: questions of all types, with limits, options, conditions and repetitions."""

from random import Random
from typing import Any

from tests.validation.generated.primitives import HOST, text

SYSTEM = f"{HOST}/codes"
_LIMIT = "http://hl7.org/fhir/StructureDefinition/"
_TYPES = (
    "boolean", "decimal", "integer", "date", "dateTime", "time", "string", "text", "url", "choice", "choice",
    "open-choice", "quantity", "display", "group", "group",
)  # fmt: skip
_DEEPEST = 2
_GENDERS = "http://hl7.org/fhir/ValueSet/administrative-gender"


def questionnaire(number: int) -> dict[str, Any]:
    """Return the Questionnaire of a number."""
    rng = Random(f"questionnaire {number}")
    made: dict[str, Any] = {
        "resourceType": "Questionnaire",
        "id": f"form-{number}",
        "url": f"{HOST}/Questionnaire/form-{number}",
        "version": "1.0",
        "name": f"Form{number}",
        "status": "active",
        "item": [],
    }
    earlier: list[dict[str, Any]] = []
    made["item"] = [_item(rng, str(index + 1), 0, earlier) for index in range(rng.randint(3, 8))]
    return made


def _item(rng: Random, link: str, depth: int, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    type_ = rng.choice(_TYPES)
    if type_ == "group" and depth == _DEEPEST:
        type_ = "string"
    item: dict[str, Any] = {"linkId": link, "text": text(rng), "type": type_}
    if earlier and rng.random() < 0.3:
        item |= _conditions(rng, earlier)
    if type_ != "display":
        item |= {"required": rng.random() < 0.7} if rng.random() < 0.5 else {}
        item |= {"repeats": rng.random() < 0.7} if rng.random() < 0.4 else {}
    if type_ in {"string", "text"} and rng.random() < 0.4:
        item["maxLength"] = rng.randint(5, 40)
    if type_ in {"integer", "decimal"} and rng.random() < 0.5:
        value = "valueInteger" if type_ == "integer" else "valueDecimal"
        item["extension"] = [{"url": _LIMIT + "minValue", value: 0}, {"url": _LIMIT + "maxValue", value: 10}]
    if type_ in {"choice", "open-choice"}:
        item |= _options(rng)
    # Only what is outside of all repetitions can be meant without a doubt.
    if (
        depth == 0
        and type_ in {"boolean", "integer", "choice"}
        and not item.get("repeats")
        and "answerValueSet" not in item
    ):
        earlier.append(item)
    inside = rng.randint(1, 3) if type_ == "group" else rng.choice((0, 0, 0, 1)) if depth < _DEEPEST else 0
    if inside and type_ != "display":
        item["item"] = [_item(rng, f"{link}.{index + 1}", depth + 1, earlier) for index in range(inside)]
    return item


def _options(rng: Random) -> dict[str, Any]:
    if rng.random() < 0.2:
        return {"answerValueSet": _GENDERS}
    kind = rng.choice(("valueCoding", "valueCoding", "valueString", "valueInteger"))
    values: list[Any] = {
        "valueCoding": [{"system": SYSTEM, "code": code, "display": f"Answer {code}"} for code in "abcd"],
        "valueString": ["never", "now and then", "daily"],
        "valueInteger": [0, 1, 2, 3],
    }[kind]
    return {"answerOption": [{kind: value} for value in values]}


def _conditions(rng: Random, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    asked = rng.sample(earlier, min(len(earlier), rng.choice((1, 1, 2))))
    conditions = [_condition(rng, item) for item in asked]
    more = {"enableBehavior": rng.choice(("any", "all"))} if len(conditions) > 1 else {}
    return {"enableWhen": conditions} | more


def _condition(rng: Random, item: dict[str, Any]) -> dict[str, Any]:
    condition: dict[str, Any] = {"question": item["linkId"]}
    if rng.random() < 0.25:
        return condition | {"operator": "exists", "answerBoolean": rng.random() < 0.7}
    equality = "!=" if rng.random() < 0.1 else "="
    if item["type"] == "boolean":
        return condition | {"operator": equality, "answerBoolean": rng.random() < 0.5}
    if item["type"] == "integer":
        return condition | {"operator": rng.choice(("=", ">", "<", ">=", "<=")), "answerInteger": rng.randint(0, 10)}
    key, value = next(iter(rng.choice(item["answerOption"]).items()))
    return condition | {"operator": equality, key.replace("value", "answer"): value}
