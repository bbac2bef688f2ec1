"""``is()``, ``as()`` and ``type()`` as functions (https://hl7.org/fhirpath/N1/#types)."""

from __future__ import annotations

from fhir_iop.fhirpath.functions.registry import Call, Function
from fhir_iop.fhirpath.functions.subsetting import Single
from fhir_iop.fhirpath.operators.types import IsType, TypeInfo, is_open, of_type, type_name
from fhir_iop.fhirpath.plan import Nothing, Plan


def is_type(source: Plan, parts: tuple[str, ...], call: Call) -> Plan:
    """Return the plan of ``source is type``."""
    wanted = type_name(parts, call.model, exact=False)
    return Nothing() if source.shape.is_empty else IsType(source, wanted, call.model)


def as_type(source: Plan, parts: tuple[str, ...], call: Call) -> Plan:
    """Return the plan of ``source as type``.

    The operator takes one item. R4's own search parameters and invariants use it on each of several
    (``Observation.component.value as Quantity``, ``descendants().as(canonical)``): where the items' type is open, it
    means ``ofType``.
    """
    wanted = type_name(parts, call.model, exact=True)
    if source.shape.many and not is_open(source):
        source = Single(source, "as")
    return of_type(source, wanted, call.model)


FUNCTIONS = (
    Function("is", ("type",), lambda call, parts: is_type(call.source, parts, call)),
    Function("as", ("type",), lambda call, parts: as_type(call.source, parts, call)),
    Function("type", (), lambda call: Nothing() if call.source.shape.is_empty else TypeInfo(call.source, call.model)),
)
