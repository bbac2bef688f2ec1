"""Sets of codes that are known in part: the algebra that value sets are expanded with.

A value set whose content isn't all at hand is an interval: the codes that are in it for *sure*, and those that are
*possible*. Each bound is a finite set of codes or all codes but a finite set; both kinds are closed under union,
intersection and difference, so that what a compose says of partly known content is answered as exactly as it can be.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    _Bound = tuple[frozenset[str], bool]
    _Table = tuple[_Bound, _Bound | None]

_NONE: Final[frozenset[str]] = frozenset()


class Membership(Enum):
    """Whether a code is in a value set; UNKNOWN where content that decides isn't at hand."""

    MEMBER = "member"
    NOT_MEMBER = "not a member"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes ``named``, or, where ``inverted``, all codes but those."""

    named: frozenset[str] = _NONE
    inverted: bool = False

    def __contains__(self, code: str) -> bool:
        return (code in self.named) is not self.inverted

    def __or__(self, other: Codes) -> Codes:
        return ~(~self & ~other)

    def __sub__(self, other: Codes) -> Codes:
        return self & ~other

    def __invert__(self) -> Codes:
        return Codes(self.named, not self.inverted)

    def __and__(self, other: Codes) -> Codes:
        match self.inverted, other.inverted:
            case False, False:
                return Codes(self.named & other.named)
            case False, True:
                return Codes(self.named - other.named)
            case True, False:
                return Codes(other.named - self.named)
            case _:
                return Codes(self.named | other.named, inverted=True)


NOTHING: Final = Codes()
EVERYTHING: Final = Codes(inverted=True)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a set of codes of one system."""

    sure: Codes = NOTHING
    possible: Codes = NOTHING

    @classmethod
    def exactly(cls, codes: frozenset[str]) -> Known:
        """Know exactly these codes."""
        return cls(Codes(codes), Codes(codes))

    @classmethod
    def at_least(cls, codes: frozenset[str], not_in: frozenset[str] = _NONE) -> Known:
        """Know these codes to be in it, and any other to be possible but ``not_in``."""
        return cls(Codes(codes), Codes(not_in, inverted=True))

    @classmethod
    def of_table(cls, sure: _Bound, possible: _Bound | None) -> Known:
        """Know again what :meth:`table` told."""
        bound = Codes(*sure)
        return cls(bound, bound if possible is None else Codes(*possible))

    def table(self) -> _Table:
        """Tell both bounds in Python's own types, the second only where it isn't the first."""
        bounds = [(each.named, each.inverted) for each in (self.sure, self.possible)]
        return bounds[0], None if bounds[0] == bounds[1] else bounds[1]

    @property
    def is_exact(self) -> bool:
        """Whether nothing about it is unknown."""
        return self.sure == self.possible

    def union(self, other: Known) -> Known:
        """Return what is in either."""
        return Known(self.sure | other.sure, self.possible | other.possible)

    def intersection(self, other: Known) -> Known:
        """Return what is in both."""
        return Known(self.sure & other.sure, self.possible & other.possible)

    def difference(self, other: Known) -> Known:
        """Return what is in this one and not in the other."""
        return Known(self.sure - other.possible, self.possible - other.sure)

    def membership(self, code: str) -> Membership:
        """Return whether ``code`` is in the set."""
        if code in self.sure:
            return Membership.MEMBER
        return Membership.UNKNOWN if code in self.possible else Membership.NOT_MEMBER


_EMPTY: Final = Known()
_ANYTHING: Final = Known(NOTHING, EVERYTHING)


@dataclass(frozen=True, slots=True)
class Expansion:
    """What is known of a value set: by system, and of all systems not named there."""

    systems: Mapping[str, Known] = field(default_factory=dict)
    elsewhere: Known = _EMPTY

    @classmethod
    def unknown(cls) -> Expansion:
        """Know nothing of a value set."""
        return cls({}, _ANYTHING)

    @classmethod
    def of_tables(cls, systems: dict[str, _Table], elsewhere: _Table) -> Expansion:
        """Know again what :meth:`tables` told."""
        return cls({system: Known.of_table(*known) for system, known in systems.items()}, Known.of_table(*elsewhere))

    def tables(self) -> tuple[dict[str, _Table], _Table]:
        """Tell all that is known in Python's own types."""
        return {system: known.table() for system, known in self.systems.items()}, self.elsewhere.table()

    def of(self, system: str) -> Known:
        """Return what is known of the codes of ``system``."""
        return self.systems.get(system, self.elsewhere)

    def combined(self, other: Expansion, how: Callable[[Known, Known], Known]) -> Expansion:
        """Combine with ``other``, system by system, as ``how`` (one of :class:`Known`'s methods) says."""
        systems = dict.fromkeys((*self.systems, *other.systems))
        return Expansion(
            {system: how(self.of(system), other.of(system)) for system in systems},
            how(self.elsewhere, other.elsewhere),
        )

    @property
    def is_exact(self) -> bool:
        """Whether all of the value set is at hand."""
        return self.elsewhere == _EMPTY and all(known.is_exact for known in self.systems.values())

    @property
    def bare(self) -> frozenset[str]:
        """The codes that are in it for sure, without their systems."""
        return frozenset[str]().union(*(known.sure.named for known in self.systems.values() if not known.sure.inverted))

    def membership(self, system: str | None, code: str) -> Membership:
        """Whether ``code`` of ``system`` is in the value set; without a system, whether any system's code is."""
        if system is not None:
            return self.of(system).membership(code)
        found = {known.membership(code) for known in (*self.systems.values(), self.elsewhere)}
        for answer in (Membership.MEMBER, Membership.UNKNOWN):
            if answer in found:
                return answer
        return Membership.NOT_MEMBER
