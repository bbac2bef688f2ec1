"""Slices occur as often as their definition says; closed slicings admit nothing else, ordered ones keep their order.

https://hl7.org/fhir/R4/profiling.html#slicing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.validation.discriminators import Value
from fhir_iop.validation.garbled import is_garbled
from fhir_iop.validation.least import lying_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fhir_iop.validation.expected import Expected, Member
    from fhir_iop.validation.frame import Frame
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.slices import Slice, Slicing

_SHOWN: Final = 20  # names of slices in one sentence


def applies(expected: Expected) -> bool:
    """Whether a child element is sliced."""
    return any(member.slicings for member in expected.members.values())


def find(item: Item) -> Iterator[Finding]:
    """Yield `slice-min`, `slice-max`, `slice-closed`, `slice-order` and `slice-end`.

    Definitions that slice alike see the same faults, of which the first tells.
    """
    if not item.content:
        return
    for member in item.expected.members.values():
        for slice_, found in missing(item, member):
            facts: dict[str, Any] = {"name": member.step, "slice": slice_.name, "by": slice_.view.said_by}
            yield item.found("slice-min", min=slice_.view.element.min, found=found, **facts)
        told = set()
        children = item.children.get(member, ())
        for slicing in member.slicings if children else ():
            inside = _inside(slicing, children)
            for finding in (*_surplus(member, slicing, inside), *_all_places(member, slicing, children, inside)):
                if (finding.issue.rule, finding.path) not in told:
                    told.add((finding.issue.rule, finding.path))
                    yield finding


def missing(item: Item, member: Member) -> list[tuple[Slice, int]]:
    """Return the slices of a child element that occur too seldom, with how often they do.

    What is missing is missing once, however many definitions say so; what can't be read may be what is missing.
    """
    if item.is_misshapen(member):
        return []
    children = item.children.get(member, ())
    lost = item.count_unreadable(member)
    found: list[tuple[Slice, int]] = []
    for slicing in member.slicings:
        told = _told(member, slicing, found, item.frame)
        inside = _inside(slicing, children)
        garbled: int | None = None
        for slice_, outer in slicing.nested():
            count = len(inside.get(slice_, ()))
            short = slice_.view.element.min - count
            if short <= told.get(slice_, 0) or (outer is not None and outer not in inside):
                continue  # there are enough, or there is nothing in which they could be missing
            if garbled is None:
                outside = [child for child in children if not _chosen(child, slicing)]
                garbled = lost + sum(
                    child.fits and (is_garbled(child, slicing) or _is_told(child, slicing)) for child in outside
                )
            if garbled >= short:
                garbled -= short
                continue  # what is missing stands there, with a fault that is told there
            found.append((slice_, count))
    return found


def _told(member: Member, slicing: Slicing, missing_: Sequence[tuple[Slice, int]], frame: Frame) -> dict[Slice, int]:
    """Return how often each slice is missing by what other slicings say is missing: such as would lie in both."""
    told: dict[Slice, int] = {}
    for slice_, count in missing_:
        for other in lying_in(member, slice_, slicing, frame):
            told[other] = max(told.get(other, 0), slice_.view.element.min - count)
    return told


def _is_told(child: Item, slicing: Slicing) -> bool:
    """Whether a value that is in no slice is told as that, and has what a slice's discriminator looks at but for that.

    It is so with the parts of a complex extension, and where what a reference leads to is a target with a fault.
    """
    if child.expected.type == "Extension":
        url = child.value.get("url")
        return (
            isinstance(url, str) and ":" not in url and child.up is not None and child.up.expected.type == "Extension"
        )
    if slicing.rules != "closed" or slicing.default is not None:
        return False
    seen = Value(child.value, child.expected.type, child.frame)
    return any(slice_.nearly_matches(seen) for slice_ in slicing.slices)


def _inside(slicing: Slicing, children: Sequence[Item]) -> dict[Slice, list[Item]]:
    """Return the children in each slice that has some."""
    inside: dict[Slice, list[Item]] = {}
    for child in children:
        for slice_ in _chosen(child, slicing):
            inside.setdefault(slice_, []).append(child)
    return inside


def _surplus(member: Member, slicing: Slicing, inside: Mapping[Slice, Sequence[Item]]) -> Iterator[Finding]:
    for slice_, _ in slicing.nested():
        most, found = slice_.view.element.max, inside.get(slice_, ())
        if most is not None and len(found) > most:
            facts: dict[str, Any] = {"name": member.step, "slice": slice_.name, "by": slice_.view.said_by}
            yield found[most].found("slice-max", max=most, found=len(found), **facts)


def _chosen(child: Item, slicing: Slicing) -> Sequence[Slice]:
    return child.chosen.get(slicing, ())


def _all_places(
    member: Member, slicing: Slicing, children: Sequence[Item], inside: Mapping[Slice, Sequence[Item]]
) -> Iterator[Finding]:
    """Look at the places in a slicing, and at those of re-slices among each other."""
    yield from _places(member, slicing, [(child, _chosen(child, slicing)) for child in children])
    for slice_ in slicing.all_slices():
        if slice_.inner is not None and slice_.inner.slices and slice_ in inside:
            sorted_ = [(child, _chosen(child, slicing)) for child in inside[slice_]]
            yield from _places(
                member, slice_.inner, [(child, chosen[chosen.index(slice_) + 1 :]) for child, chosen in sorted_]
            )


def _places(member: Member, slicing: Slicing, sorted_: Sequence[tuple[Item, Sequence[Slice]]]) -> Iterator[Finding]:
    """Look at the places of children, each with the slice of ``slicing`` that it lies in and what lies in that."""
    by = slicing.view.said_by
    order = {slice_: position for position, slice_ in enumerate(slicing.slices)}
    positions = [order.get(chosen[0]) if chosen else None for _, chosen in sorted_]
    names = _few(slicing.slices)
    last = max((index for index, position in enumerate(positions) if position is not None), default=-1)
    furthest = -1
    for index, ((child, _), position) in enumerate(zip(sorted_, positions, strict=True)):
        if position is None:
            if slicing.rules == "closed" and slicing.default is None and not is_garbled(child, slicing):
                yield child.found("slice-closed", name=member.step, slices=names, by=by)
            elif slicing.rules == "openAtEnd" and index < last:
                yield child.found("slice-end", name=member.step, by=by)
        elif slicing.ordered and position < furthest:
            yield child.found("slice-order", name=member.step, slice=slicing.slices[position].name, by=by)
        else:
            furthest = max(furthest, position)


def _few(slices: Sequence[Slice]) -> str:
    """Return the names of slices, of many the first."""
    names = ", ".join(slice_.name for slice_ in slices[:_SHOWN])
    return names if len(slices) <= _SHOWN else f"{names} and {len(slices) - _SHOWN} others"
