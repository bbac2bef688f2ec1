"""Functions whose computation, and whose result's type, depend on the System type of their input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.runtime import boundaries, math, numbers
from fhir_iop.fhirpath.runtime.typed import TypedValue, category_of, system_value

if TYPE_CHECKING:
    from collections.abc import Callable

# By function and the input's System type: the result's System type, and what computes it.
BY_KIND: dict[str, dict[str, tuple[str, Callable[..., Any]]]] = {
    "lowBoundary": {
        "Integer": ("Decimal", boundaries.low_decimal),
        "Decimal": ("Decimal", boundaries.low_decimal),
        "Quantity": ("Quantity", boundaries.low_quantity),
        "Date": ("Date", boundaries.low_date),
        "DateTime": ("DateTime", boundaries.low_date_time),
        "Time": ("Time", boundaries.low_time),
    },
    "highBoundary": {
        "Integer": ("Decimal", boundaries.high_decimal),
        "Decimal": ("Decimal", boundaries.high_decimal),
        "Quantity": ("Quantity", boundaries.high_quantity),
        "Date": ("Date", boundaries.high_date),
        "DateTime": ("DateTime", boundaries.high_date_time),
        "Time": ("Time", boundaries.high_time),
    },
    "precision": {
        "Integer": ("Integer", boundaries.decimal_precision),
        "Decimal": ("Integer", boundaries.decimal_precision),
        "Date": ("Integer", boundaries.date_precision),
        "DateTime": ("Integer", boundaries.date_precision),
        "Time": ("Integer", boundaries.date_precision),
    },
    "abs": {kind: (kind, math.absolute) for kind in ("Integer", "Decimal", "Quantity")},
    "-": {kind: (kind, numbers.negated) for kind in ("Integer", "Decimal", "Quantity")},
    # An Integer's power is an Integer where it can be, which shows in the result only.
    "power": {"Integer": ("Any", math.power), "Decimal": ("Decimal", math.power)},
}


def of_kind(item: TypedValue | None, name: str, *arguments: Any) -> TypedValue | None:
    """Compute a function of :data:`BY_KIND` for an input whose type shows only now.

    Raises FhirPathError for a type that the function doesn't take.
    """
    if item is None or item.value is None:
        return None
    kind = category_of(item)
    if kind not in BY_KIND[name]:
        raise FhirPathError("fhirpath-type", name=name, found=item.type, expected=" or ".join(BY_KIND[name]))
    gives, function = BY_KIND[name][kind]
    value = system_value(item)
    found = None if value is None else function(value, *arguments)
    if found is None:
        return None
    if gives == "Any":
        gives = "Integer" if isinstance(found, int) else "Decimal"
    return TypedValue(f"System.{gives}", found)
