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
        for where, owner in _objects(record, each.way, ""):
            for first, second in each.pairs:
                before, after = _at(owner, first), _at(owner, second)
                if before is not None and after is not None and _later(before, after, moment):
                    place = f"{where}/{'/'.join(second)}"
                    found.append(issue("record-order", place, field=second[-1], other=".".join(first)))
    return found


def _objects(value: Any, way: tuple[str, ...], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if not way:
        yield where, value
    elif way[0] == "[]":
        for index, item in enumerate(value):
            yield from _objects(item, way[1:], f"{where}/{index}")
    elif way[0] in value:
        yield from _objects(value[way[0]], way[1:], f"{where}/{way[0]}")


def _at(owner: dict[str, Any], steps: tuple[str, ...]) -> Any:
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
