"""The walk over a QuestionnaireResponse beside its Questionnaire's questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation.responses.answers import check_answer, check_decimal, check_exclusive
from fhir_iop.validation.responses.calculated import check_calculated
from fhir_iop.validation.responses.enabled import is_enabled
from fhir_iop.validation.responses.form import HL7, Form

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fhir_iop.issue import Severity
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.responses.form import Question

# In these a response is whole; in others (in-progress, stopped, entered-in-error) answers may still be missing.
_WHOLE = frozenset({"completed", "amended"})


def check(response: Item) -> Iterator[Finding]:
    """Yield what is wrong with the answers of ``response``; a warning where its Questionnaire isn't at hand."""
    canonical = response.value.get("questionnaire")
    if not isinstance(canonical, str):
        return
    questionnaire = _questionnaire(response, canonical)
    if questionnaire is None:
        yield response.found("questionnaire-unknown", place=response.place_of("questionnaire"), canonical=canonical)
        return
    form = Form(questionnaire)
    yield from _Check(form, is_whole=response.value.get("status") in _WHOLE).level(form.items, response, [])
    yield from check_calculated(form, response)


def _questionnaire(response: Item, canonical: str) -> dict[str, Any] | None:
    if canonical.startswith("#"):
        found = response.frame.resolve(canonical)
    else:
        found = response.expected.expectations.definitions.resource(canonical, "Questionnaire")
        found = found or response.frame.outside.look_up(canonical)
    return found if found is not None and found.get("resourceType") == "Questionnaire" else None


class _Check:
    """One response's check: its form, and whether all that is required must be there."""

    def __init__(self, form: Form, *, is_whole: bool) -> None:
        self.form = form
        self.is_whole = is_whole

    def level(self, questions: Sequence[Question], holder: Item, around: list[dict[str, Any]]) -> Iterator[Finding]:
        """Check the items directly in ``holder`` (the response, a group or an answer) beside ``questions``."""
        around = [*around, holder.value]
        items = named(holder, "item")
        yield from self._order(questions, items)
        for question in questions:
            own = [item for item in items if item.value.get("linkId") == question.link_id]
            if not is_enabled(question, around):
                yield from (
                    item.found("answer-disabled", link=question.link_id) for item in own if _says_something(item)
                )
            elif not any(map(_says_something, own)):
                yield from self._missing(question, holder, own)
            else:
                yield from self._items(question, own, around)

    def _order(self, questions: Sequence[Question], items: Sequence[Item]) -> Iterator[Finding]:
        positions = {question.link_id: index for index, question in enumerate(questions)}
        latest = -1
        for item in items:
            link = item.value.get("linkId")
            if not isinstance(link, str):
                continue
            if link not in positions:
                yield item.found("answer-misplaced" if link in self.form.by_link else "answer-unknown-link")
            elif positions[link] < latest:
                yield item.found("answer-order", link=link)
            else:
                latest = positions[link]

    def _missing(self, question: Question, holder: Item, own: Sequence[Item]) -> Iterator[Finding]:
        fewest = question.limit(HL7 + "questionnaire-minOccurs")
        if question.required and question.type != "display":
            severity: Severity = "error" if self.is_whole else "warning"
            where = own[0] if own else holder
            yield where.found("answer-missing", severity=severity, link=question.link_id)
        elif own and question.type == "group":
            yield from self._items(question, own, [])
        elif own and isinstance(fewest, int) and self.is_whole:
            yield own[0].found("answer-few", link=question.link_id, limit=fewest, found=0)

    def _items(self, question: Question, own: Sequence[Item], around: list[dict[str, Any]]) -> Iterator[Finding]:
        if len(own) > 1 and not (question.type == "group" and question.repeats):
            yield own[1].found("answer-item-twice", link=question.link_id)
        for item in own:
            text = item.value.get("text")
            if question.text is not None and isinstance(text, str) and text != question.text:
                yield item.found("answer-question-text", place=item.place_of("text"), link=question.link_id)
            if question.type in {"group", "display"}:
                for answer in named(item, "answer")[:1]:
                    yield answer.found("answer-none-allowed", link=question.link_id, type=question.type)
            if question.type == "group":
                yield from self.level(question.items, item, around)
            else:
                yield from self._answers(question, item, around)

    def _answers(self, question: Question, item: Item, around: list[dict[str, Any]]) -> Iterator[Finding]:
        answers = named(item, "answer") if question.type != "display" else []
        for inner in named(item, "item")[:1]:
            yield inner.found("answer-item-outside", link=question.link_id)
        if len(answers) > 1 and not question.repeats:
            yield answers[1].found("answer-twice", link=question.link_id)
        yield from self._count(question, item, len(answers))
        values = [next(iter(named(answer, "value[x]")), None) for answer in answers]
        given = [(answer, value) for answer, value in zip(answers, values, strict=True) if value is not None]
        for _, value in given:
            yield from check_answer(question, value)
            yield from check_decimal(question, value)
        yield from check_exclusive(question, [answer for answer, _ in given], [value.value for _, value in given])
        for answer in answers:
            yield from self.level(question.items, answer, [*around, item.value])

    def _count(self, question: Question, item: Item, count: int) -> Iterator[Finding]:
        fewest, most = (question.limit(HL7 + f"questionnaire-{name}Occurs") for name in ("min", "max"))
        if isinstance(fewest, int) and count < fewest and self.is_whole:
            yield item.found("answer-few", link=question.link_id, limit=fewest, found=count)
        if isinstance(most, int) and count > most:
            yield item.found("answer-many", link=question.link_id, limit=most, found=count)


def named(holder: Item, name: str) -> list[Item]:
    """Return the children called ``name`` that are what their type asks for."""
    member = holder.expected.members.get(name)
    return [child for child in holder.children.get(member, ()) if child.fits] if member else []


def _says_something(item: Item) -> bool:
    """Whether an item is answered, or one inside it is."""
    return bool(named(item, "answer")) or any(map(_says_something, named(item, "item")))
