"""How exactly a value is given: boundaries, precision, comparable units (build.fhir.org/ig/HL7/FHIRPath/#boundary)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.functions.kinds import by_kind
from fhir_iop.fhirpath.functions.registry import Call, Function, scalar
from fhir_iop.fhirpath.runtime.boundaries import are_comparable

if TYPE_CHECKING:
    from fhir_iop.fhirpath.plan import Plan


def _bound(call: Call, places: Plan | None = None) -> Plan:
    return by_kind(call.name, call.source, *([(places, "Integer")] if places is not None else []))


FUNCTIONS = (
    Function("lowBoundary", ("value?",), _bound),
    Function("highBoundary", ("value?",), _bound),
    Function("precision", (), _bound),
    scalar("comparable", "Quantity", ("Quantity",), "Boolean", are_comparable, partial=False),
)
