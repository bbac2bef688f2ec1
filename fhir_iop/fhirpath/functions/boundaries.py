"""How exactly a value is given: boundaries, precision, comparable units (https://build.fhir.org/ig/HL7/FHIRPath/#boundary)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.functions.registry import Call, Function, scalar
from fhir_iop.fhirpath.plan import Nothing, Plan
from fhir_iop.fhirpath.runtime import boundaries as runtime
from fhir_iop.fhirpath.scalar import ScalarCall

if TYPE_CHECKING:
    from collections.abc import Callable

_BY_KIND: dict[str, dict[str, tuple[str, Callable[..., Any]]]] = {
    "lowBoundary": {
        "Integer": ("Decimal", runtime.low_decimal),
        "Decimal": ("Decimal", runtime.low_decimal),
        "Quantity": ("Quantity", runtime.low_quantity),
        "Date": ("Date", runtime.low_date),
        "DateTime": ("DateTime", runtime.low_date_time),
        "Time": ("Time", runtime.low_time),
    },
    "highBoundary": {
        "Integer": ("Decimal", runtime.high_decimal),
        "Decimal": ("Decimal", runtime.high_decimal),
        "Quantity": ("Quantity", runtime.high_quantity),
        "Date": ("Date", runtime.high_date),
        "DateTime": ("DateTime", runtime.high_date_time),
        "Time": ("Time", runtime.high_time),
    },
    "precision": {
        "Integer": ("Integer", runtime.decimal_precision),
        "Decimal": ("Integer", runtime.decimal_precision),
        "Date": ("Integer", runtime.date_precision),
        "DateTime": ("Integer", runtime.date_precision),
        "Time": ("Integer", runtime.date_precision),
    },
}


def _by_kind(call: Call, places: Plan | None = None) -> Plan:
    shape = call.source.shape
    if shape.is_empty or (places is not None and places.shape.is_empty):
        return Nothing()
    known = _BY_KIND[call.name]
    kind = shape.category
    if kind not in known:
        raise FhirPathError("fhirpath-type", name=call.name, found=shape.described(), expected="a number, date or time")
    gives, function = known[kind]
    operands = [(call.source, kind)] + ([(places, "Integer")] if places is not None else [])
    return ScalarCall(call.name, gives, operands, function, partial=True)


FUNCTIONS = (
    Function("lowBoundary", ("value?",), _by_kind),
    Function("highBoundary", ("value?",), _by_kind),
    Function("precision", (), _by_kind),
    scalar("comparable", "Quantity", ("Quantity",), "Boolean", runtime.are_comparable, partial=False),
)
