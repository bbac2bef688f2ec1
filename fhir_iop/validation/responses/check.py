"""The close look: a walk over a QuestionnaireResponse beside its Questionnaire's questions, telling every fault."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from fhir_iop.validation.codes import ABSOLUTE_URI
from fhir_iop.validation.responses.calculated import Calculation, is_calculated
from fhir_iop.validation.responses.enabled import Enabling, Node, Scope, same
from fhir_iop.validation.responses.expressed import CONSTRAINT, ENABLING, broken, is_enabled
from fhir_iop.validation.responses.faulty import faulty_in, has_garbled, inside
from fhir_iop.validation.responses.form import HL7, objects, text_of
from fhir_iop.validation.responses.subject import check_subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fhir_iop.issue import Severity
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.responses.faulty import Faulty
    from fhir_iop.validation.responses.form import Question
    from fhir_iop.validation.responses.forms import Compiled

# In these a response is whole; in others (in-progress, stopped, entered-in-error) answers may still be missing.
_WHOLE = frozenset({"completed", "amended"})


def check(response: Item) -> Iterator[Finding]:
    """Yield what is wrong with the answers of ``response``; a warning where its Questionnaire isn't at hand."""
    canonical = response.value.get("questionnaire")
    if not isinstance(canonical, str):
        return
    compiled = response.expected.expectations.forms.find(canonical, response.frame)
    if compiled is not None:
        fault = check_subject(compiled.form, response.value)
        if fault is not None:
            yield response.found(fault.rule, place=response.place_of("subject"), **fault.facts)
        yield from _Check(compiled, response).whole()
    elif ABSOLUTE_URI.fullmatch(
        canonical
    ):  # what isn't is told by rules/canonical.py, a fragment by rules/reference_resolution.py
        place = response.place_of("questionnaire")
        other = response.expected.expectations.definitions.kind(canonical)
        if other is None:
            yield response.found("questionnaire-unknown", place=place, canonical=canonical)
        else:
            yield response.found("questionnaire-other-type", place=place, canonical=canonical, type=other)


