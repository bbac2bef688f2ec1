"""Some of the items, by their place or by another collection (https://hl7.org/fhirpath/N1/#subsetting)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.functions.registry import Call, Function
from fhir_iop.fhirpath.operators.equality import kind_of
from fhir_iop.fhirpath.plan import Constant, Item, Listed, Nothing, Plan, collect_boxed
from fhir_iop.fhirpath.runtime.collections import (
    exclusion,
    exclusion_boxed,
    have_common,
    intersection,
    intersection_boxed,
)
from fhir_iop.fhirpath.runtime.subsetting import from_index, item_at, only, until_index
from fhir_iop.fhirpath.scalar import check_one, scalar
from fhir_iop.fhirpath.shape import Shape

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter


def _ordered(name: str, source: Plan) -> Plan:
    """Return the source; raise FhirPathError where its items have no order (``children()``, ``descendants()``)."""
    if not source.shape.ordered:
        raise FhirPathError("fhirpath-order", name=name, found="what `children()` or `descendants()` gives")
    source.require_items()
    return source


class _OfSource(Plan):
    """Items of ``source``, as they are there."""

    source: Plan

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
        self.source.require_items()


class First(_OfSource):
    """``source.first()``."""

    name = "first"

    def __init__(self, source: Plan) -> None:
        self.source = _ordered(self.name, source)
        self.parts = (source,)
        self.shape = source.shape.as_one()

    def one(self, em: Emitter) -> str:
        if not self.source.shape.many:
            return self.source.one(em)
        found = em.fresh("first")
        em.line(f"{found} = None")

        stopped = em.fresh("stopped")
        em.line(f"{stopped} = False")

        def body(item: Item) -> None:
            em.line(f"{found} = {item.name}")
            em.stop()

        with em.until(stopped):
            self.source.each(em, body)
        return found

    def exists(self, em: Emitter) -> str:
        return self.source.exists(em)


class At(_OfSource):
    """``source[index]``."""

    def __init__(self, name: str, source: Plan, index: Plan) -> None:
        self.name = name
        self.source = _ordered(name, source)
        self.index = check_one(index, "Integer", name)
        self.parts = (source, index)
        self.shape = source.shape.as_one()

    def one(self, em: Emitter) -> str:
        items = self.source.collect(em)
        return f"{em.use(item_at)}({bare(items)}, {bare(scalar(em, self.index, 'Integer', self.name))})"


class Last(_OfSource):
    """``source.last()``."""

    name = "last"

    def __init__(self, source: Plan) -> None:
        self.source = _ordered(self.name, source)
        self.parts = (source,)
        self.shape = source.shape.as_one()

    def one(self, em: Emitter) -> str:
        if not self.source.shape.many:
            return self.source.one(em)
        items = em.bind(self.source.collect(em), "some")
        return f"({items}[-1] if {items} else None)"

    def exists(self, em: Emitter) -> str:
        return self.source.exists(em)


class Single(_OfSource):
    """``source.single()``: an error where there are several."""

    name = "single"

    def __init__(self, source: Plan, name: str = "single") -> None:
        self.name = name
        self.source = source
        self.parts = (source,)
        self.shape = source.shape.as_one()

    def one(self, em: Emitter) -> str:
        if not self.source.shape.many:
            return self.source.one(em)
        return f"{em.use(only)}({bare(self.source.collect(em))}, {em.constant(self.name)})"


class Slice(_OfSource, Listed):
    """``skip(n)``, ``take(n)`` and ``tail()``."""

    def __init__(self, name: str, source: Plan, number: Plan) -> None:
        self.name = name
        self.source = _ordered(name, source)
        self.number = check_one(number, "Integer", name)
        self.parts = (source, number)
        self.shape = Shape(source.shape.names, source.shape.many)

    def collect(self, em: Emitter) -> str:
        function = until_index if self.name == "take" else from_index
        items = self.source.collect(em)
        return f"{em.use(function)}({bare(items)}, {bare(scalar(em, self.number, 'Integer', self.name))})"

    def one(self, em: Emitter) -> str:
        return super().one(em) if self.shape.many else f"{em.use(only)}({self.collect(em)}, {self.name!r})"


class AsSet(Listed):
    """``left.intersect(right)`` and ``left.exclude(right)``."""

    def __init__(self, name: str, left: Plan, right: Plan) -> None:
        self.name = name
        self.left, self.right = left, right
        self.parts = (left, right)
        self.is_plain = kind_of(left.shape, right.shape) == "plain"
        self.shape = left.shape.as_many()

    def _require_items(self) -> None:
        self.left.require_items()

    def _is_raw(self) -> bool:
        return self.is_plain and not self.left.boxed and not self.right.boxed

    def _is_boxed(self) -> bool:
        return not self._is_raw()

    def collect(self, em: Emitter) -> str:
        if self._is_raw():
            left, right = self.left.collect(em), self.right.collect(em)
            function = intersection if self.name == "intersect" else exclusion
        else:
            left, right = collect_boxed(em, self.left), collect_boxed(em, self.right)
            function = intersection_boxed if self.name == "intersect" else exclusion_boxed
        return f"{em.use(function)}({bare(left)}, {bare(right)}, {em.budget()})"

    def exists(self, em: Emitter) -> str:
        if self.name != "intersect" or not self._is_raw():
            return super().exists(em)
        return f"{em.use(have_common)}({bare(self.left.collect(em))}, {bare(self.right.collect(em))}, {em.budget()})"


def _as_set(call: Call, other: Plan) -> Plan:
    if call.source.shape.is_empty:
        return Nothing()
    if other.shape.is_empty:
        return Nothing() if call.name == "intersect" else call.source
    return AsSet(call.name, call.source, other)


def _slice(name: str) -> Callable[[Call, Plan], Plan]:
    return lambda call, number: Slice(name, call.source, number)


FUNCTIONS = (
    Function("single", (), lambda call: Single(call.source)),
    Function("first", (), lambda call: First(call.source)),
    Function("last", (), lambda call: Last(call.source)),
    Function("tail", (), lambda call: Slice("tail", call.source, Constant("Integer", 1))),
    Function("skip", ("value",), _slice("skip")),
    Function("take", ("value",), _slice("take")),
    Function("intersect", ("value",), _as_set),
    Function("exclude", ("value",), _as_set),
)
