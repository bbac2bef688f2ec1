"""Slices occur as often as their definition says; closed slicings admit nothing else, ordered ones keep their order.

https://hl7.org/fhir/R4/profiling.html#slicing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation.discriminators import Value
from fhir_iop.validation.garbled import is_garbled
from fhir_iop.validation.least import covers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fhir_iop.validation.expected import Expected, Member
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.slices import Slice, Slicing


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
        for slicing in member.slicings:
            children = item.children.get(member, ())
            for finding in (*_surplus(member, slicing, children), *_all_places(member, slicing, children)):
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
        before = tuple(found)
        garbled: int | None = None
        for slice_, outer in slicing.nested():
            inside = _inside(slice_, slicing, children)
            short = slice_.view.element.min - len(inside)
            if short <= 0 or (outer is not None and not _inside(outer, slicing, children)):
                continue  # there are enough, or there is nothing in which they could be missing
            if not any(
                one.view.element.min - count >= short and covers(member, one, slice_, item.frame)
                for one, count in before
            ):
                if garbled is None:
                    outside = [child for child in children if not _chosen(child, slicing)]
                    garbled = lost + sum(
                        child.fits and (is_garbled(child, slicing) or _is_told(child, slicing)) for child in outside
                    )
                if garbled >= short:
                    garbled -= short
                    continue  # what is missing stands there, with a fault that is told there
                found.append((slice_, len(inside)))
    return found


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


def _inside(slice_: Slice, slicing: Slicing, children: Sequence[Item]) -> list[Item]:
    return [child for child in children if any(slice_ is one for one in _chosen(child, slicing))]


def _surplus(member: Member, slicing: Slicing, children: Sequence[Item]) -> Iterator[Finding]:
    for slice_, _ in slicing.nested():
        most = slice_.view.element.max
        inside = _inside(slice_, slicing, children) if most is not None else []
        if most is not None and len(inside) > most:
            facts: dict[str, Any] = {"name": member.step, "slice": slice_.name, "by": slice_.view.said_by}
            yield inside[most].found("slice-max", max=most, found=len(inside), **facts)


def _chosen(child: Item, slicing: Slicing) -> Sequence[Slice]:
    return child.chosen.get(slicing, ())


def _all_places(member: Member, slicing: Slicing, children: Sequence[Item]) -> Iterator[Finding]:
    """Look at the places in a slicing, and at those of re-slices among each other."""
    yield from _places(member, slicing, [(child, _chosen(child, slicing)) for child in children])
    for slice_ in slicing.all_slices():
        if slice_.inner is not None and slice_.inner.slices:
            inside = [(child, _chosen(child, slicing)) for child in _inside(slice_, slicing, children)]
            yield from _places(
                member, slice_.inner, [(child, chosen[chosen.index(slice_) + 1 :]) for child, chosen in inside]
            )


def _places(member: Member, slicing: Slicing, sorted_: Sequence[tuple[Item, Sequence[Slice]]]) -> Iterator[Finding]:
    """Look at the places of children, each with the slice of ``slicing`` that it lies in and what lies in that."""
    by = slicing.view.said_by
    positions = [_position(slicing, chosen) for _, chosen in sorted_]
    last = max((index for index, position in enumerate(positions) if position is not None), default=-1)
    furthest = -1
    for index, ((child, _), position) in enumerate(zip(sorted_, positions, strict=True)):
        if position is None:
            if slicing.rules == "closed" and slicing.default is None and not is_garbled(child, slicing):
                names = ", ".join(slice_.name for slice_ in slicing.slices)
                yield child.found("slice-closed", name=member.step, slices=names, by=by)
            elif slicing.rules == "openAtEnd" and index < last:
                yield child.found("slice-end", name=member.step, by=by)
        elif slicing.ordered and position < furthest:
            yield child.found("slice-order", name=member.step, slice=slicing.slices[position].name, by=by)
        else:
            furthest = max(furthest, position)


def _position(slicing: Slicing, chosen: Sequence[Slice]) -> int | None:
    if not chosen or chosen[0] not in slicing.slices:
        return None
    return slicing.slices.index(chosen[0])
