"""A Questionnaire as what its answers must be: questions in their order, with their limits and conditions.

https://hl7.org/fhir/R4/questionnaire.html. A Questionnaire is read leniently: what is wrong with it is told where it is
validated itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhirpath.runtime.sdc import said_weight

if TYPE_CHECKING:
    from decimal import Decimal

HL7: Final = "http://hl7.org/fhir/StructureDefinition/"
SDC: Final = "http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-"


@dataclass(frozen=True, slots=True)
class Condition:
    """One `enableWhen`: the ``question``'s answers stand in the relation ``operator`` to ``value``."""

    question: str
    operator: str
    value: Any


@dataclass(frozen=True, slots=True)
class Option:
    """One `answerOption`: its value with the property that holds it (``valueCoding``), and what it counts."""

    key: str
    value: Any
    is_exclusive: bool = False
    weight: Decimal | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One item. ``texts`` are its text and its translations; ``extensions`` are its extensions by url.

    ``initial`` are the values that it begins with; ``questions`` are the items inside it.
    """

    link_id: str
    type: str
    texts: frozenset[str] = frozenset()
    required: bool = False
    repeats: bool = False
    read_only: bool = False
    conditions: tuple[Condition, ...] = ()
    any_condition: bool = False
    options: tuple[Option, ...] = ()
    value_set: str | None = None
    initial: tuple[Any, ...] = ()
    max_length: int | None = None
    extensions: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    questions: tuple[Question, ...] = ()

    @property
    def is_group(self) -> bool:
        """Whether it only holds other items."""
        return self.type == "group"

    def limits(self, url: str) -> list[Any]:
        """Return the values of an extension."""
        return [value_of(extension, "value")[1] for extension in self.extensions.get(url, ())]

    def limit(self, url: str) -> Any:
        """Return the value of an extension that comes at most once; None where it doesn't."""
        return next(iter(self.limits(url)), None)

    def count(self, url: str) -> int | None:
        """Return the value of an extension that is a whole number; None where there is none."""
        found = self.limit(url)
        return found if isinstance(found, int) and not isinstance(found, bool) else None


class Form:
    """A Questionnaire's items, in their order, and by linkId."""

    def __init__(self, questionnaire: dict[str, Any]) -> None:
        self.resource = questionnaire
        self.questions = _questions(questionnaire)
        self.by_link: dict[str, Question] = {}
        self.around: dict[Question, tuple[Question, ...]] = {}
        """The items that each question lies in, the outermost first."""
        self._place(self.questions, ())

    def _place(self, questions: tuple[Question, ...], around: tuple[Question, ...]) -> None:
        for question in questions:
            self.by_link.setdefault(question.link_id, question)
            self.around[question] = around
            self._place(question.questions, (*around, question))

    @cached_property
    def name(self) -> str:
        """How a sentence may call the Questionnaire: by its canonical, or as the one that the response holds."""
        url, version = text_of(self.resource, "url"), text_of(self.resource, "version")
        if url is None:
            return "the contained Questionnaire"
        return f"{url}|{version}" if version else url

    @cached_property
    def subject_types(self) -> frozenset[str]:
        """The types of what may be asked; empty where anything may."""
        types = self.resource.get("subjectType")
        return frozenset(type_ for type_ in types if isinstance(type_, str)) if isinstance(types, list) else frozenset()

    @cached_property
    def _weights(self) -> dict[tuple[str | None, str | None], Decimal]:
        found: dict[tuple[str | None, str | None], Decimal] = {}
        for question in self.around:
            for option in question.options:
                if option.weight is not None and isinstance(option.value, dict):
                    key = text_of(option.value, "system"), text_of(option.value, "code")
                    found.setdefault(key, option.weight)
        return found

    def weigh(self, coding: dict[str, Any]) -> Decimal | None:
        """Return what an option counts (`ordinalValue`), by its code; None where the form doesn't say."""
        return self._weights.get((text_of(coding, "system"), text_of(coding, "code")))

    def call(self, question: Question) -> str:
        """Return how a sentence may call a question."""
        return f"`{question.link_id}` of {self.name}"


def _questions(holder: dict[str, Any]) -> tuple[Question, ...]:
    """Return the questions directly in ``holder``; of several with one linkId, which no response can answer, one."""
    found = {question.link_id: question for question in map(_question, reversed(objects(holder, "item")))}
    return tuple(reversed(found.values()))


def _question(item: dict[str, Any]) -> Question:
    extensions: dict[str, list[dict[str, Any]]] = {}
    for extension in objects(item, "extension"):
        extensions.setdefault(str(extension.get("url")), []).append(extension)
    max_length = item.get("maxLength")
    return Question(
        link_id=str(item.get("linkId")),
        type=str(item.get("type")),
        texts=texts_of(item, "text"),
        required=item.get("required") is True,
        repeats=item.get("repeats") is True,
        read_only=item.get("readOnly") is True,
        conditions=tuple(
            Condition(str(when.get("question")), str(when.get("operator")), value_of(when, "answer")[1])
            for when in objects(item, "enableWhen")
        ),
        any_condition=item.get("enableBehavior") == "any",
        options=tuple(map(_option, objects(item, "answerOption"))),
        value_set=text_of(item, "answerValueSet"),
        initial=tuple(value_of(initial, "value")[1] for initial in objects(item, "initial")),
        max_length=max_length if isinstance(max_length, int) else None,
        extensions=extensions,
        questions=_questions(item),
    )


def _option(option: dict[str, Any]) -> Option:
    exclusive = any(
        extension.get("url") == HL7 + "questionnaire-optionExclusive" and extension.get("valueBoolean") is True
        for extension in objects(option, "extension")
    )
    key, value = value_of(option, "value")
    weight = said_weight(value) if isinstance(value, dict) else None
    return Option(key, value, exclusive, said_weight(option) if weight is None else weight)


def value_of(holder: dict[str, Any], prefix: str) -> tuple[str, Any]:
    """Return a choice's property and its value; an empty name where there is none."""
    return next(((key, value) for key, value in holder.items() if key.startswith(prefix)), ("", None))


def text_of(holder: dict[str, Any], key: str) -> str | None:
    """Return a property that is text; None where it isn't."""
    value = holder.get(key)
    return value if isinstance(value, str) else None


def texts_of(holder: dict[str, Any], key: str) -> frozenset[str]:
    """Return a text and its translations (http://hl7.org/fhir/StructureDefinition/translation); empty without one."""
    text, sibling = text_of(holder, key), holder.get(f"_{key}")
    if text is None:
        return frozenset()
    translations = (
        text_of(part, "valueString")
        for extension in (objects(sibling, "extension") if isinstance(sibling, dict) else ())
        if extension.get("url") == HL7 + "translation"
        for part in objects(extension, "extension")
        if part.get("url") == "content"
    )
    return frozenset({text, *filter(None, translations)})


def objects(holder: dict[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects in a property that is a list; none where it isn't one."""
    values = holder.get(key)
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
