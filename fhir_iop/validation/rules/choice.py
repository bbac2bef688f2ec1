"""A choice is made once, and with a type that every definition allows.

https://hl7.org/fhir/R4/formats.html#choice; a profile may narrow the types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected, Member
    from fhir_iop.validation.item import Finding, Item


def applies(expected: Expected) -> bool:
    """Whether there are child elements."""
    return bool(expected.members)


def find(item: Item) -> Iterator[Finding]:
    """Yield `choice-twice` for a choice given as two types, `type-not-allowed` for a type that a profile excludes."""
    for member, children in item.children.items():
        names = sorted({child.place.key for child in children}) if len(children) > 1 else []
        if len(names) > 1:
            yield item.found("choice-twice", place=item.place.down(member.step, names[0]), names=" and ".join(names))
        for child in children:
            yield from _types(child, member)


def _types(child: Item, member: Member) -> Iterator[Finding]:
    for view in member.views[1:]:
        if not member.allows(view, child.expected.type):
            named = ", ".join(sorted({entry.code for entry in view.element.types}))
            yield child.found("type-not-allowed", type=child.expected.type, allowed=named, by=view.said_by)
            return
