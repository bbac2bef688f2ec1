"""Which of two FHIR values of one type is greater: numbers, dates as far as their precision tells, quantities."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import date, quantity

if TYPE_CHECKING:
    from datetime import datetime

NUMBERS = (int, float, Decimal)


def compare(value: Any, limit: Any) -> int | None:
    """Return -1, 0 or 1 as ``value`` is below, at or above ``limit``; None where they can't be compared."""
    if type(value) is int and type(limit) is int:
        return (value > limit) - (value < limit)
    if isinstance(value, dict) and isinstance(limit, dict):
        return _compare_quantities(value, limit)
    if isinstance(value, str) and isinstance(limit, str):
        parse = date.parse_time if ":" in limit[:3] else date.parse
        left, right = parse(value), parse(limit)
        return None if left is None or right is None else date.compare(left, right)
    if _is_number(value) and _is_number(limit):
        left_number, right_number = Decimal(str(value)), Decimal(str(limit))
        return (left_number > right_number) - (left_number < right_number)
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, NUMBERS) and not isinstance(value, bool)


def _compare_quantities(value: dict[str, Any], limit: dict[str, Any]) -> int | None:
    """Compare by value where the unit is the same, by UCUM where it can be converted."""
    if not _is_number(value.get("value")) or not _is_number(limit.get("value")):
        return None
    if all(value.get(name) == limit.get(name) for name in ("system", "code")):
        return compare(value["value"], limit["value"])
    left, right = _ucum(value), _ucum(limit)
    return None if left is None or right is None else quantity.compare(left, right)


def _ucum(value: dict[str, Any]) -> quantity.Quantity | None:
    code = value.get("code")
    if value.get("system") != quantity.UCUM or not isinstance(code, str):
        return None
    return quantity.Quantity(Decimal(str(value["value"])), code)


def moved(now: datetime, duration: dict[str, Any], sign: int) -> str | None:
    """Return the dateTime that lies ``duration`` before ``now`` (``sign`` -1) or after it (1).

    None where the duration has no unit of time.
    """
    amount, code = duration.get("value"), duration.get("code")
    moment = date.parse(now.isoformat(timespec="seconds"))
    if moment is None or not isinstance(amount, NUMBERS) or not isinstance(code, str):
        return None
    if code in _MONTHS:
        there = date.moved_by_months(moment, sign * int(amount * _MONTHS[code]))
    else:
        seconds = quantity.convert(Decimal(str(amount)), code, "s")
        there = None if seconds is None else date.shifted(moment, seconds=sign * float(seconds))
    return None if there is None else date.text_of(there)


_MONTHS = {"a": 12, "mo": 1}
