"""What became of a case, in the one shape that every suite reports in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, run: what its author expects, what we found, and whether that is the same.

    ``id`` is unique in its suite; ``expected`` and ``found`` are short lines that a person can compare, made of the
    case's and our own result; ``facts`` are further columns of the row, the same for each case of a suite.
    """

    id: str
    group: str
    agreed: bool
    expected: tuple[str, ...]
    found: tuple[str, ...]
    facts: dict[str, Any] = field(default_factory=dict)

    def row(self) -> dict[str, Any]:
        """Return the outcome as a JSON object, flat but for the two results."""
        return {
            "id": self.id,
            "group": self.group,
            **self.facts,
            "agreed": self.agreed,
            "expected": list(self.expected),
            "found": list(self.found),
        }


class Tally(NamedTuple):
    """How many cases of a group agree, of how many."""

    group: str
    agreed: int
    cases: int


def group_of(outcome: Outcome) -> str:
    """Return the group of a case: the line of the table that it is counted in, where a suite says no other."""
    return outcome.group


def tally(outcomes: Iterable[Outcome], line: Callable[[Outcome], str] = group_of) -> list[Tally]:
    """Count ``outcomes`` by ``line``, in the order in which the lines first come."""
    cases: Counter[str] = Counter()
    agreed: Counter[str] = Counter()
    for outcome in outcomes:
        cases[line(outcome)] += 1
        agreed[line(outcome)] += outcome.agreed
    return [Tally(group, agreed[group], count) for group, count in cases.items()]


def numbered(names: Iterable[str]) -> list[str]:
    """Make ``names`` unique: where one comes again, its second occurrence ends with ``#2``, its third with ``#3``."""
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name}#{seen[name]}")
    return unique
