"""Small values that come again as a whole: an answer that a question offers, how often a day a medicine is taken.

What was found right of one once needn't be looked at again. Only values are kept that say all about themselves and are
made of codes, numbers that count, and the words that go with them: never a date, an identity, an amount that was
measured, or free text. How many are kept is bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir import json
from fhir_iop.fhir.remembered import LONGEST
from fhir_iop.validation import rules
from fhir_iop.validation.quick.leaves import OF_TEXT_ALONE, depends_on_itself_alone

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.quick.known import Look
    from fhir_iop.validation.quick.notes import Notes
    from fhir_iop.validation.surroundings import Surroundings

_REMEMBERED: Final = 4096
_COUNTED: Final = frozenset({"boolean", "code", "integer", "positiveInt", "time", "unsignedInt", "uri", "canonical"})
_PERIODS: Final = frozenset({"Timing.repeat.duration", "Timing.repeat.durationMax", "Timing.repeat.period"}) | {
    "Timing.repeat.periodMax",
    "Duration.value",  # how long it is to be taken
}
_WORDS: Final = frozenset({"Coding.display", "Coding.version", "CodeableConcept.text", "Duration.unit"}) | {
    "QuestionnaireResponse.item.linkId",
    "QuestionnaireResponse.item.text",
}
_OFFERED: Final = frozenset({"valueBoolean", "valueCoding", "valueInteger"})

_MOST_TRIED: Final = 4 * _REMEMBERED

_encode = json.encode


def comes_again(answers: list[dict[str, Any]]) -> bool:
    """Whether an item's one answer is such as a question offers, and nothing beside it."""
    return len(answers) == 1 and len(answers[0]) == 1 and not _OFFERED.isdisjoint(answers[0])


def recurring(expected: Expected, look: Look) -> Look:
    """Return ``look``, with a memory of values that it found right, where such values come again."""
    if expected.fhirpath_type not in _MAY_COME_AGAIN:
        return look
    unlikely, may_come_again = _MAY_COME_AGAIN[expected.fhirpath_type]
    right: set[bytes] = set()
    tries = iter(range(_MOST_TRIED))  # finding out takes long: where values don't come again after all it ends

    def remembered(value: dict[str, Any], here: Surroundings) -> Notes | None:
        if unlikely in value:
            return look(value, here)
        key = _encode(value)
        if key in right:
            return None
        found = look(value, here)
        if len(key) > LONGEST:
            return found
        if found is None and may_come_again(value) and next(tries, None) is not None and _says_all(expected, value):
            if len(right) >= _REMEMBERED:
                right.clear()
            right.add(key)
        return found

    return remembered


def _is_answered_item(item: dict[str, Any]) -> bool:
    return "answer" in item and comes_again(item["answer"])


def _has_no_bounds(timing: dict[str, Any]) -> bool:
    repeat = timing.get("repeat")
    return repeat is not None and "boundsPeriod" not in repeat


# Which property such a value never has, and whether one without it may come again.
_MAY_COME_AGAIN: Final[dict[str, tuple[str, Callable[[dict[str, Any]], bool]]]] = {
    "QuestionnaireResponse.item": ("item", _is_answered_item),
    "Timing": ("event", _has_no_bounds),
}


def _says_all(expected: Expected, value: Any) -> bool:
    """Whether nothing around a value decides what is said of it or of anything in it, and all in it comes again."""
    if not depends_on_itself_alone(expected, (rule for rule in rules.CONTENT if rule.applies(expected))):
        return False
    for name, inner in value.items():
        member, type_ = expected.by_json_name.get(name, (None, ""))
        if member is None or member.slicings:
            return False
        below = member.expected(type_)
        if below.is_primitive:
            place = f"{expected.fhirpath_type}.{name}"
            if type_ not in _COUNTED and place not in _WORDS and place not in _PERIODS:
                return False
            asked = (rule for rule in rules.CONTENT if rule.applies(below) and rule not in OF_TEXT_ALONE)
            if not depends_on_itself_alone(below, asked):
                return False
            if str(inner).startswith("#"):  # where a fragment leads depends on the resource around it
                return False
        elif not all(_says_all(below, each) for each in (inner if member.is_list else (inner,))):
            return False
    return True
