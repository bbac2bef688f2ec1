"""What a value must be, worked out once of what all definitions expect together: which children, how often, as what."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from fhir_iop.fhirpath import FhirPathError
from fhir_iop.fhirpath import compile as compile_
from fhir_iop.validation.expected import Expected, Member, View
from fhir_iop.validation.invariants import _MEANT
from fhir_iop.validation.slices import Slice, Slicing

_ANY_TYPE = {"Resource", "Element", "BackboneElement"}


@dataclass(frozen=True, slots=True)
class Slot:
    """One child element: how often it occurs, and its JSON forms as (property, type)."""

    owner: Expected
    member: Member
    name: str
    low: int
    high: int
    forms: tuple[tuple[str, str], ...]
    slicings: tuple[Slicing, ...]


class Plan:
    """What a generator needs to know of one :class:`Expected`."""

    def __init__(self, expected: Expected) -> None:
        self.expected = expected

    @cached_property
    def fixed(self) -> tuple[Any, ...]:
        """The fixed values, which are all the same one where a definition can be met at all."""
        return tuple(view.element.fixed[1] for view in self.expected.views if view.element.fixed is not None)

    @cached_property
    def pattern(self) -> Any:
        """What all patterns ask for together; None where there is none."""
        found: Any = None
        for view in self.expected.views:
            if view.element.pattern is not None:
                found = joined(found, view.element.pattern[1])
        return found

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The children that may occur, in the order of the definition."""
        return tuple(slot for member in self.expected.members.values() if (slot := _slot(self.expected, member)).high)

    @cached_property
    def by_name(self) -> dict[str, Slot]:
        """The slots by JSON property."""
        return {name: slot for slot in self.slots for name, _ in slot.forms}

    @cached_property
    def laws(self) -> tuple[tuple[Callable[..., bool], frozenset[str]], ...]:
        """The invariants that the value alone decides, each with the names in its text."""
        meant = [
            (one.holds, one.names) for one in map(Law, self._asked) if one.holds is not None and not one.needs_context
        ]
        return (*meant, *self._published)

    @property
    def _published(self) -> list[tuple[Callable[..., bool], frozenset[str]]]:
        """Those that say something else than they mean, as published: what meets both is right without a doubt."""
        found = []
        for one in self._asked:
            text = one.constraint.expression
            if text in _MEANT and one.holds is not None and not one.needs_context:
                try:
                    compiled = compile_(text, self.expected.fhirpath_type, self.expected.expectations.definitions)
                except FhirPathError:
                    continue
                found.append((compiled.holds, Law(one).names))
        return found

    @cached_property
    def outer_laws(self) -> bool:
        """Whether there are invariants that depend on what is around the value."""
        return any(one.needs_context for one in self._asked)

    @cached_property
    def _asked(self) -> list[Any]:
        return [one for one in self.expected.invariants if not one.constraint.best_practice]


class Law:
    """An invariant, with the words in its expression: a child that it names may be why it doesn't hold."""

    def __init__(self, invariant: Any) -> None:
        self.holds: Callable[..., bool] | None = invariant.holds
        self.needs_context: bool = invariant.needs_context
        spaced = "".join(letter if letter.isalnum() else " " for letter in invariant.constraint.expression)
        self.names = frozenset(spaced.split())


def joined(one: Any, other: Any) -> Any:
    """Return what holds both patterns; items of lists that say the same stand once."""
    if one is None:
        return deepcopy(other)
    if isinstance(one, dict) and isinstance(other, dict):
        return {name: joined(one.get(name), other[name]) if name in other else one[name] for name in {**one, **other}}
    if isinstance(one, list) and isinstance(other, list):
        return one + [deepcopy(item) for item in other if item not in one]
    return deepcopy(other)


def flat(slicing: Slicing) -> list[Slice]:
    """List the slices of a slicing, and those inside them."""
    return [each for slice_ in slicing.slices for each in (slice_, *(flat(slice_.inner) if slice_.inner else ()))]


def _slot(owner: Expected, member: Member) -> Slot:
    highs = [view.element.max for view in member.views if view.element.max is not None]
    low = max(view.element.min for view in member.views)
    high = min(highs) if highs else max(4, low)
    forms = tuple((name, type_) for name, type_ in member.variants.items() if _is_allowed(member, type_))
    return Slot(owner, member, member.step, low, high if forms else 0, forms, member.slicings)


def _is_allowed(member: Member, type_: str) -> bool:
    """Whether every view admits a type; `id`, published as a string, is meant as an id by all."""
    if "id" in member.variants:
        return True
    for view in member.views[1:]:
        allowed = {entry.code for entry in view.element.types}
        if allowed and type_ not in allowed and not allowed & _ANY_TYPE:
            return False
    return True


def deepest(chosen: list[Slice]) -> View | None:
    """Return the view of the innermost of nested slices."""
    return chosen[-1].view if chosen else None
