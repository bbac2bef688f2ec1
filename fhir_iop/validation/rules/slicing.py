"""Slices occur as often as their definition says; closed slicings admit nothing else, ordered ones keep their order.

https://hl7.org/fhir/R4/profiling.html#slicing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fhir_iop.validation.expected import Expected, Member
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.slices import Slice, Slicing


def applies(expected: Expected) -> bool:
    """Whether a child element is sliced."""
    return any(member.slicings for member in expected.members.values())


def find(item: Item) -> Iterator[Finding]:
    """Yield `slice-min`, `slice-max`, `slice-closed`, `slice-order` and `slice-end`."""
    if not item.content:
        return
    for member in item.expected.members.values():
        for slicing in member.slicings:
            children = item.children.get(member, ())
            yield from _counts(item, member, slicing, children)
            yield from _places(member, slicing, children)


def _counts(item: Item, member: Member, slicing: Slicing, children: Sequence[Item]) -> Iterator[Finding]:
    for slice_ in slicing.all_slices():
        element = slice_.view.element
        inside = [child for child in children if any(slice_ is one for one in _chosen(child, slicing))]
        facts: dict[str, Any] = {
            "name": member.step,
            "slice": slice_.name,
            "found": len(inside),
            "by": slice_.view.said_by,
        }
        if len(inside) < element.min and _is_asked_for(slice_, slicing, inside):
            yield item.found("slice-min", min=element.min, **facts)
        if element.max is not None and len(inside) > element.max:
            yield inside[element.max].found("slice-max", max=element.max, **facts)


def _is_asked_for(slice_: Slice, slicing: Slicing, inside: Sequence[Item]) -> bool:
    """Tell whether a slice counts: one inside a slice does where the outer one occurs or must occur."""
    return slice_ in slicing.slices or bool(inside) or slicing.view.element.min > 0


def _chosen(child: Item, slicing: Slicing) -> Sequence[Slice]:
    return child.chosen.get(slicing, ())


def _places(member: Member, slicing: Slicing, children: Sequence[Item]) -> Iterator[Finding]:
    by = slicing.view.said_by
    positions = [_position(slicing, child) for child in children]
    for index, (child, position) in enumerate(zip(children, positions, strict=True)):
        if position is None:
            if slicing.rules == "closed" and slicing.default is None:
                names = ", ".join(slice_.name for slice_ in slicing.slices)
                yield child.found("slice-closed", name=member.step, slices=names, by=by)
            elif slicing.rules == "openAtEnd" and any(later is not None for later in positions[index:]):
                yield child.found("slice-end", name=member.step, by=by)
        elif slicing.ordered and any(one is not None and one > position for one in positions[:index]):
            yield child.found("slice-order", name=member.step, slice=slicing.slices[position].name, by=by)


def _position(slicing: Slicing, child: Item) -> int | None:
    chosen = _chosen(child, slicing)
    if not chosen or chosen[0] not in slicing.slices:
        return None
    return slicing.slices.index(chosen[0])
