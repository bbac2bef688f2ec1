"""How often a child element and its slices occur, told quickly; see ``quick/``."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.validation.expected import Member
    from fhir_iop.validation.slices import Slice, Slicing


def lowest(member: Member) -> int:
    """Return how often an element must occur, in any slice of it or in none."""
    slices = (slice_.view for slicing in member.slicings for slice_ in slicing.slices)
    return max(view.element.min for view in (*member.views, *slices))


class Counted:
    """How often each slice of an element must and may occur; what depends on an order is left to a close look."""

    def __init__(self, member: Member) -> None:
        self.is_plain = not any(map(_asks_for_places, member.slicings))
        self.closed = [slicing.rules == "closed" for slicing in member.slicings]
        self.limits = [
            (slice_, slice_.view.element.min, slice_.view.element.max)
            for slicing in member.slicings
            for slice_, _ in slicing.nested()
            if slice_.view.element.min or slice_.view.element.max is not None
        ]

    def fits(self, occurrences: Sequence[Sequence[Sequence[Slice]]]) -> bool:
        """Whether values that lie in these slices may stand side by side."""
        if not self.is_plain:
            return False
        for chosen in occurrences:
            if any(closed and not slices for closed, slices in zip(self.closed, chosen, strict=True)):
                return False
        counts = Counter(slice_ for chosen in occurrences for slices in chosen for slice_ in slices)
        for slice_, fewest, most in self.limits:
            count = counts[slice_]
            if count < fewest or (most is not None and count > most):
                return False
        return True


def _asks_for_places(slicing: Slicing) -> bool:
    """Whether an order is asked for, or re-slices are among what else a slice admits."""
    inner = [slice_.inner for slice_ in slicing.all_slices() if slice_.inner is not None]
    return (
        slicing.ordered
        or slicing.rules == "openAtEnd"
        or any(one.ordered or one.rules != "open" for one in inner if one.slices)
    )


def length(member: Member) -> tuple[int, int | None]:
    """Return how many values an element's array has at least and at most."""
    fewest = max(1, *(view.element.min for view in member.views))
    limits = [view.element.max for view in member.views if view.element.max is not None]
    return fewest, min(limits, default=None)
