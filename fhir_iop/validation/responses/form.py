"""A Questionnaire as what its answers must be: questions in their order, with their limits and conditions.

https://hl7.org/fhir/R4/questionnaire.html. A Questionnaire is read leniently: what is wrong with it is told where it is
validated itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

HL7: Final = "http://hl7.org/fhir/StructureDefinition/"
SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/"


@dataclass(frozen=True, slots=True)
class Condition:
    """One `enableWhen`: the ``question``'s answers stand in the relation ``operator`` to ``value``."""

    question: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Option:
    """One `answerOption`: its value with the property that holds it (``valueCoding``)."""

    key: str
    value: Any
    is_exclusive: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One item. ``extensions`` are the values of its extensions by url; ``items`` are the items inside it."""

    link_id: str
    type: str
    text: str | None = None
    required: bool = False
    repeats: bool = False
    conditions: tuple[Condition, ...] = ()
    any_condition: bool = False
    options: tuple[Option, ...] = ()
    value_set: str | None = None
    max_length: int | None = None
    extensions: dict[str, list[Any]] = field(default_factory=dict)
    items: tuple[Question, ...] = ()

    def limit(self, url: str) -> Any:
        """Return the value of an extension that comes at most once; None where it doesn't."""
        values = self.extensions.get(url)
        return values[0] if values else None


class Form:
    """A Questionnaire's items, in their order, and by linkId."""

    def __init__(self, questionnaire: dict[str, Any]) -> None:
        self.items = tuple(map(_question, _objects(questionnaire, "item")))
        self.by_link: dict[str, Question] = {}
        self._index(self.items)

    def _index(self, questions: tuple[Question, ...]) -> None:
        for question in questions:
            self.by_link.setdefault(question.link_id, question)
            self._index(question.items)


def _question(item: dict[str, Any]) -> Question:
    extensions: dict[str, list[Any]] = {}
    for extension in _objects(item, "extension"):
        extensions.setdefault(str(extension.get("url")), []).append(_value(extension, "value")[1])
    max_length = item.get("maxLength")
    return Question(
        link_id=str(item.get("linkId")),
        type=str(item.get("type")),
        text=_text(item, "text"),
        required=item.get("required") is True,
        repeats=item.get("repeats") is True,
        conditions=tuple(
            Condition(str(when.get("question")), str(when.get("operator")), _value(when, "answer")[1])
            for when in _objects(item, "enableWhen")
        ),
        any_condition=item.get("enableBehavior") == "any",
        options=tuple(map(_option, _objects(item, "answerOption"))),
        value_set=_text(item, "answerValueSet"),
        max_length=max_length if isinstance(max_length, int) else None,
        extensions=extensions,
        items=tuple(map(_question, _objects(item, "item"))),
    )


def _option(option: dict[str, Any]) -> Option:
    exclusive = any(
        extension.get("url") == HL7 + "questionnaire-optionExclusive" and extension.get("valueBoolean") is True
        for extension in _objects(option, "extension")
    )
    return Option(*_value(option, "value"), exclusive)


def _value(holder: dict[str, Any], prefix: str) -> tuple[str, Any]:
    """Return a choice's property and its value; an empty name where there is none."""
    return next(((key, value) for key, value in holder.items() if key.startswith(prefix)), ("", None))


def _text(holder: dict[str, Any], key: str) -> str | None:
    value = holder.get(key)
    return value if isinstance(value, str) else None


def _objects(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    values = holder.get(key)
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
