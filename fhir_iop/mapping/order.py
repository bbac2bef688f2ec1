"""What comes first and what comes after: pairs of fields that JSON Schema can't compare.

A record schema says so beside an object's ``properties``: ``"ordered": [["from", "until"], ["low", "high"]]``. Days,
times and numbers are compared; a day and a month as far as both go.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from fhir_iop.issue import Issue, issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.mapping.shapes import Shape

KEYWORD = "ordered"


@dataclass(frozen=True)
class Pairs:
    """The pairs of one object of a schema; ``way`` leads to it from the record, ``[]`` through a list's items."""

    way: tuple[str, ...]
    pairs: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


def pairs_of(shape: Shape, way: tuple[str, ...] = ()) -> list[Pairs]:
    """Return all pairs that a schema orders."""
    found = []
    if KEYWORD in shape.schema:
        pairs = [(tuple(one.split(".")), tuple(other.split("."))) for one, other in shape.schema[KEYWORD]]
        found.append(Pairs(way, tuple(pairs)))
    for name in shape.properties:
        inner = shape.field(name)
        if inner is not None:
            found += pairs_of(inner, (*way, name))
    if shape.kind == "array" and shape.item is not None:
        found += pairs_of(shape.item, (*way, "[]"))
    return found


def check(record: dict[str, Any], pairs: list[Pairs], moment: Callable[[str], str]) -> list[Issue]:
    """Report each pair that stands in the wrong order; ``moment`` gives a time its offset, and may raise ValueError."""
    found = []
    for each in pairs:
        for way, owner in _objects(record, each.way):
            for first, second in each.pairs:
                if is_wrong(owner, first, second, moment):
                    place = "".join(f"/{step}" for step in (*way, *second))
                    found.append(issue("record-order", place, field=second[-1], other=".".join(first)))
    return found


def wrong(
    record: dict[str, Any], pairs: Pairs, moment: Callable[[str], str]
) -> Iterator[tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]]:
    """Yield the object and the two ways of each pair that stands in the wrong order."""
    for _, owner in _objects(record, pairs.way):
        for first, second in pairs.pairs:
            if is_wrong(owner, first, second, moment):
                yield owner, first, second


def is_wrong(
    owner: dict[str, Any], first: tuple[str, ...], second: tuple[str, ...], moment: Callable[[str], str]
) -> bool:
    """Whether what lies at ``first`` comes after what lies at ``second``; what is absent comes before nothing."""
    if len(first) == 1 and first[0] not in owner:
        return False
    before, after = value_at(owner, first), value_at(owner, second)
    return before is not None and after is not None and _later(before, after, moment)


def _objects(value: Any, way: tuple[str, ...]) -> list[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Return the objects that ``way`` leads to, each with the way that leads to it alone."""
    found: list[tuple[tuple[str | int, ...], Any]] = [((), value)]
    for step in way:
        if step == "[]":
            found = [((*at, index), item) for at, owner in found for index, item in enumerate(owner)]
        else:
            found = [((*at, step), owner[step]) for at, owner in found if step in owner]
        if not found:
            break
    return found


def value_at(owner: dict[str, Any], steps: tuple[str, ...]) -> Any:
    """Return what lies at ``steps``; None where nothing does."""
    value: Any = owner
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _later(before: Any, after: Any, moment: Callable[[str], str]) -> bool:
    if not isinstance(before, str):
        return bool(before > after)
    if "T" in before and "T" in after:
        try:
            return datetime.fromisoformat(moment(before)) > datetime.fromisoformat(moment(after))
        except ValueError:  # a time that doesn't exist is told where it is mapped
            return False
    length = min(len(before), len(after))
    return bool(before[:length] > after[:length])
