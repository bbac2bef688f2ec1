"""Collections as sets: union, intersection, distinct items, subsets; and what grows while it is walked.

Each comes in two forms: for raw items that Python's ``==`` compares rightly, and for :class:`TypedValue`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.runtime.equality import equal_items
from fhir_iop.fhirpath.runtime.typed import TypedValue, category_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fhir_iop.fhirpath.runtime.budget import Budget

_FEW = 16  # so many items are compared with each other sooner than hashed
_REPEATED = 4  # steps that an item costs which comes back to be walked
_SCALARS = frozenset({"String", "Boolean"})


def distinct_scalars(items: Sequence[Any]) -> list[Any]:
    """Return the items without repetition, where they can be keys of a dict."""
    return list(dict.fromkeys(items))


def distinct(items: Sequence[Any], budget: Budget) -> list[Any]:
    """Return raw items without repetition."""
    found: list[Any] = []
    for item in items:
        budget.spend(len(found))
        if item not in found:
            found.append(item)
    return found


def intersection(left: Sequence[Any], right: Sequence[Any], budget: Budget) -> list[Any]:
    """Return the raw items that both hold, without repetition."""
    budget.spend(len(left) * len(right))
    return distinct([item for item in left if item in right], budget)


def have_common(left: Sequence[Any], right: Sequence[Any], budget: Budget) -> bool:
    """Whether some raw item is in both."""
    for item in left:
        budget.spend(len(right))
        if item in right:
            return True
    return False


def exclusion(left: Sequence[Any], right: Sequence[Any], budget: Budget) -> list[Any]:
    """Return the raw items that only ``left`` holds, repetitions included."""
    budget.spend(len(left) * len(right))
    return [item for item in left if item not in right]


def contains_all(part: Sequence[Any], whole: Sequence[Any], budget: Budget) -> bool:
    """Whether each raw item of ``part`` is in ``whole``."""
    budget.spend(len(whole) * len(part))
    return all(item in whole for item in part)


class TypedSet:
    """:class:`TypedValue` items without repetition, in order; strings and Booleans are found by hashing."""

    def __init__(self, budget: Budget) -> None:
        self.items: list[TypedValue] = []
        self._budget = budget
        self._known: set[tuple[str, Any]] = set()
        self._others: list[TypedValue] = []

    def __contains__(self, item: TypedValue) -> bool:
        key = _key(item)
        if key is not None and key in self._known:
            return True
        if key is not None and not self._others:
            return False
        self._budget.spend(len(self._others))
        return any(equal_items(item, other) is True for other in self._others)

    def add(self, item: TypedValue) -> bool:
        """Add an item unless an equal one is there; return whether it was new."""
        if item in self:
            return False
        self._budget.spend(1)
        key = _key(item)
        if key is None:
            self._others.append(item)
        else:
            self._known.add(key)
        self.items.append(item)
        return True


def _key(item: TypedValue) -> tuple[str, Any] | None:
    category = category_of(item)
    return (category, item.value) if category in _SCALARS and item.value is not None else None


def _set(items: Sequence[TypedValue], budget: Budget) -> TypedSet:
    found = TypedSet(budget)
    for item in items:
        found.add(item)
    return found


def distinct_boxed(items: Sequence[TypedValue], budget: Budget) -> list[TypedValue]:
    """Return the items without repetition."""
    if len(items) > _FEW:
        return _set(items, budget).items
    found: list[TypedValue] = []
    for item in items:
        for other in found:
            if equal_items(item, other) is True:
                break
        else:
            found.append(item)
    return found


def intersection_boxed(left: Sequence[TypedValue], right: Sequence[TypedValue], budget: Budget) -> list[TypedValue]:
    """Return the items that both hold, without repetition."""
    other = _set(right, budget)
    return distinct_boxed([item for item in left if item in other], budget)


def exclusion_boxed(left: Sequence[TypedValue], right: Sequence[TypedValue], budget: Budget) -> list[TypedValue]:
    """Return the items that only ``left`` holds, repetitions included."""
    other = _set(right, budget)
    return [item for item in left if item not in other]


def contains_all_boxed(part: Sequence[TypedValue], whole: Sequence[TypedValue], budget: Budget) -> bool:
    """Whether each item of ``part`` is in ``whole``."""
    other = _set(whole, budget)
    return all(item in other for item in part)


class Repeated:
    """What ``repeat`` walks: first the input, then whatever was added meanwhile."""

    def __init__(self, start: Sequence[TypedValue], unique: bool, budget: Budget) -> None:
        self._start = start
        self._set = TypedSet(budget)
        self._budget = budget
        self._unique = unique
        self.items: list[TypedValue] = self._set.items

    def add(self, item: TypedValue) -> None:
        """Take a result, which is walked in its turn."""
        self._budget.spend(_REPEATED)
        if isinstance(item.value, str):
            self._budget.text(item.value)
        if self._unique:
            self._set.add(item)
        else:
            self.items.append(item)

    def __iter__(self) -> Iterator[TypedValue]:
        yield from self._start
        yield from self.items  # grows meanwhile


def is_member(item: TypedValue, items: Sequence[TypedValue], budget: Budget) -> bool:
    """Whether an item equals one of the others."""
    budget.spend(len(items))
    return any(equal_items(item, other) is True for other in items)
