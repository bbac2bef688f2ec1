"""Whether there are items, and of what kind (https://hl7.org/fhirpath/N1/#existence)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.conditions import as_boolean, negated
from fhir_iop.fhirpath.functions.combining import Combine, Distinct
from fhir_iop.fhirpath.functions.filtering import Where, indexed
from fhir_iop.fhirpath.functions.registry import Call, Function, Lambda
from fhir_iop.fhirpath.operators.equality import kind_of
from fhir_iop.fhirpath.operators.logic import Not, is_never_true_without
from fhir_iop.fhirpath.plan import Item, Nothing, Plan, collect_boxed
from fhir_iop.fhirpath.runtime.collections import contains_all, contains_all_boxed
from fhir_iop.fhirpath.runtime.typed import unboxed
from fhir_iop.fhirpath.scalar import check
from fhir_iop.fhirpath.scopes import Opening
from fhir_iop.fhirpath.shape import system
from fhir_iop.fhirpath.steps import Step

if TYPE_CHECKING:
    from fhir_iop.fhirpath.emitter import Emitter


class Exists(Plan):
    """``source.exists()`` and, with ``wanted`` False, ``source.empty()``."""

    name = "exists"

    def __init__(self, source: Plan, *, wanted: bool) -> None:
        if source.shape.is_primitive and not _tells_existence(source):
            source.require_items()
        self.source = source
        self.parts = (source,)
        self.wanted = wanted
        self.shape = system("Boolean", sure=True)

    def one(self, em: Emitter) -> str:
        return as_boolean(self.truth(em, wanted=True))

    def truth(self, em: Emitter, wanted: bool) -> str:
        found = self.source.exists(em)
        if found in ("True", "False"):
            return repr((found == "True") is (wanted is self.wanted))
        return found if wanted is self.wanted else negated(found)


def _tells_existence(source: Plan) -> bool:
    """Whether a raw primitive plan knows of items without a value, or can't give any."""
    if isinstance(source, Where):
        return is_never_true_without(source.criteria, source.scope)
    return isinstance(source, (Step, Combine, Distinct))


class All(Opening):
    """``source.all(criteria)``: no item for which the criteria isn't true."""

    name = "all"

    def __init__(self, source: Plan, criteria: Lambda) -> None:
        source.require_items()
        self.source = source
        self.scope, self.criteria, _ = criteria
        self.opens = (self.scope,)
        self.parts = (source, self.criteria)
        self.shape = system("Boolean", sure=True)

    def one(self, em: Emitter) -> str:
        holds = em.fresh("holds")
        em.line(f"{holds} = True")

        def body(_: Item) -> None:
            with em.until(None):
                condition = self.criteria.truth(em, wanted=True)
            with em.when(f"not {condition}"):
                em.stop()

        with em.until(holds, value=False):
            indexed(em, self.opens, self.source, body)
        return holds


class AllOf(Plan):
    """``allTrue()`` and its kin: items must be Booleans."""

    def __init__(self, name: str, source: Plan, value: bool, *, every: bool) -> None:
        self.name = name
        self.source = check(source, "Boolean", name)
        self.parts = (source,)
        self.value, self.every = value, every
        self.shape = system("Boolean", sure=True)

    def one(self, em: Emitter) -> str:
        items = self.source.collect(em)
        if self.source.boxed:
            items = f"[{em.use(unboxed)}(v, 'Boolean', {self.name!r}) for v in {em.iterable(items)}]"
        if self.every:
            return f"({not self.value} not in {items})"
        return f"({self.value} in {items})"


class Subset(Plan):
    """``part.subsetOf(whole)``: each item of ``part`` is equal to one of ``whole``."""

    def __init__(self, name: str, part: Plan, whole: Plan) -> None:
        self.name = name
        self.part, self.whole = part, whole
        self.parts = (part, whole)
        self.is_plain = kind_of(part.shape, whole.shape) == "plain"
        if not (self.is_plain and isinstance(part, Step)):
            part.require_items()
        self.shape = system("Boolean", sure=True)

    def one(self, em: Emitter) -> str:
        if self.is_plain and not self.part.boxed and not self.whole.boxed:
            part, whole = self.part.collect_all(em), self.whole.collect(em)
            return f"{em.use(contains_all)}({part}, {whole}, {em.budget()})"
        part, whole = collect_boxed(em, self.part), collect_boxed(em, self.whole)
        return f"{em.use(contains_all_boxed)}({part}, {whole}, {em.budget()})"


class Count(Plan):
    """``source.count()``."""

    name = "count"

    def __init__(self, source: Plan) -> None:
        if not (isinstance(source, Distinct) and source.source.shape.is_primitive):
            source.require_items()
        self.source = source
        self.parts = (source,)
        self.shape = system("Integer", sure=True)

    def one(self, em: Emitter) -> str:
        return self.source.count(em)


def _exists(call: Call, criteria: Lambda | None = None) -> Plan:
    source = call.source if criteria is None else Where(call.source, criteria)
    return Exists(source, wanted=True)


def _not(call: Call) -> Plan:
    return Nothing() if call.source.shape.is_empty else Not(call.source)


FUNCTIONS = (
    Function("not", (), _not),
    Function("exists", ("each?",), _exists),
    Function("empty", (), lambda call: Exists(call.source, wanted=False)),
    Function("all", ("each",), lambda call, criteria: All(call.source, criteria)),
    Function("allTrue", (), lambda call: AllOf(call.name, call.source, True, every=True)),
    Function("anyTrue", (), lambda call: AllOf(call.name, call.source, True, every=False)),
    Function("allFalse", (), lambda call: AllOf(call.name, call.source, False, every=True)),
    Function("anyFalse", (), lambda call: AllOf(call.name, call.source, False, every=False)),
    Function("subsetOf", ("value",), lambda call, other: Subset(call.name, call.source, other)),
    Function("supersetOf", ("value",), lambda call, other: Subset(call.name, other, call.source)),
    Function("count", (), lambda call: Count(call.source)),
)
