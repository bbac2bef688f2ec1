"""From one System type to another, and the choice between two expressions (https://hl7.org/fhirpath/N1/#conversion)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.functions.registry import Call, Function, Lambda
from fhir_iop.fhirpath.plan import Boxed, Item, Nothing, Plan
from fhir_iop.fhirpath.runtime import conversion as runtime
from fhir_iop.fhirpath.scopes import Opening
from fhir_iop.fhirpath.shape import Shape, either, system

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter

_CONVERSIONS = {
    "Boolean": runtime.to_boolean,
    "Integer": runtime.to_integer,
    "Decimal": runtime.to_decimal,
    "String": runtime.to_string,
    "Date": runtime.to_date,
    "DateTime": runtime.to_date_time,
    "Time": runtime.to_time,
}


class Convert(Plan):
    """``toInteger()`` and its kin, and with ``ask`` ``convertsToInteger()`` and its kin."""

    def __init__(self, name: str, source: Plan, kind: str, unit: Plan | None, *, ask: bool) -> None:
        self.name = name
        self.source = Boxed(source.ask_for_one())
        self.unit = unit
        self.parts = (source,) if unit is None else (source, unit)
        self.kind = kind
        self.ask = ask
        self.shape = system("Boolean" if ask else kind, sure=ask and source.shape.sure)

    def one(self, em: Emitter) -> str:
        value = em.bind(self.source.one(em))
        if self.kind == "Quantity":
            unit = "None" if self.unit is None else bare(self.unit.one(em))
            result = f"{em.use(runtime.to_quantity)}({value}, {unit})"
        else:
            result = f"{em.use(_CONVERSIONS[self.kind])}({value})"
        if self.ask:
            result = f"({result} is not None)"
        return result if self.source.shape.sure else f"(None if {value} is None else {bare(result)})"


def _listed(items: str) -> str:
    """Return ``items`` as a list: what has a name of its own is given out as it is."""
    return "[]" if items == "()" else items


class Iif(Opening):
    """``iif(criterion, result, otherwise)``: only one of the results is evaluated."""

    name = "iif"

    def __init__(self, call: Call, criterion: Lambda, result: Lambda, otherwise: Lambda | None = None) -> None:
        shape = criterion.plan.shape
        if shape.names is not None and not shape.is_empty and shape.category != "Boolean" and not shape.is_mixed:
            raise FhirPathError("fhirpath-type", name="iif", found=shape.described(), expected="a Boolean first")
        self.source = call.source.ask_for_one()
        self.scope = criterion.scope
        self.criterion = criterion.plan
        self.ways = (result.plan, otherwise.plan if otherwise is not None else Nothing())
        self.parts = (call.source, self.criterion, *self.ways)
        self.opens = tuple(part.scope for part in (criterion, result, otherwise) if part is not None)
        self.shape = Shape(
            either(*(way.shape for way in self.ways)),
            any(way.shape.many for way in self.ways),
            all(way.shape.sure for way in self.ways),
            all(way.shape.ordered for way in self.ways),
        )
        self.require_items_if_mixed()

    def _is_boxed(self) -> bool:
        return self.shape.is_mixed or any(way.boxed for way in self.ways)

    def _require_items(self) -> None:
        for way in self.ways:
            way.require_items()

    def _enter(self, em: Emitter) -> str:
        """Write the input and return the condition."""
        value = em.bind(self.source.one(em))
        for scope in self.opens:
            scope.enter(em, Item(value, self.source.boxed))
        return self.criterion.truth(em, wanted=True)

    def _ways(self) -> list[Plan]:
        return [Boxed(way) if self.boxed else way for way in self.ways]

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        if self.shape.many:
            em.go_through(self.collect(em), lambda value: body(Item(value, self.boxed)))
        else:
            super().each(em, body)

    def collect(self, em: Emitter) -> str:
        if not self.shape.many:
            return super().collect(em)
        with em.until(None):
            condition = self._enter(em)
            items = em.fresh("items")
            result, otherwise = self._ways()
            with em.when(condition):
                em.line(f"{items} = {_listed(bare(result.collect(em)))}")
            with em.block("else:"):
                em.line(f"{items} = {_listed(bare(otherwise.collect(em)))}")
        return items

    def one(self, em: Emitter) -> str:
        with em.until(None):
            condition = self._enter(em)
            value = em.fresh()
            result, otherwise = self._ways()
            with em.when(condition):
                em.line(f"{value} = {bare(result.one(em))}")
            with em.block("else:"):
                em.line(f"{value} = {bare(otherwise.one(em))}")
        return value


def _convert(kind: str, *, ask: bool) -> Callable[..., Plan]:
    def build(call: Call, unit: Plan | None = None) -> Plan:
        if call.source.shape.is_empty:
            return Nothing()
        return Convert(call.name, call.source, kind, unit, ask=ask)

    return build


def _conversions() -> list[Function]:
    found = []
    for kind in (*_CONVERSIONS, "Quantity"):
        parameters = ("value?",) if kind == "Quantity" else ()
        found.append(Function(f"to{kind}", parameters, _convert(kind, ask=False)))  # type: ignore[arg-type]
        found.append(Function(f"convertsTo{kind}", parameters, _convert(kind, ask=True)))  # type: ignore[arg-type]
    return found


FUNCTIONS = (
    Function("iif", ("focus", "focus", "focus?"), Iif),
    *_conversions(),
)
