"""What date, number and quantity share: a search value and a stored value are both ranges, compared by a prefix.

https://hl7.org/fhir/R4/search.html#prefix. Bounds are inclusive; a value known only to some digits covers a range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

if TYPE_CHECKING:
    from collections.abc import Callable

    Column = sa.ColumnElement[Any]
    Test = Callable[[Column, Column, "Range"], sa.ColumnElement[bool]]


class Range(NamedTuple):
    """What a search value covers, first and last included."""

    low: Any
    high: Any


def _contained(low: Column, high: Column, asked: Range) -> sa.ColumnElement[bool]:
    return sa.and_(low >= asked.low, high <= asked.high)


def _overlaps(low: Column, high: Column, asked: Range) -> sa.ColumnElement[bool]:
    return sa.and_(low <= asked.high, high >= asked.low)


TESTS: dict[str, Test] = {
    "eq": _contained,
    "ne": lambda low, high, asked: sa.or_(low < asked.low, high > asked.high),
    "gt": lambda _low, high, asked: high > asked.high,
    "lt": lambda low, _high, asked: low < asked.low,
    "ge": lambda low, high, asked: sa.or_(high > asked.high, _contained(low, high, asked)),
    "le": lambda low, high, asked: sa.or_(low < asked.low, _contained(low, high, asked)),
    "sa": lambda low, _high, asked: low > asked.high,
    "eb": lambda _low, high, asked: high < asked.low,
    "ap": _overlaps,
}
"""What each prefix asks of a stored range."""


def prefixed(value: str) -> tuple[str, str]:
    """Split the prefix from a search value; without one it is ``eq``."""
    return (value[:2], value[2:]) if value[:2] in TESTS else ("eq", value)
