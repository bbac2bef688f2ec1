"""Numbers (https://hl7.org/fhirpath/N1/#math)."""

from __future__ import annotations

from fhir_iop.fhirpath.functions.kinds import by_kind
from fhir_iop.fhirpath.functions.registry import Function, scalar
from fhir_iop.fhirpath.runtime import math as runtime

FUNCTIONS = (
    Function("abs", (), lambda call: by_kind("abs", call.source)),
    Function("power", ("value",), lambda call, exponent: by_kind("power", call.source, (exponent, "Decimal"))),
    scalar("ceiling", "Decimal", (), "Integer", runtime.ceiling),
    scalar("floor", "Decimal", (), "Integer", runtime.floor),
    scalar("truncate", "Decimal", (), "Integer", runtime.truncated),
    scalar("round", "Decimal", ("Integer?",), "Decimal", runtime.rounded),
    scalar("exp", "Decimal", (), "Decimal", runtime.exponential),
    scalar("ln", "Decimal", (), "Decimal", runtime.natural_logarithm),
    scalar("log", "Decimal", ("Decimal",), "Decimal", runtime.logarithm),
    scalar("sqrt", "Decimal", (), "Decimal", runtime.square_root),
)
