"""Quick tests of how often a child element and its slices occur; see ``quick.py``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fhir_iop.validation.expected import Member
    from fhir_iop.validation.rule import Test
    from fhir_iop.validation.slices import Slice

# A value's test, and for each slicing the slices that it lies in.
Sorted = tuple["Test", Sequence[Sequence["Slice"]]]
Sort = Callable[[Any], Sorted]


def lowest(member: Member) -> int:
    """Return how often an element must occur, in any slice of it or in none."""
    slices = (slice_.view for slicing in member.slicings for slice_ in slicing.slices)
    return max(view.element.min for view in (*member.views, *slices))


class Counted:
    """How often each slice of an element must and may occur; what depends on an order is left to a close look."""

    def __init__(self, member: Member) -> None:
        self.is_plain = not any(slicing.ordered or slicing.rules == "openAtEnd" for slicing in member.slicings)
        self.closed = [slicing.rules == "closed" for slicing in member.slicings]
        self.limits = [
            (slice_, slice_.view.element.min, slice_.view.element.max)
            for slicing in member.slicings
            for slice_ in slicing.all_slices()
            if slice_.view.element.min or slice_.view.element.max is not None
        ]

    def fits(self, occurrences: Sequence[Sequence[Sequence[Slice]]]) -> bool:
        """Whether values that lie in these slices may stand side by side."""
        if not self.is_plain:
            return False
        for chosen in occurrences:
            if any(closed and not slices for closed, slices in zip(self.closed, chosen, strict=True)):
                return False
        for slice_, fewest, most in self.limits:
            count = sum(slice_ in slices for chosen in occurrences for slices in chosen)
            if count < fewest or (most is not None and count > most):
                return False
        return True


def one(sort: Sort, counted: Counted) -> Test:
    """Return the test of a sliced element that doesn't repeat."""

    def check(value: Any) -> bool:
        test, chosen = sort(value)
        return test(value) and counted.fits([chosen])

    return check


def many(sort: Sort, member: Member, counted: Counted) -> Test:
    """Return the test of a sliced element's array."""
    has_right_length = _length(member)

    def check(values: list[Any]) -> bool:
        if not has_right_length(values):
            return False
        occurrences = []
        for value in values:
            test, chosen = sort(value)
            if not test(value):
                return False
            occurrences.append(chosen)
        return counted.fits(occurrences)

    return check


def each(test: Test, member: Member) -> Test:
    """Return the test of an array whose element isn't sliced."""
    has_right_length = _length(member)

    def check(values: list[Any]) -> bool:
        if not has_right_length(values):
            return False
        for value in values:  # noqa: SIM110  a generator costs twice the loop
            if not test(value):
                return False
        return True

    return check


def _length(member: Member) -> Test:
    fewest = max(1, *(view.element.min for view in member.views))
    limits = [view.element.max for view in member.views if view.element.max is not None]
    if not limits:
        return lambda values: type(values) is list and len(values) >= fewest
    most = min(limits)
    return lambda values: type(values) is list and fewest <= len(values) <= most
