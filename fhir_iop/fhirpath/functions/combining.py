"""Collections together: union, combine, distinct, membership (https://hl7.org/fhirpath/N1/#combining)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.functions.registry import Call, Function
from fhir_iop.fhirpath.operators.equality import kind_of
from fhir_iop.fhirpath.plan import Boxed, Constant, Item, Listed, Made, Nothing, Plan, box, boxed_one, collect_boxed
from fhir_iop.fhirpath.runtime.collections import distinct, distinct_boxed, distinct_scalars, is_member
from fhir_iop.fhirpath.runtime.subsetting import only_value
from fhir_iop.fhirpath.scalar import Guarded
from fhir_iop.fhirpath.shape import Shape, either, system

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter

_HASHABLE = frozenset({"String", "Boolean", "Integer", "Decimal"})


class Combine(Plan):
    """All items of several collections, repetitions included."""

    name = "combine"

    def __init__(self, *operands: Plan) -> None:
        self.parts = operands
        self.shape = Shape(either(*(part.shape for part in operands)), many=True)
        self.require_items_if_mixed()

    def _is_boxed(self) -> bool:
        return self.shape.is_mixed or any(part.boxed for part in self.parts)

    def _require_items(self) -> None:
        for part in self.parts:
            part.require_items()

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        em.go_through(self.collect(em), lambda value: body(Item(value, self.boxed)))

    def each_value(self, em: Emitter, body: Callable[[str], None]) -> None:
        items = em.fresh("items")
        em.line(f"{items} = []")
        for part in self.parts:
            part.each_value(em, lambda found: em.line(f"{items}.append({found})"))
        em.go_through(items, body)

    def collect(self, em: Emitter) -> str:
        items = em.fresh("items")
        em.line(f"{items} = []")
        boxed = self.boxed

        for part in self.parts:
            if isinstance(part, Constant):
                em.line(f"{items}.append({bare(box(em, part.one(em), part) if boxed else part.one(em))})")
                continue

            def body(item: Item, part: Plan = part) -> None:
                value = item.name if item.boxed or not boxed else box(em, item.name, part)
                em.line(f"{items}.append({value})")

            with em.until(None):
                part.each(em, body)
        return items

    def ask_for_one(self) -> Plan:
        return self

    def collect_all(self, em: Emitter) -> str:
        if self.boxed:
            return self.collect(em)
        items = em.fresh("items")
        em.line(f"{items} = []")
        for part in self.parts:
            em.line(f"{items} += {bare(part.collect_all(em))}")
        return items

    def one(self, em: Emitter) -> str:
        return f"{em.use(only_value)}({self.collect_all(em)}, {em.constant(self.name)})"

    def exists(self, em: Emitter) -> str:
        found = [part.exists(em) for part in self.parts]
        return "True" if "True" in found else f"({' or '.join(found)})"

    def count(self, em: Emitter) -> str:
        return f"({' + '.join(part.count(em) for part in self.parts)})"


class Constants(Listed):
    """``'a' | 'b' | 'c'``: values of one type, no two of them the same."""

    name = "|"
    is_constant = True

    def __init__(self, kind: str, values: tuple[Any, ...]) -> None:
        self.values = values
        self.shape = system(kind, many=True)

    def collect(self, em: Emitter) -> str:
        return em.thing(self.values, "VALUES_")


class Distinct(Listed):
    """The items of a collection without repetition."""

    name = "distinct"

    def __init__(self, source: Plan) -> None:
        self.source = source
        self.parts = (source,)
        self.shape = Shape(source.shape.names, source.shape.many, ordered=source.shape.ordered)

    def _is_boxed(self) -> bool:
        return self.source.boxed or not _compares_raw(self.shape)

    def _require_items(self) -> None:
        self.source.require_items()

    def ask_for_one(self) -> Plan:
        self.source.ask_for_one()
        return self

    def collect(self, em: Emitter) -> str:
        if self.boxed:
            return self._made(em, distinct_boxed, collect_boxed(em, self.source))
        return self._made(em, self._function(), self.source.collect(em))

    def collect_all(self, em: Emitter) -> str:
        return self.collect(em) if self.boxed else self._made(em, self._function(), self.source.collect_all(em))

    def _function(self) -> Callable[..., Any]:
        return distinct_scalars if self.shape.category is not None else distinct

    def _made(self, em: Emitter, function: Callable[..., Any], items: str) -> str:
        """Leave the items alone where there are fewer than two."""
        items = em.bind(items, "some")
        budget = "" if function is distinct_scalars else f", {em.budget()}"
        return f"({items} if len({items}) < 2 else {em.use(function)}({items}{budget}))"

    def each_value(self, em: Emitter, body: Callable[[str], None]) -> None:
        names = self.shape.names
        if names is None or not all(_compares_raw(Shape(frozenset({name}))) for name in names):
            super().each_value(em, body)
            return
        values = em.fresh("items")
        em.line(f"{values} = []")
        with em.until(None):
            self.source.each_value(em, lambda found: em.line(f"{values}.append({found})"))
        em.go_through(self._made(em, distinct, values), body)

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return f"{em.use(only_value)}({bare(self.collect_all(em))}, {em.constant(self.name)})"
        return Boxed(self.source).one(em) if self.boxed else self.source.one(em)

    def count(self, em: Emitter) -> str:
        return f"len({bare(self.collect_all(em))})"

    def exists(self, em: Emitter) -> str:
        return self.source.exists(em)


def _compares_raw(shape: Shape) -> bool:
    """Whether raw items are equal where Python's ``==`` says so: not moments and amounts, told in several ways."""
    return not shape.is_mixed and shape.category in (None, "String", "Boolean", "Integer", "Decimal")


