"""Explicit conversions; None for what can't be converted (https://hl7.org/fhirpath/N1/#conversion)."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import quantity as quantities
from fhir_iop.fhir.date import is_date, is_date_time, is_time
from fhir_iop.fhir.quantity import CALENDAR, Quantity
from fhir_iop.fhirpath.runtime.numbers import integer
from fhir_iop.fhirpath.runtime.typed import category_of, system_value

if TYPE_CHECKING:
    from fhir_iop.fhirpath.runtime.typed import TypedValue

_TRUE = frozenset({"true", "t", "yes", "y", "1", "1.0"})
_FALSE = frozenset({"false", "f", "no", "n", "0", "0.0"})
_INTEGER = re.compile(r"[+-]?\d{1,12}", re.ASCII)
_DECIMAL = re.compile(r"[+-]?\d{1,40}(?:\.\d{1,40})?", re.ASCII)
_QUANTITY = re.compile(
    r"(?P<value>[+-]?\d{1,40}(?:\.\d{1,40})?)(?:\s+(?:'(?P<unit>[^']+)'|(?P<word>[a-z]+)))?", re.ASCII
)


def to_boolean(item: TypedValue) -> bool | None:
    """Convert a Boolean, a word for one, or 1 and 0."""
    value = item.value
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and category_of(item) == "String":
        return True if value.lower() in _TRUE else False if value.lower() in _FALSE else None
    if isinstance(value, (int, Decimal)):
        return True if value == 1 else False if value == 0 else None
    return None


def to_integer(item: TypedValue) -> int | None:
    """Convert an Integer, a Boolean or text of an integer."""
    value = item.value
    if isinstance(value, int):
        return int(value) if category_of(item) != "Decimal" else None
    if isinstance(value, str) and category_of(item) == "String" and _INTEGER.fullmatch(value):
        return integer(int(value))
    return None


def to_decimal(item: TypedValue) -> Decimal | None:
    """Convert a number, a Boolean or text of a number."""
    value = item.value
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    if isinstance(value, str) and category_of(item) == "String" and _DECIMAL.fullmatch(value):
        return Decimal(value)
    return None


def to_string(item: TypedValue) -> str | None:
    """Write any System value as text."""
    value = system_value(item)
    if value is None or category_of(item) is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def to_date(item: TypedValue) -> str | None:
    """Convert a date, the day of a dateTime, or text of either."""
    text = _text(item)
    if text is None:
        return None
    return text[:10] if is_date(text[:10]) and is_date_time(text) else None


def to_date_time(item: TypedValue) -> str | None:
    """Convert a date, a dateTime, or text of either."""
    text = _text(item)
    return text if text is not None and is_date_time(text) else None


def to_time(item: TypedValue) -> str | None:
    """Convert a time or text of one."""
    if category_of(item) not in ("Time", "String") or not isinstance(item.value, str):
        return None
    return item.value if is_time(item.value) else None


def to_quantity(item: TypedValue, unit: Any = None) -> Quantity | None:
    """Convert a number, a Quantity, a Boolean or text of a quantity, to a ``unit`` if one is given."""
    found = _quantity(item)
    if found is None or unit is None:
        return found
    target = CALENDAR.get(unit, unit)
    converted = quantities.convert(found.value, CALENDAR.get(found.unit, found.unit), target)
    return None if converted is None else Quantity(converted, unit, unit in CALENDAR)


def _quantity(item: TypedValue) -> Quantity | None:
    value = system_value(item)
    if isinstance(value, Quantity):
        return value
    if isinstance(value, (int, Decimal)):
        return Quantity(Decimal(value))
    if not isinstance(value, str) or category_of(item) != "String":
        return None
    match = _QUANTITY.fullmatch(value)
    if match is None or (match["word"] is not None and match["word"] not in CALENDAR):
        return None
    return Quantity(Decimal(match["value"]), match["unit"] or match["word"] or "1", match["word"] is not None)


def _text(item: TypedValue) -> str | None:
    return item.value if category_of(item) in ("Date", "DateTime", "String") and isinstance(item.value, str) else None
