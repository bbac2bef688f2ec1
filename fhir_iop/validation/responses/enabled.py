"""When a question is enabled (https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation.order import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.responses.form import Condition, Question

_ORDERS = {">": {1}, "<": {-1}, ">=": {0, 1}, "<=": {-1, 0}}


def is_enabled(question: Question, around: list[dict[str, Any]]) -> bool:
    """Whether ``question`` is to be answered; ``around`` are the response's objects around it, the innermost last.

    A condition looks for its question in the nearest object that holds it: in a repeating group, in the same
    repetition.
    """
    met = [_is_met(condition, _answers(condition.question, around)) for condition in question.conditions]
    return (any(met) if question.any_condition else all(met)) if met else True


def _is_met(condition: Condition, answers: list[Any]) -> bool:
    if condition.operator == "exists":
        return bool(answers) is (condition.value is True)
    if condition.operator == "=":
        return any(same(answer, condition.value) for answer in answers)
    if condition.operator == "!=":
        return not any(same(answer, condition.value) for answer in answers)
    return any(compare(answer, condition.value) in _ORDERS.get(condition.operator, ()) for answer in answers)


def same(answer: Any, wanted: Any) -> bool:
    """Whether two values are one answer: a Coding by system and code, others by what they say."""
    if isinstance(answer, dict) and isinstance(wanted, dict):
        names = ("system", "code") if "code" in wanted else ("value", "unit", "reference", "display")
        if "value" in wanted and "code" in wanted:
            return compare(answer, wanted) == 0
        return all(answer.get(name) == wanted.get(name) for name in names)
    if isinstance(answer, bool) or isinstance(wanted, bool):
        return answer is wanted
    return bool(answer == wanted) or compare(answer, wanted) == 0


def _answers(link_id: str, around: list[dict[str, Any]]) -> list[Any]:
    for holder in reversed(around):
        found = list(_below(holder, link_id))
        if found:
            return [value for answers in found for value in answers]
    return []


def _below(holder: Any, link_id: str) -> Iterator[list[Any]]:
    """Yield the answers of each item called ``link_id`` below ``holder``."""
    for item in _objects(holder, "item"):
        answers = _objects(item, "answer")
        if item.get("linkId") == link_id:
            yield [value for answer in answers for key, value in answer.items() if key.startswith("value")]
        yield from _below(item, link_id)
        for answer in answers:
            yield from _below(answer, link_id)


def _objects(holder: Any, key: str) -> list[dict[str, Any]]:
    values = holder.get(key) if isinstance(holder, dict) else None
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