class IsDistinct(Plan):
    """``source.isDistinct()``."""

    name = "isDistinct"

    def __init__(self, source: Plan) -> None:
        self.distinct = Distinct(source)
        self.parts = (source,)
        self.shape = system("Boolean", sure=True)

    def one(self, em: Emitter) -> str:
        source = Boxed(self.distinct.source) if self.distinct.boxed else self.distinct.source
        items = em.bind(source.collect(em), "some")
        return f"(len({bare(Distinct(Made(source, items)).collect(em))}) == len({items}))"


class In(Plan):
    """``item in collection``, and ``collection contains item``: empty where there is no item."""

    def __init__(self, name: str, item: Plan, collection: Plan) -> None:
        self.name = name
        self.item, self.collection = item.ask_for_one(), collection
        self.parts = (item, collection)
        self.kind = kind_of(item.shape, collection.shape)
        self.shape = system("Boolean", sure=item.shape.sure)

    def needs_value_of(self, scope: object) -> bool:
        return self.item.needs_value_of(scope)

    def _test(self, em: Emitter) -> tuple[Guarded, str]:
        guarded = Guarded(em)
        item, collection = self.item, self.collection
        if self.kind == "plain" and not item.boxed and not collection.boxed:
            value = guarded.take(item.one(em), sure=item.shape.sure)
            if (known := _constants(collection)) is not None:
                return guarded, f"{value} in {em.constant(known)}"
            return guarded, f"{value} in {collection.collect(em)}"
        value = guarded.take(boxed_one(em, item), sure=item.shape.sure)
        items = em.bind(collect_boxed(em, collection), "some")
        return guarded, f"{em.use(is_member)}({value}, {items}, {em.budget()})"

    def truth(self, em: Emitter, wanted: bool) -> str:
        if self.kind in ("empty", "never"):
            return "False" if wanted or self.item.shape.is_empty else self.item.exists(em)
        guarded, test = self._test(em)
        if not wanted:
            test = f"not {test}"
        return guarded.condition(test) if guarded.conditions else f"({test})"

    def one(self, em: Emitter) -> str:
        if self.item.shape.is_empty:
            return "None"
        if self.kind in ("empty", "never"):
            return f"(False if {self.item.exists(em)} else None)"
        guarded, test = self._test(em)
        return guarded.value(f"({test})")


def _constants(plan: Plan) -> frozenset[str] | None:
    """Return the strings of ``('a' | 'b' | 'c')``."""
    if isinstance(plan, Constants) and plan.shape.category == "String":
        return frozenset(plan.values)
    return frozenset({plan.value}) if isinstance(plan, Constant) and isinstance(plan.value, str) else None


def union(*operands: Plan) -> Plan:
    """Return the plan of ``a | b | c``."""
    kept = [operand for operand in operands if not operand.shape.is_empty]
    if not kept:
        return Nothing()
    if len(kept) == 1:
        return Distinct(kept[0]) if kept[0].shape.many else kept[0]
    constants = [operand for operand in kept if isinstance(operand, Constant)]
    category = constants[0].shape.category if constants else None
    if (
        len(constants) == len(kept)
        and category in _HASHABLE
        and all(one.shape.category == category for one in constants)
    ):
        return Constants(category or "", tuple(dict.fromkeys(one.value for one in constants)))
    return Distinct(Combine(*kept))


def _combine(call: Call, other: Plan) -> Plan:
    if call.source.shape.is_empty:
        return other
    return call.source if other.shape.is_empty else Combine(call.source, other)


FUNCTIONS = (
    Function("union", ("value",), lambda call, other: union(call.source, other)),
    Function("combine", ("value", "value?"), lambda call, other, _order=None: _combine(call, other)),
    Function("distinct", (), lambda call: Distinct(call.source)),
    Function("isDistinct", (), lambda call: IsDistinct(call.source)),
)
