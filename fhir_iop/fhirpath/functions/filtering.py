"""Which items, and what of each (https://hl7.org/fhirpath/N1/#filtering-and-projection)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.functions.registry import Call, Function, Lambda
from fhir_iop.fhirpath.operators.types import of_type, type_name
from fhir_iop.fhirpath.plan import Boxed, Item, Listed, Nothing, Plan, collect_boxed
from fhir_iop.fhirpath.runtime.collections import Repeated
from fhir_iop.fhirpath.scopes import Opening
from fhir_iop.fhirpath.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter
    from fhir_iop.fhirpath.scopes import Scope


def indexed(em: Emitter, scopes: tuple[Scope, ...], source: Plan, body: Callable[[Item], None]) -> None:
    """Write the loop over a function's input, with ``$this`` and, where it is used, ``$index`` in the arguments."""
    index = start_index(em, scopes)

    def inner(item: Item) -> None:
        if index is not None:
            em.line(f"{index} += 1")
        for scope in scopes:
            scope.enter(em, item)
        body(item)

    source.each(em, inner)


def start_index(em: Emitter, scopes: tuple[Scope, ...]) -> str | None:
    """Write the start of ``$index`` where an argument uses it, and return its local name."""
    if not any(scope.uses_index for scope in scopes):
        return None
    index = em.fresh("index")
    em.line(f"{index} = -1")
    for scope in scopes:
        scope.index = index
    return index


class Where(Opening):
    """``source.where(criteria)``: the items for which the criteria is true."""

    name = "where"

    def __init__(self, source: Plan, criteria: Lambda) -> None:
        self.source = source
        self.scope, self.criteria, _ = criteria
        self.opens = (self.scope,)
        self.parts = (source, self.criteria)
        self.shape = Shape(source.shape.names, source.shape.many, ordered=source.shape.ordered)

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
        self.source.require_items()

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        def inner(item: Item) -> None:
            with em.until(None):
                condition = self.criteria.truth(em, wanted=True)
            if condition != "False":
                with em.when(condition):
                    body(item)

        indexed(em, self.opens, self.source, inner)

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        found = em.fresh()
        em.line(f"{found} = None")
        self.each(em, lambda item: em.line(f"{found} = {item.name}"))
        return found

    def exists(self, em: Emitter) -> str:
        found = em.fresh("found")
        em.line(f"{found} = False")
        with em.until(found):
            self.each(em, lambda _: em.stop())
        return found


class Select(Opening):
    """``source.select(projection)``: what the projection gives for each item, in one collection."""

    name = "select"

    def __init__(self, source: Plan, projection: Lambda) -> None:
        source.require_items()
        self.source = source
        self.scope, self.projection, _ = projection
        self.opens = (self.scope,)
        self.parts = (source, self.projection)
        inner = self.projection.shape
        self.shape = Shape(
            inner.names,
            source.shape.many or inner.many,
            source.shape.sure and inner.sure,
            source.shape.ordered and inner.ordered,
        )

    def _is_boxed(self) -> bool:
        return self.projection.boxed

    def _require_items(self) -> None:
        self.projection.require_items()

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        indexed(em, self.opens, self.source, lambda _: self.projection.each(em, body))

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        found = em.fresh()
        em.line(f"{found} = None")
        self.each(em, lambda item: em.line(f"{found} = {item.name}"))
        return found

    def exists(self, em: Emitter) -> str:
        found = em.fresh("found")
        em.line(f"{found} = False")
        with em.until(found):
            self.each(em, lambda _: em.stop())
        return found


class Repeat(Opening, Listed):
    """``source.repeat(projection)``: the projection of the items, of what that gives, and so on.

    ``unique`` leaves out what was there already (``repeatAll`` keeps it).
    """

    name = "repeat"

    def __init__(self, source: Plan, projection: Lambda, *, unique: bool) -> None:
        self.source = source
        self.scope, self.projection, _ = projection
        self.opens = (self.scope,)
        self.unique = unique
        self.parts = (source, self.projection)
        inner = self.projection.shape
        self.shape = Shape(inner.names, many=True, ordered=source.shape.ordered and inner.ordered)

    def _is_boxed(self) -> bool:
        return True

    def collect(self, em: Emitter) -> str:
        found = em.fresh("found")
        start = collect_boxed(em, self.source)
        em.line(f"{found} = {em.use(Repeated)}({start}, {self.unique}, {em.budget()})")
        item = em.fresh()
        index = start_index(em, self.opens)
        with em.until(None), em.loop(f"for {item} in {found}:"):
            if index is not None:
                em.line(f"{index} += 1")
            self.scope.enter(em, Item(item, boxed=True))
            Boxed(self.projection).each(em, lambda child: em.line(f"{found}.add({child.name})"))
        return f"{found}.items"


def _repeat(call: Call, projection: Lambda, *, unique: bool) -> Plan:
    if call.source.shape.is_empty:
        return Nothing()
    return Repeat(call.source, projection, unique=unique)


FUNCTIONS = (
    Function("where", ("each",), lambda call, criteria: Where(call.source, criteria)),
    Function("select", ("each",), lambda call, projection: Select(call.source, projection)),
    Function("repeat", ("again",), lambda call, projection: _repeat(call, projection, unique=True)),
    Function("repeatAll", ("again",), lambda call, projection: _repeat(call, projection, unique=False)),
    Function(
        "ofType",
        ("type",),
        lambda call, name: of_type(call.source, type_name(name, call.model, exact=True), call.model),
    ),
)
