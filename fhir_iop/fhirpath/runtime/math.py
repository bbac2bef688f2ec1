"""Functions of numbers; None where there is no result (https://hl7.org/fhirpath/N1/#math)."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, InvalidOperation, Overflow
from typing import Any

from fhir_iop.fhir.quantity import Quantity
from fhir_iop.fhirpath.runtime.numbers import CONTEXT, Number, integer

_WIDE = Context(prec=120)  # for rounding, which must not fail on any number that JSON may hold
_MOST_PLACES = 28
_LARGEST = 2**31


def absolute(value: Any) -> Any:
    """Return the number or quantity without its sign."""
    return value._replace(value=abs(value.value)) if isinstance(value, Quantity) else abs(value)


def ceiling(value: Number) -> int | None:
    """Return the first integer that isn't less."""
    return _whole(value, ROUND_CEILING)


def floor(value: Number) -> int | None:
    """Return the first integer that isn't more."""
    return _whole(value, ROUND_FLOOR)


def truncated(value: Number) -> int | None:
    """Return the number without its fraction."""
    return _whole(value, ROUND_DOWN)


def _whole(value: Number, rounding: str) -> int | None:
    # What is beyond an Integer isn't made one first: it may have any number of digits.
    return integer(int(Decimal(value).to_integral_value(rounding))) if abs(Decimal(value)) <= _LARGEST else None


def rounded(value: Number, places: int = 0) -> Decimal | None:
    """Round half up (away from zero) to decimal places; None for a negative or senseless number of places."""
    if not 0 <= places <= _MOST_PLACES:
        return None
    return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE)


def exponential(value: Number) -> Decimal | None:
    """Return e to this power."""
    try:
        return CONTEXT.exp(Decimal(value))
    except Overflow:
        return None


def natural_logarithm(value: Number) -> Decimal | None:
    """Return the logarithm to the base e."""
    return CONTEXT.ln(Decimal(value)) if value > 0 else None


def logarithm(value: Number, base: Number) -> Decimal | None:
    """Return the logarithm to a base, exact where it is a whole number."""
    if value <= 0 or base <= 0 or base == 1:
        return None
    found = CONTEXT.divide(CONTEXT.ln(Decimal(value)), CONTEXT.ln(Decimal(base)))
    whole = found.to_integral_value()
    return whole if abs(found - whole) < Decimal("1e-20") else found


def square_root(value: Number) -> Decimal | None:
    """Return the root; a negative number has none."""
    return CONTEXT.sqrt(Decimal(value)) if value >= 0 else None


def power(value: Number, exponent: Number) -> Number | None:
    """Return ``value`` to a power: an Integer where both are and it fits, otherwise a Decimal."""
    try:
        found = CONTEXT.power(Decimal(value), Decimal(exponent))
    except (InvalidOperation, Overflow, ZeroDivisionError):
        return None
    if isinstance(value, int) and found == found.to_integral_value():
        return integer(int(found)) if abs(found.adjusted()) < 12 else None
    return found
