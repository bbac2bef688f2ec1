"""Numbers (https://hl7.org/fhirpath/N1/#math)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.functions.registry import Call, Function, scalar
from fhir_iop.fhirpath.plan import Nothing, Plan
from fhir_iop.fhirpath.runtime import math as runtime
from fhir_iop.fhirpath.scalar import ScalarCall, accepts

if TYPE_CHECKING:
    from collections.abc import Callable


def _kept_kind(name: str, function: Callable[..., Any], *, quantities: bool = True) -> Function:
    """Describe a function whose result is of the input's own kind: Integer, Decimal or Quantity."""

    def build(call: Call, *given: Plan) -> Plan:
        shape = call.source.shape
        if shape.is_empty or any(plan.shape.is_empty for plan in given):
            return Nothing()
        kind = shape.category or "Decimal"
        if not accepts(shape, "Quantity" if quantities else "Decimal") or kind not in (
            "Integer",
            "Decimal",
            "Quantity",
        ):
            raise FhirPathError("fhirpath-type", name=name, found=shape.described(), expected="a number")
        operands = [(call.source, kind), *((plan, "Decimal") for plan in given)]
        return ScalarCall(name, kind, operands, function, partial=True)

    return Function(name, ("value",) if name == "power" else (), build)


FUNCTIONS = (
    _kept_kind("abs", runtime.absolute),
    scalar("ceiling", "Decimal", (), "Integer", runtime.ceiling),
    scalar("floor", "Decimal", (), "Integer", runtime.floor),
    scalar("truncate", "Decimal", (), "Integer", runtime.truncated),
    scalar("round", "Decimal", ("Integer?",), "Decimal", runtime.rounded),
    scalar("exp", "Decimal", (), "Decimal", runtime.exponential),
    scalar("ln", "Decimal", (), "Decimal", runtime.natural_logarithm),
    scalar("log", "Decimal", ("Decimal",), "Decimal", runtime.logarithm),
    scalar("sqrt", "Decimal", (), "Decimal", runtime.square_root),
    _kept_kind("power", runtime.power, quantities=False),
)
