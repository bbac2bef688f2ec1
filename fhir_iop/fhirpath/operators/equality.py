"""``=``, ``!=``, ``~`` and ``!~``."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from fhir_iop.fhirpath.conditions import as_boolean
from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.plan import Plan, boxed_one, collect_boxed
from fhir_iop.fhirpath.runtime.dates import equal_dates
from fhir_iop.fhirpath.runtime.equality import (
    equal_collections,
    equal_items,
    equal_lists,
    equal_quantities,
    equivalent_collections,
    equivalent_strings,
)
from fhir_iop.fhirpath.scalar import Guarded, is_sure, scalar
from fhir_iop.fhirpath.shape import Shape, system

if TYPE_CHECKING:
    from fhir_iop.fhirpath.emitter import Emitter

Kind = Literal["plain", "date", "quantity", "boxed", "never", "empty"]

_NUMBERS = frozenset({"Integer", "Decimal"})
_MOMENTS = frozenset({"Date", "DateTime"})
_TEXTS = frozenset({"String", "Date", "DateTime", "Time"})


def kind_of(left: Shape, right: Shape) -> Kind:
    """How items of two shapes compare for equality: as Python's values do, as dates, as quantities, by their types."""
    if left.is_empty or right.is_empty:
        return "empty"
    ours, theirs = left.category, right.category
    if ours is None and theirs is None:
        return "plain" if left.name is not None and left.name == right.name else "boxed"
    if ours is None or theirs is None:
        return "boxed" if left.is_mixed or right.is_mixed else "never"
    kinds = {ours, theirs}
    if kinds == {"Quantity"} or (kinds & _NUMBERS and "Quantity" in kinds):
        return "quantity"
    if kinds <= _MOMENTS or kinds == {"Time"}:
        return "date"
    # A date compared with a string compares as text, as HL7's own engine has it.
    if len(kinds) == 1 or kinds <= _NUMBERS or (kinds <= _TEXTS and "String" in kinds):
        return "plain"
    return "never"


class Equal(Plan):
    """``left = right``: the same items in the same order."""

    name = "="

    def __init__(self, left: Plan, right: Plan) -> None:
        self.left, self.right = left, right
        self.parts = (left, right)
        self.kind = kind_of(left.shape, right.shape)
        self.is_single = not left.shape.many and not right.shape.many
        sure = self.kind == "plain" and is_sure(left) and is_sure(right)
        self.shape = system("Boolean", sure=sure)

    def needs_value_of(self, scope: object) -> bool:
        return any(part.needs_value_of(scope) for part in self.parts)

    def _is_raw(self) -> bool:
        return self.kind != "boxed" and not self.left.boxed and not self.right.boxed

    def _single(self, em: Emitter, operator: str) -> tuple[Guarded, str, bool]:
        """Return what must hold, the comparison of two single items, and whether that may be None."""
        guarded = Guarded(em)
        if not self._is_raw():
            left, right = (guarded.take(boxed_one(em, part), sure=part.shape.sure) for part in (self.left, self.right))
            return guarded, f"{em.use(equal_items)}({left}, {right})", True
        wanted = "Quantity" if self.kind == "quantity" else "Any"
        left, right = (
            guarded.take(scalar(em, part, wanted, self.name), sure=is_sure(part)) for part in (self.left, self.right)
        )
        if self.kind == "date":
            return guarded, f"{em.use(equal_dates)}({left}, {right})", True
        if self.kind == "quantity":
            return guarded, f"{em.use(equal_quantities)}({left}, {right})", True
        return guarded, f"{left} {operator} {right}", False

    def _listed(self, em: Emitter) -> str:
        """Return an expression that is True, False or None."""
        if self.kind == "plain" and self._is_raw():
            left, right = (em.bind(part.collect_all(em), "some") for part in (self.left, self.right))
            return f"{em.use(equal_lists)}({left}, {right})"
        left, right = (em.bind(collect_boxed(em, part), "some") for part in (self.left, self.right))
        return f"{em.use(equal_collections)}({left}, {right})"

    def truth(self, em: Emitter, wanted: bool) -> str:
        if self.kind == "empty":
            return "False"
        if self.kind == "never":
            return "False" if wanted else f"({self.left.exists(em)} and {self.right.exists(em)})"
        if not self.is_single:
            return f"({self._listed(em)} is {wanted})"
        if self.kind == "plain" and self._is_raw() and wanted and (is_sure(self.left) or is_sure(self.right)):
            # None equals no value, so that a missing operand needs no question of its own.
            return f"({self.left.one(em)} == {self.right.one(em)})"
        guarded, result, partial = self._single(em, "==" if wanted else "!=")
        if partial:
            result = f"{result} is {wanted}"
        return guarded.condition(result) if guarded.conditions else f"({result})"

    def one(self, em: Emitter) -> str:
        if self.kind == "empty":
            return "None"
        if self.kind == "never":
            return f"(False if {self.left.exists(em)} and {self.right.exists(em)} else None)"
        if not self.is_single:
            return self._listed(em)
        guarded, result, _ = self._single(em, "==")
        return guarded.value(f"({result})")


class NotEqual(Plan):
    """``left != right``."""

    name = "!="

    def __init__(self, left: Plan, right: Plan) -> None:
        self.equal = Equal(left, right)
        self.parts = self.equal.parts
        self.shape = self.equal.shape

    def truth(self, em: Emitter, wanted: bool) -> str:
        return self.equal.truth(em, not wanted)

    def one(self, em: Emitter) -> str:
        if self.shape.sure:
            return as_boolean(self.equal.truth(em, wanted=False))
        value = em.bind(self.equal.one(em))
        return f"(None if {value} is None else not {value})"


class Equivalent(Plan):
    """``left ~ right`` and, with ``wanted`` False, ``left !~ right``: never empty."""

    name = "~"

    def __init__(self, left: Plan, right: Plan, *, wanted: bool) -> None:
        self.left, self.right = left, right
        self.parts = (left, right)
        self.wanted = wanted
        self.shape = system("Boolean", sure=True)

    def one(self, em: Emitter) -> str:
        left, right = self.left, self.right
        raw = not (left.shape.many or right.shape.many or left.boxed or right.boxed)
        if raw and left.shape.category == right.shape.category == "String":
            result = f"{em.use(equivalent_strings)}({bare(left.one(em))}, {bare(right.one(em))})"
        else:
            ours, theirs = (em.bind(collect_boxed(em, part), "some") for part in (left, right))
            result = f"{em.use(equivalent_collections)}({ours}, {theirs})"
        return result if self.wanted else f"(not {result})"
