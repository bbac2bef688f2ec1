"""The least and greatest value that something given less exactly may stand for, at a wanted precision.

Precision counts decimal places of a number, and digits of a date or time (4 is a year, 17 a dateTime with
milliseconds). None for a precision that a type doesn't have.
"""

from __future__ import annotations

from calendar import monthrange
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from fhir_iop.fhir import quantity
from fhir_iop.fhir.date import Moment, text_of
from fhir_iop.fhirpath.runtime.dates import moment

if TYPE_CHECKING:
    from fhir_iop.fhir.quantity import Quantity
    from fhir_iop.fhirpath.runtime.numbers import Number

_WIDE = Context(prec=120)
_DEFAULT_PLACES = 8
_MOST_PLACES = 28
# Digits to the number of fields: 2014 has 4 and one field.
_DATE_DIGITS = {4: 1, 6: 2, 8: 3}
_DATE_TIME_DIGITS = {**_DATE_DIGITS, 10: 4, 12: 5, 14: 6, 17: 7}
_TIME_DIGITS = {2: 1, 4: 2, 6: 3, 9: 4}
_EASTMOST, _WESTMOST = 14 * 60, -12 * 60


def _decimal(value: Number, places: int | None, *, high: bool) -> Decimal | None:
    places = _DEFAULT_PLACES if places is None else places
    if not 0 <= places <= _MOST_PLACES:
        return None
    exact = Decimal(value)
    exponent = exact.as_tuple().exponent
    half = Decimal(5).scaleb((exponent if isinstance(exponent, int) else 0) - 1)
    bound = _WIDE.add(exact, half if high else -half)
    # Away from zero the bound is rounded, towards zero it is cut: so HL7's engine and the official suite have it.
    outward = (bound > 0) is high or (bound == 0)
    return bound.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP if outward else ROUND_DOWN, _WIDE)


def low_decimal(value: Number, places: int | None = None) -> Decimal | None:
    """Return the least number that ``value`` may be the rounded form of."""
    return _decimal(value, places, high=False)


def high_decimal(value: Number, places: int | None = None) -> Decimal | None:
    """Return the greatest number that ``value`` may be the rounded form of."""
    return _decimal(value, places, high=True)


def low_quantity(value: Quantity, places: int | None = None) -> Quantity | None:
    """Return the quantity with its least number."""
    bound = low_decimal(value.value, places)
    return None if bound is None else value._replace(value=bound)


def high_quantity(value: Quantity, places: int | None = None) -> Quantity | None:
    """Return the quantity with its greatest number."""
    bound = high_decimal(value.value, places)
    return None if bound is None else value._replace(value=bound)


def low_date(text: str, digits: int | None = None) -> str | None:
    """Return the first day (or month) of a date."""
    return _bound(text, _DATE_DIGITS, 8 if digits is None else digits, high=False)


def high_date(text: str, digits: int | None = None) -> str | None:
    """Return the last day (or month) of a date."""
    return _bound(text, _DATE_DIGITS, 8 if digits is None else digits, high=True)


def low_date_time(text: str, digits: int | None = None) -> str | None:
    """Return the first moment of a dateTime, in the zone where the day begins first if none is given."""
    return _bound(text, _DATE_TIME_DIGITS, 17 if digits is None else digits, high=False)


def high_date_time(text: str, digits: int | None = None) -> str | None:
    """Return the last moment of a dateTime, in the zone where the day ends last if none is given."""
    return _bound(text, _DATE_TIME_DIGITS, 17 if digits is None else digits, high=True)


def low_time(text: str, digits: int | None = None) -> str | None:
    """Return the first moment of a time."""
    return _bound(text, _TIME_DIGITS, 9 if digits is None else digits, high=False)


def high_time(text: str, digits: int | None = None) -> str | None:
    """Return the last moment of a time."""
    return _bound(text, _TIME_DIGITS, 9 if digits is None else digits, high=True)


def _bound(text: str, known: dict[int, int], digits: int, *, high: bool) -> str | None:
    found = moment(text)
    if found is None or digits not in known:
        return None
    wanted = known[digits]
    fields: list[int | Decimal] = list(found.fields)
    if not found.is_time and len(fields) == 4:
        fields.append(0)  # FHIR has no dateTime with an hour alone: it is read as the full hour
    clock_ends: list[int | Decimal] = [23, 59, Decimal("59.999")] if high else [0, 0, Decimal("0.000")]
    if not found.is_time:
        if len(fields) == 1:
            fields.append(12 if high else 1)
        if len(fields) == 2:
            fields.append(monthrange(int(fields[0]), int(fields[1]))[1] if high else 1)
    whole = 3 if found.is_time else 6
    fields += clock_ends[len(fields) - whole :] if len(fields) < whole else []
    milliseconds = wanted > whole
    if not milliseconds and wanted == whole:
        fields[-1] = int(fields[-1])
    elif milliseconds and isinstance(fields[-1], int):
        fields[-1] = Decimal(fields[-1]) + Decimal("0.999" if high else "0.000")
    kept = tuple(fields[: min(wanted, whole)])
    offset = found.offset
    if not found.is_time and offset is None and len(kept) > 3:
        offset = _WESTMOST if high else _EASTMOST
    return text_of(Moment(kept, offset if len(kept) > 3 else None, found.is_time))


def decimal_precision(value: Number) -> int:
    """Return the number of decimal places."""
    exponent = Decimal(value).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def date_precision(text: str) -> int | None:
    """Return the number of digits that are given: 4 for a year, 17 with milliseconds."""
    found = moment(text)
    if found is None:
        return None
    *_, last = found.fields
    by_fields = (2, 4, 6) if found.is_time else (4, 6, 8, 10, 12, 14)
    return by_fields[len(found.fields) - 1] + (3 if isinstance(last, Decimal) else 0)


def are_comparable(left: Quantity, right: Quantity) -> bool:
    """Whether two quantities are of one dimension."""
    return quantity.comparable(left, right)
