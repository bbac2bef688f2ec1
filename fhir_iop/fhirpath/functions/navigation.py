"""To all children and all below (https://hl7.org/fhirpath/N1/#tree-navigation)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.functions.registry import Call, Function
from fhir_iop.fhirpath.model import PRIMITIVES
from fhir_iop.fhirpath.plan import Listed, Nothing, Plan, collect_boxed
from fhir_iop.fhirpath.runtime.navigation import count_children, descendants, offspring
from fhir_iop.fhirpath.shape import Shape

if TYPE_CHECKING:
    from fhir_iop.fhirpath.emitter import Emitter
    from fhir_iop.fhirpath.model import Model


class Children(Listed):
    """``source.children()`` and ``source.descendants()``: without an order."""

    def __init__(self, name: str, source: Plan, model: Model) -> None:
        source.require_items()
        self.name = name
        self.source = source
        self.parts = (source,)
        self.model = model
        self.shape = Shape(None, many=True, ordered=False)

    def _is_boxed(self) -> bool:
        return True

    def collect(self, em: Emitter) -> str:
        items = bare(collect_boxed(em, self.source))
        model = em.thing(self.model, "MODEL")
        if self.name == "children":
            return f"{em.use(offspring)}({items}, {model})"
        return f"{em.use(descendants)}({items}, {model}, {em.budget()})"

    def count(self, em: Emitter) -> str:
        shape = self.source.shape
        if self.name == "children" and not shape.many and not self.source.boxed and shape.name not in PRIMITIVES:
            return f"{em.use(count_children)}({self.source.mapping(em)})"
        return super().count(em)


def _children(call: Call) -> Plan:
    return Nothing() if call.source.shape.is_empty else Children(call.name, call.source, call.model)


FUNCTIONS = (
    Function("children", (), _children),
    Function("descendants", (), _children),
)
