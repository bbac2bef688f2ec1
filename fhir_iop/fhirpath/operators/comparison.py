"""``<``, ``<=``, ``>`` and ``>=``."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.operators.equality import kind_of
from fhir_iop.fhirpath.plan import Plan, boxed_one
from fhir_iop.fhirpath.runtime.comparison import compare_items, compare_quantities
from fhir_iop.fhirpath.runtime.dates import compare_dates
from fhir_iop.fhirpath.scalar import Guarded, is_sure, scalar
from fhir_iop.fhirpath.shape import system

if TYPE_CHECKING:
    from fhir_iop.fhirpath.emitter import Emitter

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


class Compare(Plan):
    """``left < right`` and its kin; empty where an operand is, or where precision or units can't tell."""

    def __init__(self, operator: str, left: Plan, right: Plan) -> None:
        self.name = operator
        self.left, self.right = left.ask_for_one(), right.ask_for_one()
        self.parts = (left, right)
        self.kind = kind_of(left.shape, right.shape)
        if self.kind == "never" or (self.kind == "plain" and not _is_ordered(left, right)):
            raise FhirPathError(
                "fhirpath-type", name=operator, found=right.shape.described(), expected=left.shape.described()
            )
        self.shape = system("Boolean", sure=self.kind == "plain" and is_sure(left) and is_sure(right))

    def needs_value_of(self, scope: object) -> bool:
        return any(part.needs_value_of(scope) for part in self.parts)

    def _guarded(self, em: Emitter, operator: str) -> tuple[Guarded, str]:
        """Return what must hold, and the comparison."""
        guarded = Guarded(em)
        if self.kind == "boxed" or self.left.boxed or self.right.boxed:
            left, right = (guarded.take(boxed_one(em, part), sure=part.shape.sure) for part in (self.left, self.right))
            order = f"{em.use(compare_items)}({left}, {right}, {self.name!r})"
        else:
            wanted = "Quantity" if self.kind == "quantity" else "Any"
            left, right = (
                guarded.take(scalar(em, part, wanted, self.name), sure=is_sure(part))
                for part in (self.left, self.right)
            )
            if self.kind == "plain":
                return guarded, f"{left} {operator} {right}"
            order = f"{em.use(compare_dates if self.kind == 'date' else compare_quantities)}({left}, {right})"
        name = em.fresh("order")
        guarded.conditions.append(f"({name} := {order}) is not None")
        return guarded, f"{name} {operator} 0"

    def truth(self, em: Emitter, wanted: bool) -> str:
        if self.kind == "empty":
            return "False"
        guarded, result = self._guarded(em, self.name if wanted else _OPPOSITE[self.name])
        return guarded.condition(result) if guarded.conditions else f"({result})"

    def one(self, em: Emitter) -> str:
        if self.kind == "empty":
            return "None"
        guarded, result = self._guarded(em, self.name)
        return guarded.value(f"({result})")


def _is_ordered(left: Plan, right: Plan) -> bool:
    return left.shape.category not in (None, "Boolean") and right.shape.category not in (None, "Boolean")
