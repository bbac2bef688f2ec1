"""The order of two items (https://hl7.org/fhirpath/N1/#comparison)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhir import quantity
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.runtime.dates import compare_dates
from fhir_iop.fhirpath.runtime.typed import amount_of, category_of

if TYPE_CHECKING:
    from fhir_iop.fhir.quantity import Quantity
    from fhir_iop.fhirpath.runtime.typed import TypedValue

_NUMBERS = frozenset({"Integer", "Decimal"})


def compare_quantities(left: Quantity, right: Quantity) -> int | None:
    """Return -1, 0 or 1; None for units that don't compare."""
    return quantity.compare(left, right)


def compare_items(left: TypedValue, right: TypedValue, name: str) -> int | None:
    """Return -1, 0 or 1 as ``left`` is less, equal or more; None where that can't be known.

    Raises FhirPathError for types that have no order between them; ``name`` is the operator that asks.
    """
    ours, theirs = category_of(left), category_of(right)
    if left.value is None or right.value is None:
        return None
    kinds = {ours, theirs}
    if kinds <= {"Date", "DateTime"} or kinds == {"Time"}:
        return compare_dates(left.value, right.value)
    if "Quantity" in kinds and kinds <= {"Quantity", *_NUMBERS}:
        mine, other = amount_of(left), amount_of(right)
        return None if mine is None or other is None else quantity.compare(mine, other)
    # Text and dates compare as text, as they do for equality.
    if kinds <= _NUMBERS or ("String" in kinds and kinds <= {"String", "Date", "DateTime", "Time"}):
        return bool(left.value > right.value) - bool(left.value < right.value)
    raise FhirPathError("fhirpath-type", name=name, found=right.type, expected=left.type)
