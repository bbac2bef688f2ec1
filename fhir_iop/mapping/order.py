"""What comes first and what comes after: what JSON Schema can't say of two fields, or of a list's last item.

A record schema says so beside an object's ``properties``: ``"ordered": [["from", "until"], ["low", "high"]]``. Days,
times and numbers are compared; a day and a month as far as both go. Beside a list's ``items`` it names the fields of
which every item but the last has one: ``"last_without": ["for", "until"]``.
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
LAST = "last_without"


@dataclass(frozen=True)
class Pairs:
    """The pairs of one object of a schema; ``way`` leads to it from the record, ``[]`` through a list's items."""

    way: tuple[str, ...]
    pairs: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


@dataclass(frozen=True)
class Ends:
    """The fields that only the last item of a list may be without; ``way`` leads to the list from the record."""

    way: tuple[str, ...]
    fields: tuple[str, ...]


def ends_of(shape: Shape, way: tuple[str, ...] = ()) -> list[Ends]:
    """Return all lists whose last item a schema tells from the others."""
    found = [Ends(way, tuple(shape.schema[LAST]))] if LAST in shape.schema else []
    for name, inner in _inner(shape):
        found += ends_of(inner, (*way, name))
    return found


def pairs_of(shape: Shape, way: tuple[str, ...] = ()) -> list[Pairs]:
    """Return all pairs that a schema orders."""
    found = []
    if KEYWORD in shape.schema:
        pairs = [(tuple(one.split(".")), tuple(other.split("."))) for one, other in shape.schema[KEYWORD]]
        found.append(Pairs(way, tuple(pairs)))
    for name, inner in _inner(shape):
        found += pairs_of(inner, (*way, name))
    return found


def _inner(shape: Shape) -> Iterator[tuple[str, Shape]]:
    """Yield the shapes inside ``shape``, each with the step that leads there."""
    for name in shape.properties:
        inner = shape.field(name)
        if inner is not None:
            yield name, inner
    if shape.kind == "array" and shape.item is not None:
        yield "[]", shape.item


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


def check_ends(record: dict[str, Any], ends: list[Ends]) -> list[Issue]:
    """Report each item that is without what only the last may be without."""
    found = []
    for each in ends:
        for way, items in _objects(record, each.way):
            for index, item in enumerate(items[:-1]):
                if not any(name in item for name in each.fields):
                    place = "".join(f"/{step}" for step in (*way, index))
                    found.append(issue("record-last", place, fields=" or ".join(f"`{name}`" for name in each.fields)))
    return found


def put_last(record: dict[str, Any], ends: list[Ends]) -> None:
    """Move the items that are without such fields behind the others."""
    for each in ends:
        for _, items in _objects(record, each.way):
            items.sort(key=lambda item: not any(name in item for name in each.fields))


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


def _objects(value: Any, way: tuple[str, ...]) -> list[tuple[tuple[str | int, ...], Any]]:
    """Return the objects or lists that ``way`` leads to, each with the way that leads to it alone."""
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
