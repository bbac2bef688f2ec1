"""Aggregation, sorting, variables, tracing (https://hl7.org/fhirpath/N1/#aggregates, #utility-functions)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.functions.filtering import indexed
from fhir_iop.fhirpath.functions.registry import Call, Function, Lambda
from fhir_iop.fhirpath.plan import Boxed, Item, Listed, Made, Plan, collect_boxed
from fhir_iop.fhirpath.runtime.sorting import sorted_by
from fhir_iop.fhirpath.runtime.tracing import traced
from fhir_iop.fhirpath.scopes import Opening
from fhir_iop.fhirpath.shape import Shape
from fhir_iop.fhirpath.variables import RESERVED as RESERVED_VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter


class Aggregate(Opening):
    """``source.aggregate(aggregator, start)``: ``$total`` goes from item to item."""

    name = "aggregate"

    def __init__(self, source: Plan, aggregator: Lambda, start: Plan | None) -> None:
        self.source = source
        self.scope, self.aggregator, _ = aggregator
        self.opens = (self.scope,)
        self.start = start
        self.parts = (source, self.aggregator) if start is None else (source, self.aggregator, start)
        self.running = self.scope.total_shape
        self.shape = self.running or Shape(None, many=True)

    def _is_boxed(self) -> bool:
        return self.running is None

    def one(self, em: Emitter) -> str:
        if self.running is None or self.start is None:
            return super().one(em)
        total = em.fresh("total")
        is_looping = em.is_looping
        em.line(f"{total} = {bare(self.start.one(em))}")
        self.scope.total = Item(total, boxed=False)

        def body(_: Item) -> None:
            em.line(f"{total} = {bare(self.aggregator.one(em))}")
            if is_looping:
                em.spend("1")

        with em.until(None):
            indexed(em, self.opens, self.source, body)
        return total

    def collect(self, em: Emitter) -> str:
        if self.running is not None:
            return super().collect(em)
        items = em.bind(self.source.collect(em), "some")
        total = em.fresh("total")
        em.line(f"{total} = {'[]' if self.start is None else bare(collect_boxed(em, self.start))}")
        self.scope.total = Item(total, boxed=True)

        def body(_: Item) -> None:
            em.line(f"{total} = {bare(collect_boxed(em, self.aggregator))}")
            em.spend(f"len({total}) + 1")

        with em.until(None):
            indexed(em, self.opens, Made(self.source, items), body)
        return total

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        if self.running is not None:
            super().each(em, body)
        else:
            em.go_through(self.collect(em), lambda value: body(Item(value, boxed=True)))


class Sort(Opening, Listed):
    """``source.sort(key, …)``: by several keys, each ascending or descending; items without a key are the greatest."""

    name = "sort"

    def __init__(self, source: Plan, keys: tuple[Lambda, ...]) -> None:
        source.require_items()
        self.source = source
        self.keys = keys
        self.opens = tuple(key.scope for key in keys)
        self.parts = (source, *(key.plan for key in keys))
        self.shape = Shape(source.shape.names, source.shape.many)

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
        self.source.require_items()

    def collect(self, em: Emitter) -> str:
        rows = em.fresh("rows")
        em.line(f"{rows} = []")

        def body(item: Item) -> None:
            cells = []
            for _, plan, _ in self.keys:
                cells.append(em.bind(Boxed(plan).one(em)))
            if not self.keys:
                cells.append(item.name if item.boxed else f"{Boxed(_Held(self.source, item)).one(em)}")
            em.line(f"{rows}.append(({item.name}, ({', '.join(cells)},)))")

        with em.until(None):
            indexed(em, self.opens, self.source, body)
        directions = tuple(key.descending for key in self.keys) or (False,)
        return f"{em.use(sorted_by)}({rows}, {directions!r})"


class _Held(Plan):
    """One item that a local name holds."""

    def __init__(self, like: Plan, item: Item) -> None:
        self.shape = Shape(like.shape.names, sure=True)
        self._item = item

    def _is_boxed(self) -> bool:
        return self._item.boxed

    def one(self, em: Emitter) -> str:
        return self._item.name


class Trace(Opening):
    """``source.trace(name, projection)``: tells the context's listener, and gives the source."""

    name = "trace"

    def __init__(self, source: Plan, label: Plan, projection: Lambda | None) -> None:
        self.source = source
        self.label = label
        self.projection = projection
        self.opens = () if projection is None else (projection.scope,)
        self.parts = (source, label) if projection is None else (source, label, projection.plan)
        self.shape = source.shape

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
        self.source.require_items()

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        def inner(item: Item) -> None:
            shown = item.name
            if self.projection is not None:
                shown = self.projection.plan.collect(em)
            em.line(f"{em.use(traced)}({em.optional_context()}, {bare(self.label.one(em))}, {bare(shown)})")
            body(item)

        indexed(em, self.opens, self.source, inner)

    def one(self, em: Emitter) -> str:
        if self.shape.many or self.projection is not None:
            return super().one(em) if self.shape.many else _one_of(em, self)
        return f"{em.use(traced)}({em.optional_context()}, {bare(self.label.one(em))}, {bare(self.source.one(em))})"


def _one_of(em: Emitter, plan: Plan) -> str:
    found = em.fresh()
    em.line(f"{found} = None")
    plan.each(em, lambda item: em.line(f"{found} = {item.name}"))
    return found


class Held(Listed):
    """``%name`` of a ``defineVariable``: a collection that a local name holds."""

    name = "variable"

    def __init__(self, source: Plan) -> None:
        self.source = source
        self.shape = Shape(source.shape.names, source.shape.many, ordered=source.shape.ordered)
        self.items = ""  # the local name, once the variable is defined

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
        self.source.require_items()

    def collect(self, em: Emitter) -> str:
        if not self.items:
            raise RuntimeError("a variable is asked for before it is defined")
        em.spend(f"len({self.items})")
        return self.items

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        return f"({self.items}[0] if {self.items} else None)"


class Define(Opening, Listed):
    """``source.defineVariable(name, value)``: gives the source; the value is evaluated once, with it as ``$this``."""

    name = "defineVariable"

    def __init__(self, source: Plan, focus: Lambda | None) -> None:
        self.source = source
        self.focus = focus
        self.opens = (focus.scope,) if focus is not None else ()
        self.parts = (source,) if focus is None else (source, focus.plan)
        self.shape = source.shape
        self.variable = Held(source if focus is None else focus.plan)

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
        self.source.require_items()

    def collect(self, em: Emitter) -> str:
        items = em.bind(self.source.collect(em), "some")
        self.variable.items = items
        if self.focus is not None:
            self.focus.scope.enter(em, Item(items, self.source.boxed))
            self.variable.items = em.bind(self.focus.plan.collect(em), "some")
        return items

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        items = self.collect(em)
        return f"({items}[0] if {items} else None)"


def _define(call: Call, name: str, focus: Lambda | None = None) -> Plan:
    if name in call.variables or name in RESERVED_VARIABLES:
        raise FhirPathError("fhirpath-value", name="defineVariable", reason=f"`%{name}` has a meaning already")
    plan = Define(call.source, focus)
    call.variables[name] = plan.variable
    return plan


def _trace(call: Call, label: Plan, projection: Lambda | None = None) -> Plan:
    return Trace(call.source, label, projection)


FUNCTIONS = (
    Function("aggregate", ("total", "value?"), lambda call, lam, start=None: Aggregate(call.source, lam, start)),
    Function("sort", ("sort*",), lambda call, *keys: Sort(call.source, keys)),
    Function("trace", ("value", "each?"), _trace),
    Function("defineVariable", ("name", "whole?"), _define),
)
