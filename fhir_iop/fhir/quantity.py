"""Quantities: a decimal with a UCUM code or a calendar duration, compared, converted and calculated with.

Conversion is exact (:mod:`fhir_iop.fhir.ucum`). A calendar year or month is no fixed time: it compares with other
years and months only, and is merely equivalent to UCUM's ``a`` and ``mo`` (https://hl7.org/fhirpath/N1/#quantity).
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import NamedTuple

from fhir_iop.fhir import ucum
from fhir_iop.fhir.ucum import Unit

UCUM = "http://unitsofmeasure.org"

# Calendar words to UCUM; years and months have none that means the same.
CALENDAR = {
    "year": "a", "years": "a", "month": "mo", "months": "mo", "week": "wk", "weeks": "wk", "day": "d", "days": "d",
    "hour": "h", "hours": "h", "minute": "min", "minutes": "min", "second": "s", "seconds": "s",
    "millisecond": "ms", "milliseconds": "ms",
}  # fmt: skip
_MONTHS = {"year": 12, "years": 12, "month": 1, "months": 1}
_MONTH_DIMENSION = (("month", 1),)
_TIME_DIMENSION = (("s", 1),)

# Digits of a quotient; FHIRPath asks for 28.
_CONTEXT = Context(prec=28)
_WIDE = Context(prec=120)  # for rounding, which must not fail on any number that JSON may hold


class Quantity(NamedTuple):
    """``unit`` is a UCUM code (``1`` for none), or a calendar word where ``calendar`` is set."""

    value: Decimal
    unit: str = "1"
    calendar: bool = False

    def __str__(self) -> str:
        return f"{self.value:f} {self.unit}" if self.calendar else f"{self.value:f} '{self.unit}'"

    def as_json(self) -> dict[str, object]:
        """Return the FHIR Quantity that says the same."""
        if self.calendar:
            return {"value": self.value, "unit": self.unit}
        return {"value": self.value, "unit": self.unit, "system": UCUM, "code": self.unit}


def unit_of(quantity: Quantity) -> Unit | None:
    """Return the quantity's unit in base units; calendar years and months are a dimension of their own."""
    if quantity.calendar:
        months = _MONTHS.get(quantity.unit)
        return Unit(Fraction(months), _MONTH_DIMENSION) if months else ucum.unit(CALENDAR.get(quantity.unit, ""))
    return ucum.unit(quantity.unit)


def comparable(left: Quantity, right: Quantity) -> bool:
    """Whether both units are known and of one dimension."""
    ours, theirs = unit_of(left), unit_of(right)
    return ours is not None and theirs is not None and ours.dimensions == theirs.dimensions


def compare(left: Quantity, right: Quantity) -> int | None:
    """Return -1, 0 or 1 as ``left`` is less, the same or more; None for units that don't compare."""
    if left.unit == right.unit and left.calendar == right.calendar:
        return (left.value > right.value) - (left.value < right.value)
    ours, theirs = unit_of(left), unit_of(right)
    if ours is None or theirs is None or ours.dimensions != theirs.dimensions:
        return None
    mine, other = _base_value(left.value, ours), _base_value(right.value, theirs)
    return (mine > other) - (mine < other)


def equal(left: Quantity, right: Quantity) -> bool | None:
    """Whether both say the same amount; False for other dimensions, None where a unit is unknown or not fixed."""
    order = compare(left, right)
    if order is not None:
        return order == 0
    ours, theirs = unit_of(left), unit_of(right)
    if ours is None or theirs is None or {ours.dimensions, theirs.dimensions} == {_MONTH_DIMENSION, _TIME_DIMENSION}:
        return None
    return False


def equivalent(left: Quantity, right: Quantity) -> bool:
    """Whether both are the same amount in the larger unit, rounded to the fewer decimal places given."""
    left, right = _without_calendar(left), _without_calendar(right)
    ours, theirs = unit_of(left), unit_of(right)
    if ours is None or theirs is None:
        return left.unit == right.unit and equivalent_decimals(left.value, right.value)
    if ours.dimensions != theirs.dimensions:
        return False
    larger = ours if ours.factor >= theirs.factor else theirs
    return equivalent_decimals(_converted(left.value, ours, larger), _converted(right.value, theirs, larger))


def equivalent_decimals(left: Decimal, right: Decimal) -> bool:
    """Whether two decimals are the same, rounded to the fewer decimal places of the two."""
    places = min(_places(left), _places(right))
    step = Decimal(1).scaleb(-places)
    return left.quantize(step, ROUND_HALF_UP, _WIDE) == right.quantize(step, ROUND_HALF_UP, _WIDE)


def convert(value: Decimal, code: str, to: str) -> Decimal | None:
    """Convert ``value`` from one UCUM code to another; None where they don't compare."""
    source, target = ucum.unit(code), ucum.unit(to)
    if source is None or target is None or source.dimensions != target.dimensions:
        return None
    return _converted(value, source, target)


def add(left: Quantity, right: Quantity, sign: int = 1) -> Quantity | None:
    """Add (or with ``sign`` -1 subtract), in the smaller of the two units; None where they don't compare."""
    ours, theirs = unit_of(left), unit_of(right)
    if left.unit == right.unit and left.calendar == right.calendar:
        return left._replace(value=left.value + sign * right.value)
    if ours is None or theirs is None or ours.dimensions != theirs.dimensions:
        return None
    finer, unit = (left, ours) if ours.factor <= theirs.factor else (right, theirs)
    value = _converted(left.value, ours, unit) + sign * _converted(right.value, theirs, unit)
    return finer._replace(value=value)


def multiply(left: Quantity, right: Quantity, power: int = 1) -> Quantity | None:
    """Multiply (or with ``power`` -1 divide): in base units, or in the one unit there is; None by zero or unknown."""
    if power < 0 and not right.value:
        return None
    if right.unit == "1" and not right.calendar:
        value = left.value * right.value if power > 0 else _CONTEXT.divide(left.value, right.value)
        return left._replace(value=value)
    if left.unit == "1" and power > 0 and not left.calendar:
        return right._replace(value=left.value * right.value)
    ours, theirs = ucum.unit(_without_calendar(left).unit), ucum.unit(_without_calendar(right).unit)
    if ours is None or theirs is None or ours.offset or theirs.offset:
        return None
    unit = ucum.product(ours, theirs, power)
    exact = Fraction(left.value) * Fraction(right.value) ** power * unit.factor
    return Quantity(_decimal(exact), unit.code())


def _without_calendar(quantity: Quantity) -> Quantity:
    return Quantity(quantity.value, CALENDAR.get(quantity.unit, quantity.unit)) if quantity.calendar else quantity


def _base_value(value: Decimal, unit: Unit) -> Fraction:
    return Fraction(value) * unit.factor + unit.offset


def _converted(value: Decimal, source: Unit, target: Unit) -> Decimal:
    if source == target:
        return value
    return _decimal((_base_value(value, source) - target.offset) / target.factor)


def _decimal(exact: Fraction) -> Decimal:
    return _CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def _places(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
