"""On request: which elements that a profile marks as must-support a resource doesn't have, as information.

https://hl7.org/fhir/R4/profiling.html#mustsupport: what a profile asks of systems, not of a resource, which may lack
them. An element inside another is told where that other is there. One that is required is told as missing
(rules/cardinality.py, rules/slicing.py) and not again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected, Member, View
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether it is asked for, and a child element of an object, or a slice of one, is must-support."""
    if expected.is_primitive or not expected.expectations.outside.options.must_support:
        return False
    return any(_view(member) is not None or any(_slices(member)) for member in expected.members.values())


def quick(expected: Expected) -> Test:
    """Return whether every such element is there and isn't sliced."""
    marked = [member for member in expected.members.values() if _view(member) is not None or any(_slices(member))]
    if any(True for member in marked for _ in _slices(member)):
        return lambda _value: False
    names = [tuple(member.variants) for member in marked]
    return lambda value: all(any(name in value for name in alternatives) for alternatives in names)


def find(item: Item) -> Iterator[Finding]:
    """Yield `must-support` at the object that lacks the element or the slice."""
    if not item.content:
        return
    for member in item.expected.members.values():
        children = item.children.get(member, ())
        view = _view(member)
        if not children and view is not None:
            yield item.found("must-support", name=member.step, by=view.said_by)
            continue
        for name, slice_view in _slices(member):
            if not any(_lies_in(child, slice_view) for child in children):
                yield item.found("must-support", name=f"{member.step}:{name}", by=slice_view.said_by)


def _view(member: Member) -> View | None:
    """Return the first view that marks the element, where none requires it."""
    if any(view.element.min > 0 or view.element.max == 0 for view in member.views):
        return None
    return next((view for view in member.views if view.element.must_support), None)


def _slices(member: Member) -> Iterator[tuple[str, View]]:
    """Yield name and view of each slice that is marked and not required.

    The slices of an element that doesn't repeat, as those of a choice by type, exclude each other: none is missing.
    """
    if not member.is_list:
        return
    for slicing in member.slicings:
        for slice_ in slicing.slices:
            if slice_.view.element.must_support and slice_.view.element.min == 0 and slice_.view.element.max != 0:
                yield slice_.name, slice_.view


def _lies_in(child: Item, view: View) -> bool:
    return any(slice_.view is view for slices in child.chosen.values() for slice_ in slices)
