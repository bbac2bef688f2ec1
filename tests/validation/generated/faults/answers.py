"""Faults of a QuestionnaireResponse beside its Questionnaire."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.validation.generated.faults.fault import Fault, chosen

_WORD = ("valueString", "string", "word")


@dataclass(frozen=True, slots=True)
class Site:
    """One item of a response: its question, where it stands, and the list it stands in."""

    question: dict[str, Any]
    item: dict[str, Any]
    expression: str
    holder: list[dict[str, Any]]
    index: int


Maker = Callable[[dict[str, Any], dict[str, Any], Random], "Fault | None"]


def wrong_link(questionnaire: dict[str, Any], response: dict[str, Any], rng: Random) -> Fault | None:
    response = deepcopy(response)
    site = chosen(rng, [site for site in sites(questionnaire, response) if _is_free(questionnaire, site)])
    if site is None or site.question.get("required"):
        return None
    site.item["linkId"] = "nowhere"
    return Fault(response, site.expression, "answer-unknown-link")


def order(questionnaire: dict[str, Any], response: dict[str, Any], rng: Random) -> Fault | None:
    response = deepcopy(response)
    found = [site for site in sites(questionnaire, response) if site.index + 1 < len(site.holder)]
    found = [site for site in found if site.holder[site.index + 1]["linkId"] != site.item["linkId"]]
    site = chosen(rng, [site for site in found if _is_alone(site)])
    if site is None:
        return None
    here, there = site.index, site.index + 1
    site.holder[here], site.holder[there] = site.holder[there], site.holder[here]
    return Fault(response, site.expression.removesuffix(f"[{here}]") + f"[{there}]", "answer-order")


def wrong_type(questionnaire: dict[str, Any], response: dict[str, Any], rng: Random) -> Fault | None:
    response = deepcopy(response)
    found = [site for site in _answered(questionnaire, response) if site.question["type"] not in _TEXT]
    site = chosen(rng, [site for site in found if _is_free(questionnaire, site)])
    if site is None:
        return None
    answer = site.item["answer"][0]
    inside = answer.get("item")
    answer.clear()
    key, type_, value = _WORD
    if site.question["type"] == "choice":
        key, type_, value = "valueBoolean", "boolean", True
    answer |= {key: value} | ({"item": inside} if inside else {})
    return Fault(response, f"{site.expression}.answer[0].value.ofType({type_})", "answer-type")


def unanswered(questionnaire: dict[str, Any], response: dict[str, Any], rng: Random) -> Fault | None:
    response = deepcopy(response)
    if response["status"] == "in-progress":
        return None
    found = [site for site in sites(questionnaire, response) if site.question.get("required") and _is_alone(site)]
    site = chosen(rng, [site for site in found if _is_free(questionnaire, site) and len(site.holder) > 1])
    if site is None:
        return None
    del site.holder[site.index]
    return Fault(response, site.expression.rpartition(".item[")[0], "answer-missing")


def no_option(questionnaire: dict[str, Any], response: dict[str, Any], rng: Random) -> Fault | None:
    response = deepcopy(response)
    found = [site for site in _answered(questionnaire, response) if site.question["type"] == "choice"]
    found = [site for site in found if "answerOption" in site.question and _is_free(questionnaire, site)]
    site = chosen(rng, found)
    if site is None:
        return None
    answer = site.item["answer"][0]
    key = next(name for name in answer if name.startswith("value"))
    if key == "valueCoding":
        answer[key] = {"system": answer[key]["system"], "code": "elsewhere"}
    else:
        answer[key] = {"valueString": "never ever", "valueInteger": 99}[key]
    type_ = key.removeprefix("value")
    type_ = type_ if type_ == "Coding" else type_.lower()
    return Fault(response, f"{site.expression}.answer[0].value.ofType({type_})", "answer-option")


def twice(questionnaire: dict[str, Any], response: dict[str, Any], rng: Random) -> Fault | None:
    response = deepcopy(response)
    found = [site for site in _answered(questionnaire, response) if not site.question.get("repeats")]
    found = [site for site in found if "item" not in site.question]
    site = chosen(rng, [site for site in found if _is_free(questionnaire, site)])
    if site is None:
        return None
    answer = site.item["answer"][0]
    site.item["answer"] = [answer, {name: value for name, value in answer.items() if name != "item"}]
    return Fault(response, f"{site.expression}.answer[1]", "answer-twice")


def too_long(questionnaire: dict[str, Any], response: dict[str, Any], rng: Random) -> Fault | None:
    response = deepcopy(response)
    site = chosen(rng, [site for site in _answered(questionnaire, response) if "maxLength" in site.question])
    if site is None:
        return None
    site.item["answer"][0]["valueString"] = "x" * (site.question["maxLength"] + 1)
    return Fault(response, f"{site.expression}.answer[0].value.ofType(string)", "answer-long")


def beyond(questionnaire: dict[str, Any], response: dict[str, Any], rng: Random) -> Fault | None:
    response = deepcopy(response)
    found = [site for site in _answered(questionnaire, response) if site.question["type"] in {"integer", "decimal"}]
    site = chosen(rng, [site for site in found if "extension" in site.question and _is_free(questionnaire, site)])
    if site is None:
        return None
    type_ = site.question["type"]
    value, rule = rng.choice(((11, "answer-above"), (-1, "answer-below")))
    site.item["answer"][0][f"value{type_.capitalize()}"] = value
    return Fault(response, f"{site.expression}.answer[0].value.ofType({type_})", rule)


def answered_group(questionnaire: dict[str, Any], response: dict[str, Any], rng: Random) -> Fault | None:
    response = deepcopy(response)
    found = [site for site in sites(questionnaire, response) if site.question["type"] == "group"]
    found = [site for site in found if not any(inner.get("required") for inner in site.question["item"])]
    site = chosen(rng, [site for site in found if _is_free(questionnaire, site)])
    if site is None or site.question.get("required"):
        return None
    del site.item["item"]
    site.item["answer"] = [{"valueBoolean": True}]
    return Fault(response, f"{site.expression}.answer[0]", "answer-none-allowed")


def disabled(questionnaire: dict[str, Any], response: dict[str, Any], rng: Random) -> Fault | None:
    """Take away the only answer that lets a question be asked."""
    response = deepcopy(response)
    found = []
    for site in sites(questionnaire, response):
        conditions = site.question.get("enableWhen", ())
        if len(conditions) == 1 and conditions[0]["operator"] in {"=", ">", ">="} and _is_alone(site):
            found += [(site, other) for other in sites(questionnaire, response)
                      if other.question["linkId"] == conditions[0]["question"] and not other.question.get("required")
                      and other.index < site.index and other.holder is site.holder
                      and _conditions_on(questionnaire, other.question["linkId"]) == 1]  # fmt: skip
    pair = chosen(rng, found)
    if pair is None:
        return None
    site, other = pair
    del site.holder[other.index]
    return Fault(response, site.expression.removesuffix(f"[{site.index}]") + f"[{site.index - 1}]", "answer-disabled")


_TEXT = {"string", "text", "open-choice", "url"}


def sites(questionnaire: dict[str, Any], response: dict[str, Any]) -> list[Site]:
    """List the items of a response with their questions."""
    found: list[Site] = []

    def walk(questions: list[dict[str, Any]], items: list[dict[str, Any]], expression: str) -> None:
        by_link = {question["linkId"]: question for question in questions}
        for index, item in enumerate(items):
            question = by_link[item["linkId"]]
            here = f"{expression}.item[{index}]"
            found.append(Site(question, item, here, items, index))
            walk(question.get("item", []), item.get("item", []), here)
            for at, answer in enumerate(item.get("answer", [])):
                walk(question.get("item", []), answer.get("item", []), f"{here}.answer[{at}]")

    walk(questionnaire["item"], response.get("item", []), "QuestionnaireResponse")
    return found


def _answered(questionnaire: dict[str, Any], response: dict[str, Any]) -> list[Site]:
    return [site for site in sites(questionnaire, response) if site.item.get("answer")]


def _is_free(questionnaire: dict[str, Any], site: Site) -> bool:
    """Whether no other question is asked because of this one's answer."""
    return not _conditions_on(questionnaire, site.question["linkId"]) and not any(
        _conditions_on(questionnaire, inner["linkId"]) for inner in site.question.get("item", ())
    )


def _conditions_on(holder: dict[str, Any], link: str) -> int:
    return sum(
        sum(condition["question"] == link for condition in item.get("enableWhen", ())) + _conditions_on(item, link)
        for item in holder.get("item", ())
    )


def _is_alone(site: Site) -> bool:
    """Whether a question is answered in one item, and nothing but itself is asked in it."""
    return sum(item["linkId"] == site.item["linkId"] for item in site.holder) == 1 and site.question["type"] != "group"


KINDS: dict[str, Maker] = {
    "wrong linkId": wrong_link,
    "wrong order": order,
    "wrong type": wrong_type,
    "unanswered": unanswered,
    "none of the options": no_option,
    "answered twice": twice,
    "too long": too_long,
    "beyond the limit": beyond,
    "group answered": answered_group,
    "answered though disabled": disabled,
}
