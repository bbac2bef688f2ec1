"""Which questions of a response have answers that can't be taken: what depends on these isn't told as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Item
    from fhir_iop.validation.responses.form import Form, Question
    from fhir_iop.validation.responses.forms import Compiled


class Faulty(NamedTuple):
    """The linkIds of questions with an answer that can't be taken, and of those whose items stand elsewhere.

    ``has_strangers``: there are items of which it can't be told which question they answer.
    """

    answered: frozenset[str]
    misplaced: frozenset[str]
    has_strangers: bool

    def decide(self, question: Question, form: Form) -> bool:
        """Whether a faulty answer is among those that decide whether a question is to be answered."""
        waiting, seen = [question], {question.link_id}
        for one in waiting:
            asked = {condition.question for condition in one.conditions}
            if asked & self.answered or asked & self.misplaced or (asked and self.has_strangers):
                return True
            waiting += [form.by_link[link] for link in asked - seen if link in form.by_link]
            seen |= asked
        return False


def faulty_in(response: Item, compiled: Compiled) -> Faulty:
    """Look at all items of a response."""
    answered, misplaced, has_strangers = set(), set(), False
    places = {question.link_id: around for question, around in compiled.form.around.items()}
    for item, around in _items(response, ()):
        link = item.value.get("linkId") if item.fits else None
        question = compiled.form.by_link.get(link) if isinstance(link, str) else None
        if question is None or has_garbled(item, "item"):
            has_strangers = True
        if question is None:
            continue
        if tuple(one.link_id for one in places[question.link_id]) != around:
            misplaced.add(question.link_id)
        if has_garbled(item, "answer") or any(
            _is_faulty(answer, question, compiled) for answer in inside(item, "answer")
        ):
            answered.add(question.link_id)
    return Faulty(frozenset(answered), frozenset(misplaced), has_strangers or has_garbled(response, "item"))


def inside(holder: Item, name: str) -> list[Item]:
    """Return the children called ``name``."""
    return holder.children.get(holder.expected.members[name], [])


def has_garbled(holder: Item, name: str) -> bool:
    """Whether something stands for a child element that can't be read."""
    member = holder.expected.members[name]
    return holder.is_misshapen(member) or holder.count_unreadable(member) > 0


def _items(holder: Item, around: tuple[str, ...]) -> Iterator[tuple[Item, tuple[str, ...]]]:
    """Yield the items inside, at any depth, with the linkIds of those around each."""
    for item in inside(holder, "item"):
        yield item, around
        if item.fits:
            here = (*around, str(item.value.get("linkId")))
            for one in (item, *(answer for answer in inside(item, "answer") if answer.fits)):
                yield from _items(one, here)


def _is_faulty(answer: Item, question: Question, compiled: Compiled) -> bool:
    if not answer.fits or answer.form_faults or answer.meant:
        return True
    checks = compiled.checks(question)
    return any(
        not value.is_whole
        or value.expected.type not in checks
        or any(check(value.value) is not None for check in checks[value.expected.type])
        for value in inside(answer, "value[x]")
    )
