"""The order of matches, and the cursor that says where in it a page ends.

A cursor is opaque to clients: base64url of JSON ``[total, [sort value…], key]`` of the page's last resource.
"""

from __future__ import annotations

import base64
import binascii
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from fhir_iop.errors import BadInput
from fhir_iop.fhir import json
from fhir_iop.issue import issue
from fhir_iop.store.schema import resource
from fhir_iop.store.search import date, number
from fhir_iop.store.search.text import LAST
from fhir_iop.store.search.where import known_parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.store.search.parameters import Parameters

# Where a resource without a value stands: after all others, whichever way they are sorted.
_LEAST: dict[type, Any] = {str: "", int: date.BEGINNING, float: number.LEAST}
_GREATEST: dict[type, Any] = {str: LAST, int: date.END, float: number.GREATEST}


# What a database's integers hold.
_NUMBERS = 2**63


class Key(NamedTuple):
    """One thing to sort by: an expression that is never NULL, of a Python type."""

    expression: sa.ColumnElement[Any]
    descending: bool
    type: type


class Cursor(NamedTuple):
    """Where the last page ended, and the total that the first page counted."""

    total: int | None
    values: tuple[Any, ...]
    key: int

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(json.encode([self.total, self.values, self.key])).decode().rstrip("=")


def sort_keys(sort: Sequence[str], known: Parameters) -> list[Key]:
    """Return what to sort by, before the tie is broken by age. Raises BadInput for what can't be sorted by."""
    return [_key(name.removeprefix("-"), name.startswith("-"), known) for name in sort]


def _key(code: str, descending: bool, known: Parameters) -> Key:
    if code == "_id":
        return Key(resource.c.id, descending, str)
    if code == "_lastUpdated":
        return Key(resource.c.last_updated, descending, int)
    parameter = known_parameter(code, known)
    table = parameter.kind.table
    column = parameter.kind.sorts_by[descending]
    best = (sa.func.max if descending else sa.func.min)(column)
    of_this = sa.select(best).where(table.c.resource == resource.c.key, table.c.parameter == parameter.name)
    type_: type = column.type.python_type
    missing = (_LEAST if descending else _GREATEST)[type_]
    return Key(sa.func.coalesce(of_this.scalar_subquery(), missing), descending, type_)


def ordered_by(keys: Sequence[Key]) -> list[sa.ColumnElement[Any]]:
    """Return the ORDER BY: the sort keys, then the newest resource first."""
    return [key.expression.desc() if key.descending else key.expression.asc() for key in keys] + [resource.c.key.desc()]


def after(cursor: Cursor, keys: Sequence[Key]) -> sa.ColumnElement[bool]:
    """Return the condition that a resource comes after the cursor's in the order."""
    found = resource.c.key < cursor.key
    for key, value in reversed(list(zip(keys, cursor.values, strict=True))):
        further = key.expression < value if key.descending else key.expression > value
        found = sa.or_(further, sa.and_(key.expression == value, found))
    return found


def parse_cursor(text: str, keys: Sequence[Key]) -> Cursor:
    """Read a cursor that an earlier page gave for the same sort. Raises BadInput for any other text."""
    try:
        total, values, key = json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        values = [float(value) if isinstance(value, Decimal) else value for value in values]
    except (binascii.Error, ValueError, TypeError, BadInput):
        raise BadInput(issue("search-cursor")) from None
    fits = _is_number(key) and (total is None or _is_number(total)) and len(values) == len(keys)
    if not fits or not all(_fits(value, sort) for value, sort in zip(values, keys, strict=True)):
        raise BadInput(issue("search-cursor"))
    return Cursor(total, tuple(values), key)


def _fits(value: object, key: Key) -> bool:
    return _is_number(value) if key.type is int else type(value) is key.type


def _is_number(value: object) -> bool:
    return type(value) is int and abs(value) < _NUMBERS
