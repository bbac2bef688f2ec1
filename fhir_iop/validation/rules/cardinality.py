"""An element occurs at least `min` and at most `max` times, as each definition has it.

https://hl7.org/fhir/R4/conformance-rules.html#cardinality. A missing element is told at the object that lacks it, one
too many at the first that is too many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.rules.slicing import missing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fhir_iop.validation.expected import Expected, Member, View
    from fhir_iop.validation.item import Finding, Item


def applies(expected: Expected) -> bool:
    """Whether there are child elements."""
    return bool(expected.members)


def find(item: Item) -> Iterator[Finding]:
    """Yield `min` for an element that is missing and `max` for one that occurs too often."""
    if not item.content:
        return  # rules/empty.py
    for member in item.expected.members.values():
        if item.expected.is_primitive and member.name == "value":
            continue  # it isn't inside, but what the item is
        children = item.children.get(member, ())
        if not item.is_misshapen(member):
            yield from _too_few(item, member, children)
        yield from _too_many(member, children)


def is_miscounted(item: Item, name: str) -> bool:
    """Whether the child element ``name`` occurs too seldom or too often."""
    member = item.expected.members[name]
    count = len(item.children.get(member, ()))
    return any(
        count < view.element.min or (view.element.max is not None and count > view.element.max) for view in member.views
    )


def _too_few(item: Item, member: Member, children: Sequence[Item]) -> Iterator[Finding]:
    if all(len(children) >= view.element.min for view in member.views):
        return
    there = len(children) + sum(slice_.view.element.min - found for slice_, found in missing(item, member))
    for view in member.views:
        if there < view.element.min:  # else the slices that are missing say all (rules/slicing.py)
            found = item.found("min", name=member.step, min=view.element.min, found=len(children), by=view.said_by)
            yield found._replace(names=frozenset({member.step}))
            return


def _too_many(member: Member, children: Sequence[Item]) -> Iterator[Finding]:
    limited: list[View] = [view for view in member.views if view.element.max is not None]
    for view in limited:
        if len(children) > (view.element.max or 0) and not _is_double_choice(member, children):
            surplus = children[view.element.max or 0]
            yield surplus.found("max", name=member.step, max=view.element.max, found=len(children), by=view.said_by)
            return


def _is_double_choice(member: Member, children: Sequence[Item]) -> bool:
    return not member.is_list and len({child.place.key for child in children}) > 1
