"""Dates, dateTimes and times in compiled expressions: text, compared and calculated with."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from fhir_iop.fhir import date
from fhir_iop.fhir.quantity import CALENDAR, Quantity
from fhir_iop.fhirpath.errors import FhirPathError

if TYPE_CHECKING:
    from fhir_iop.fhir.date import Moment

# Lengths of a unit in the next smaller ones, for values that are given less precisely than the amount to add
# (https://hl7.org/fhirpath/N1/#datetime-arithmetic: a year is 365 days there, a month 30).
_DAYS = {"a": 365, "mo": 30, "wk": 7, "d": 1}
_DAY_LENGTH = 10  # of 2012-04-15, and more than that of any time without a fraction
_SECONDS = {"h": Decimal(3600), "min": Decimal(60), "s": Decimal(1), "ms": Decimal("0.001")}


def moment(text: str) -> Moment | None:
    """Parse a date, dateTime or time; None for text that is none."""
    return date.parse_time(text) if text[2:3] in (":", "") else date.parse(text)


def compare_dates(left: str, right: str) -> int | None:
    """Return -1, 0 or 1 as ``left`` lies before, at or after ``right``; None where that can't be known."""
    if len(left) == len(right) and (
        len(left) <= _DAY_LENGTH or left[-6:] == right[-6:] or left[-1] == "Z" == right[-1]
    ):
        # The same precision in the same zone: as text they sort as time does.
        return (left > right) - (left < right)
    ours, theirs = moment(left), moment(right)
    if ours is None or theirs is None or ours.is_time is not theirs.is_time:
        return None
    return date.compare(ours, theirs)


def equal_dates(left: str, right: str) -> bool | None:
    """Whether both are the same moment; None where their precision can't tell."""
    if left == right:
        return True
    order = compare_dates(left, right)
    return None if order is None else order == 0


def equivalent_dates(left: str, right: str) -> bool:
    """Whether both are the same moment, given with the same precision and both or neither with a zone."""
    ours, theirs = moment(left), moment(right)
    if ours is None or theirs is None or not date.same_precision(ours, theirs):
        return left == right
    return (ours.offset is None) is (theirs.offset is None) and date.compare(ours, theirs) == 0


def date_plus(text: str, amount: Quantity, sign: int = 1) -> str | None:
    """Add a duration (subtract it with ``sign`` -1), keeping the precision; None beyond the years 1 to 9999.

    An amount in a unit finer than the value's own counts in whole units of the value's. Raises FhirPathError for a
    unit that is no duration, and for UCUM's years and months, which are no calendar durations.
    """
    start = moment(text)
    if start is None:
        return None
    unit = CALENDAR.get(amount.unit, amount.unit if not amount.calendar else "")
    if unit not in _DAYS and unit not in _SECONDS:
        raise FhirPathError("fhirpath-value", name="+", reason="the quantity is no duration")
    if unit in ("a", "mo") and amount.unit not in CALENDAR:
        raise FhirPathError(
            "fhirpath-value", name="+", reason=f"`{unit}` is no calendar duration; write `year` or `month`"
        )
    moved = _moved(start, int(amount.value * sign), amount.value * sign, unit)
    return None if moved is None else date.text_of(moved)


def _moved(start: Moment, whole: int, value: Decimal, unit: str) -> Moment | None:
    if abs(value) > 10**12:
        return None
    if start.is_time:
        seconds = _SECONDS.get(unit)
        return date.shifted(start, microseconds=_micro(start, whole, seconds, unit)) if seconds else start
    precision = len(start.fields)
    if unit == "a":
        return date.moved_by_months(start, whole * 12)
    if unit == "mo":
        return date.moved_by_months(start, whole if precision > 1 else int(whole / 12) * 12)
    days = Decimal(whole * _DAYS[unit]) if unit in _DAYS else whole * _SECONDS[unit] / 86400
    if precision == 1:
        return date.moved_by_months(start, int(days / 365) * 12)
    if precision == 2:
        return date.moved_by_months(start, int(days / 30))
    if precision == 3 or unit in _DAYS:
        return date.shifted(start, days=int(days))
    return date.shifted(start, microseconds=_micro(start, whole, _SECONDS[unit], unit))


def _micro(start: Moment, whole: int, seconds: Decimal, unit: str) -> int:
    """Return the amount in microseconds, in whole units of the start's own precision."""
    total = whole * seconds
    clock = len(start.fields) if start.is_time else len(start.fields) - 3
    step = (3600, 60)[clock - 1] if clock < 3 else Decimal("0.001") if unit == "ms" else 1
    return int(int(total / step) * step * 1_000_000)


def field_of(text: str, place: int) -> int | None:
    """Return the year (place 0), month, day, hour, minute, second or millisecond (6); None where it isn't given."""
    found = moment(text)
    if found is None:
        return None
    fields = (None, None, None, *found.fields) if found.is_time else found.fields
    if place == 6:
        return int(fields[5] % 1 * 1000) if len(fields) > 5 and isinstance(fields[5], Decimal) else None
    value = fields[place] if place < len(fields) else None
    return None if value is None else int(value)