class _Check:
    """One response's check."""

    def __init__(self, compiled: Compiled, response: Item) -> None:
        self._response = response
        self._compiled = compiled
        self._form = compiled.form
        self._is_whole = text_of(response.value, "status") in _WHOLE
        self._enabling = Enabling(compiled.form)
        self._calculation = Calculation(compiled.form, response.value, response.frame.context, compiled.definitions)
        self._is_foreign = response.value.get("language") != compiled.form.resource.get("language")
        self._answered: dict[int, bool] = {}

    def whole(self) -> Iterator[Finding]:
        """Check all items of the response, and what must be true of it as a whole."""
        yield from self.level(self._form.questions, self._response, Scope(self._response.value))
        yield from self._constraints(objects(self._form.resource, "extension"), None, self._response)

    def _constraints(self, said: list[dict[str, Any]], question: Question | None, at: Item) -> Iterator[Finding]:
        """Tell which constraints aren't true, of answers that are whole and can be taken."""
        if said and self._is_whole and not self._faulty.answered and not self._faulty.has_strangers:
            for fault in broken(said, question, None if question is None else at.value, self._calculation):
                yield at.found(fault.rule, severity=fault.severity, **fault.facts)

    def _is_expressed(self, question: Question, own: Sequence[Item]) -> bool | None:
        """Whether an expression enables a question, by its first item or where there is none by the response."""
        if ENABLING not in question.extensions:
            return True
        return is_enabled(question, own[0].value if own else None, self._calculation)

    @cached_property
    def _faulty(self) -> Faulty:
        return faulty_in(self._response, self._compiled)

    def level(self, questions: Sequence[Question], holder: Item, scope: Scope) -> Iterator[Finding]:
        """Check the items directly in ``holder`` (the response, a group or an answer) beside ``questions``."""
        items = named(holder, "item")
        yield from self._order(questions, items)
        by_link: dict[Any, list[Item]] = {}
        for item in items:
            if isinstance(item.value.get("linkId"), str):
                by_link.setdefault(item.value["linkId"], []).append(item)
        lost = None if has_garbled(holder, "item") else self._lost(holder, by_link)
        for question in questions:
            own = by_link.pop(question.link_id, [])
            if not own and not question.required:
                continue
            is_expressed = self._is_expressed(question, own)
            if is_expressed is None and not own:
                continue  # whether it was to be answered is open
            if is_expressed is False or not self._enabling.is_enabled(question, scope):
                asked = self._form.call(question)
                answered = [item for item in own if self._says_something(item)]
                if answered and not self._faulty.decide(question, self._form):
                    yield from (item.found("answer-disabled", question=asked) for item in answered)
                continue
            if not own and self._is_wanted(question):
                if lost is None or question.link_id in self._faulty.misplaced:
                    continue
                if lost:
                    lost -= 1
                    continue
            yield from self._items(question, own, holder, scope)

    def _lost(self, holder: Item, by_link: Mapping[str, Sequence[Item]]) -> int:
        """Count the items in ``holder`` that are told as no question's: each may be meant to answer one."""
        unknown = sum(len(items) for link, items in by_link.items() if link not in self._form.by_link)
        return unknown + sum(item.fits and not isinstance(_link(item), str) for item in inside(holder, "item"))

    def _order(self, questions: Sequence[Question], items: Sequence[Item]) -> Iterator[Finding]:
        """Yield a finding for each item that isn't one of these questions', or comes after a later one's."""
        positions = {question.link_id: index for index, question in enumerate(questions)}
        latest = -1
        for item in items:
            link = item.value.get("linkId")
            if not isinstance(link, str):
                continue
            if link not in positions:
                known = self._form.by_link.get(link)
                if known is None and link:
                    yield item.found("answer-unknown-link", form=self._form.name)
                elif known is not None:
                    yield item.found("answer-misplaced", question=self._form.call(known))
            elif positions[link] < latest:
                before = self._form.call(questions[latest])
                yield item.found("answer-order", question=self._form.call(questions[positions[link]]), before=before)
            else:
                latest = positions[link]

    def _items(self, question: Question, own: Sequence[Item], holder: Item, scope: Scope) -> Iterator[Finding]:
        """Check all items that one question has in one place."""
        asked = self._form.call(question)
        is_there = any(map(self._is_there, own))
        if self._is_wanted(question) and not is_there and not any(has_garbled(item, "answer") for item in own):
            severity: Severity = "error" if self._is_whole else "warning"
            yield (own[0] if own else holder).found("answer-missing", severity=severity, question=asked)
        if len(own) > 1 and not (question.is_group and question.repeats):
            # Several items with an answer each are told of what should be one item with several answers.
            yield own[1].found("answer-item-twice", severity="warning" if question.repeats else "error", question=asked)
        if own and (question.is_group or is_there or not question.required):
            yield from self._count(question, own)
        for item in own:
            yield from self._constraints(question.extensions.get(CONSTRAINT, []), question, item)
            yield from self._text(question, item)
            if question.is_group or question.type == "display":
                for answer in named(item, "answer")[:1]:
                    yield answer.found("answer-none-allowed", question=asked, type=question.type)
            if question.is_group:
                yield from self.level(
                    question.questions, item, Scope(item.value, scope, Node(question, item.value, scope))
                )
            else:
                yield from self._answers(question, item, scope)

    def _text(self, question: Question, item: Item) -> Iterator[Finding]:
        text = item.value.get("text")
        if question.texts and isinstance(text, str) and text not in question.texts:
            severity: Severity = "warning" if self._is_foreign else "error"
            place = item.place_of("text")
            yield item.found("answer-question-text", place=place, severity=severity, question=self._form.call(question))

    def _answers(self, question: Question, item: Item, scope: Scope) -> Iterator[Finding]:
        asked = self._form.call(question)
        answers = named(item, "answer") if question.type != "display" else []
        for inner in named(item, "item")[:1]:
            yield inner.found("answer-item-outside", question=asked)
        if len(answers) > 1 and not question.repeats:
            yield answers[1].found("answer-twice", question=asked, found=len(answers))
        checks = self._compiled.checks(question)
        given = [
            (answer, value) for answer in answers for value in named(answer, "value[x]") if value.value is not None
        ]
        is_right = True
        for _, value in given:
            if value.expected.type not in checks:
                is_right = False
                allowed = ", ".join(checks)
                yield value.found("answer-type", question=asked, type=value.expected.type, allowed=allowed)
                continue
            if not value.is_readable:
                is_right = False
                continue
            told = set()
            for one in checks[value.expected.type]:
                fault = one(value.value)
                if fault is not None and fault.rule not in told:
                    is_right = False
                    told.add(fault.rule)
                    yield value.found(fault.rule, severity=fault.severity, **fault.facts)
        yield from self._exclusive(question, given)
        faulty = self._faulty if given and is_right and is_calculated(question) else None
        if faulty is not None and not faulty.answered and not faulty.has_strangers:
            fault = self._calculation.fault(question, item.value, [value.value for _, value in given])
            if fault is not None:
                yield given[0][1].found(fault.rule, severity=fault.severity, **fault.facts)
        for answer in answers:
            inside = Scope(answer.value, scope, Node(question, item.value, scope))
            yield from self.level(question.questions, answer, inside)

    def _exclusive(self, question: Question, given: Sequence[tuple[Item, Item]]) -> Iterator[Finding]:
        exclusive = [option.value for option in question.options if option.is_exclusive]
        for answer, value in given if len(given) > 1 else ():
            if any(same(value.value, one) for one in exclusive):
                yield answer.found("answer-exclusive", question=self._form.call(question))

    def _count(self, question: Question, own: Sequence[Item]) -> Iterator[Finding]:
        """Compare with the least and the most: of a group its repetitions count, of a question its answers."""
        count = len(own) if question.is_group else sum(len(named(item, "answer")) for item in own)
        fewest, most = (question.count(HL7 + f"questionnaire-{name}Occurs") for name in ("min", "max"))
        asked = self._form.call(question)
        if fewest is not None and count < fewest and self._is_whole:
            yield own[0].found("answer-few", question=asked, limit=fewest, found=count)
        if most is not None and count > most:
            yield own[0].found("answer-many", question=asked, limit=most, found=count)

    def _is_wanted(self, question: Question) -> bool:
        return question.required and question.type != "display"

    def _is_there(self, item: Item) -> bool:
        """Whether an item makes its required question answered: a group must only hold an item."""
        return bool(named(item, "answer") or named(item, "item"))

    def _says_something(self, item: Item) -> bool:
        """Whether an item is answered, or one inside it is."""
        key = id(item)
        if key not in self._answered:
            self._answered[key] = bool(named(item, "answer")) or any(map(self._says_something, named(item, "item")))
        return self._answered[key]


def _link(item: Item) -> Any:
    return item.value.get("linkId") if item.fits else None


def named(holder: Item, name: str) -> list[Item]:
    """Return the children called ``name`` that are what their type asks for."""
    member = holder.expected.members.get(name)
    return [child for child in holder.children.get(member, ()) if child.fits] if member else []
