"""Quantities as FHIR writes them and as numbers, taken for our own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fhir_iop.fhir.quantity import UCUM, Quantity


def quantity_of(value: Any) -> Quantity | None:
    """Return a FHIR Quantity as our own: by its UCUM code, or by its unit's text where it has no system.

    One without a value, with a comparator or with a code of another system is no amount that could be compared: None.
    Our own Quantity is itself.
    """
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]  # ours, or None
    if "value" not in value or "comparator" in value:
        return None
    system = value.get("system")
    if system is not None and system != UCUM:
        return None
    return Quantity(Decimal(value["value"]), value.get("code") or value.get("unit") or "1")


def quantity_of_number(value: int | Decimal | None) -> Quantity | None:
    """Return a number as a quantity without a unit."""
    return None if value is None else Quantity(Decimal(value))
