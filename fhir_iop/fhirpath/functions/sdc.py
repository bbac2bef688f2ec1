"""SDC's functions (https://hl7.org/fhir/uv/sdc/expressions.html#fhirpath-supplements)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.functions.registry import Call, Function
from fhir_iop.fhirpath.plan import Listed, Nothing, Plan, collect_boxed
from fhir_iop.fhirpath.runtime.sdc import weights
from fhir_iop.fhirpath.shape import Shape

if TYPE_CHECKING:
    from fhir_iop.fhirpath.emitter import Emitter


class Weights(Listed):
    """``source.weight()``: what each coded answer counts."""

    shape = Shape(None, many=True)

    def __init__(self, source: Plan) -> None:
        self.source = source
        self.parts = (source,)
        source.require_items()

    def collect(self, em: Emitter) -> str:
        return f"{em.use(weights)}({bare(collect_boxed(em, self.source))}, {em.optional_context()})"


def _weight(call: Call) -> Plan:
    return Nothing() if call.source.shape.is_empty else Weights(call.source)


FUNCTIONS = (
    Function("weight", (), _weight),
    Function("ordinal", (), _weight),
)
