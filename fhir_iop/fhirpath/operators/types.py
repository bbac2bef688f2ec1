"""``is``, ``as``, ``ofType()``, ``type()``: asking for a type, narrowing to it (https://hl7.org/fhirpath/N1/#types)."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.kept import Kept
from fhir_iop.fhirpath.model import PRIMITIVES, QUANTITIES, SYSTEM_TYPES, Model
from fhir_iop.fhirpath.plan import Boxed, Item, Listed, Nothing, Plan
from fhir_iop.fhirpath.runtime.types import has_type, is_type, resource_is, type_info
from fhir_iop.fhirpath.shape import Shape, system
from fhir_iop.fhirpath.steps import Either, Step
from fhir_iop.fhirpath.suggestion import closest

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter


@dataclass(frozen=True, slots=True)
class TypeName:
    """A type as an expression names it: its FHIR name, its System name, or both where it isn't qualified.

    ``exact`` is set where a subtype doesn't count: ``ofType`` and ``as`` take a code for no string, ``is`` does.
    """

    fhir: str | None
    system: str | None
    exact: bool = False

    def accepts(self, type_name: str, model: Model) -> bool:
        """Whether items of a (closed) type are of this type."""
        if type_name.startswith("System."):
            return type_name == self.system
        if self.fhir is None:
            return False
        if self.exact and type_name in PRIMITIVES:
            return type_name == self.fhir
        return model.is_a(type_name, self.fhir)

    def names(self) -> frozenset[str] | None:
        """Return the types that an accepted item may have; None where there are too many to name."""
        found = {name for name in (self.fhir, self.system) if name is not None}
        if self.fhir == "Quantity":
            found |= QUANTITIES - {"SimpleQuantity", "MoneyQuantity"}
        elif (self.fhir is not None and self.fhir in ("Element", "BackboneElement", "Resource", "DomainResource")) or (
            self.fhir in PRIMITIVES and not self.exact
        ):
            return None
        return frozenset(found)


def type_name(parts: tuple[str, ...], model: Model, *, exact: bool) -> TypeName:
    """Find the type that a qualified or bare name means. Raises FhirPathError (``fhirpath-type-name``) for none.

    System types that don't exist are types that nothing has; bare names mean the FHIR type and the System type.
    """
    name = parts[-1]
    if len(parts) == 2 and parts[0] == "System":
        return TypeName(None, f"System.{name}", exact)
    fhir = name if len(parts) <= 2 and parts[0] in ("FHIR", name) and "." not in name and model.exists(name) else None
    own = f"System.{name}" if len(parts) == 1 and name in SYSTEM_TYPES else None
    if fhir is None and own is None:
        known = {*PRIMITIVES, *SYSTEM_TYPES, *model.definitions.resource_types}
        raise FhirPathError("fhirpath-type-name", name=".".join(parts), suggestion=closest(name, known))
    return TypeName(fhir, own, exact)


class OfType(Plan):
    """Those items that are of a type, where that shows at run time."""

    name = "ofType"

    def __init__(self, source: Plan, wanted: TypeName, model: Model) -> None:
        self.source = source
        self.parts = (source,)
        self.wanted = wanted
        self.model = model
        self.shape = Shape(wanted.names(), source.shape.many, ordered=source.shape.ordered)

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
        self.source.require_items()

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        def inner(item: Item) -> None:
            with em.when(_test(em, item.name, self.source, self.wanted, self.model)):
                body(item)

        self.source.each(em, inner)

    def collect(self, em: Emitter) -> str:
        if not self.shape.many or not isinstance(self.source, (Listed, Kept)):
            return super().collect(em)
        source = em.iterable(self.source.collect(em))
        return f"[v for v in {source} if {_test(em, 'v', self.source, self.wanted, self.model)}]"

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        value = em.bind(self.source.one(em))
        condition = _test(em, value, self.source, self.wanted, self.model)
        there = "" if self.source.shape.sure else f"{value} is not None and "
        return f"({value} if {there}{condition} else None)"


def of_type(source: Plan, wanted: TypeName, model: Model) -> Plan:
    """Return those items of ``source`` that are of the type, decided before there is data wherever that can be."""
    shape = source.shape
    if isinstance(source, Either):
        ways = [way for way in (of_type(way, wanted, model) for way in source.ways) if not way.shape.is_empty]
        return Either(ways) if len(ways) > 1 else ways[0] if ways else Nothing()
    if isinstance(source, Step) and shape.is_mixed:
        return source.narrowed(
            tuple(alternative for alternative in source.child.alternatives if wanted.accepts(alternative[1], model))
        )
    if shape.names is None:
        return OfType(source, wanted, model)
    if shape.is_open:
        if wanted.fhir is None or not model.is_resource(wanted.fhir):
            return Nothing()
        return source if model.is_a(shape.name or "", wanted.fhir) else OfType(source, wanted, model)
    accepted = [name for name in shape.names if wanted.accepts(name, model)]
    if not accepted:
        return Nothing()
    return source if len(accepted) == len(shape.names) else OfType(source, wanted, model)


def is_open(plan: Plan) -> bool:
    """Whether the types of a plan's items are open: a choice, a resource of any type, or any item at all."""
    return plan.shape.is_mixed or plan.shape.is_open


class IsType(Plan):
    """``source is type``: empty where there is no item, an error where there are several."""

    name = "is"

    def __init__(self, source: Plan, wanted: TypeName, model: Model) -> None:
        if source.shape.many:
            source.require_items()
        self.source = source
        self.parts = (source,)
        self.wanted = wanted
        self.model = model
        self.shape = system("Boolean", sure=source.shape.sure)

    def _static(self) -> bool | None:
        """Return the answer where it holds for every item, None where it depends on the item."""
        shape = self.source.shape
        if shape.names is None:
            return None
        if shape.is_open:
            return None if self.wanted.fhir and self.model.is_resource(self.wanted.fhir) else False
        answers = {self.wanted.accepts(name, self.model) for name in shape.names}
        return answers.pop() if len(answers) == 1 else None

    def truth(self, em: Emitter, wanted: bool) -> str:
        static = self._static()
        source = self.source
        if source.shape.many:
            return f"({self.one(em)} is {wanted})"
        if static is None and wanted and (test := source.type_truth(em, self.wanted.fhir or "")) is not None:
            return test
        if static is None and (test := source.type_test(em, self.wanted.fhir or "")) is not None:
            return f"({test} is {wanted})"
        if static is not None:
            return source.exists(em) if static is wanted else "False"
        if isinstance(source, Step) and source.shape.is_mixed:
            kept = [pair for pair in source.child.alternatives if self.wanted.accepts(pair[1], self.model) is wanted]
            return source.narrowed(tuple(kept)).exists(em)
        value = em.bind(source.one(em))
        condition = _test(em, value, source, self.wanted, self.model)
        there = "" if source.shape.sure else f"{value} is not None and "
        return f"({there}{condition if wanted else f'not {condition}'})"

    def one(self, em: Emitter) -> str:
        static = self._static()
        source = self.source
        if static is not None and not source.shape.many:
            return repr(static) if source.shape.sure else f"({static} if {source.exists(em)} else None)"
        if static is None and (test := source.type_test(em, self.wanted.fhir or "")) is not None:
            return test
        value = em.bind(source.one(em))
        condition = repr(static) if static is not None else _test(em, value, source, self.wanted, self.model)
        return condition if source.shape.sure else f"(None if {value} is None else {condition})"


def _test(em: Emitter, value: str, plan: Plan, wanted: TypeName, model: Model) -> str:
    """Return a condition: the item called ``value`` is of the type."""
    if not plan.boxed:
        if wanted.fhir in model.definitions.resource_types:
            return f"({value}.get('resourceType') == {em.constant(wanted.fhir)})"
        return f"{em.use(resource_is)}({value}, {em.constant(wanted.fhir or '')}, {em.thing(model, 'MODEL')})"
    names = wanted.names()
    if names is not None and (wanted.exact or not any(name in QUANTITIES for name in names)):
        test = " or ".join(f"{value}.type == {em.constant(name)}" for name in sorted(names))
        return f"({test})"
    function = has_type if wanted.exact else is_type
    return f"{em.use(function)}({value}, {wanted.fhir!r}, {wanted.system!r}, {em.thing(model, 'MODEL')})"


class TypeInfo(Plan):
    """``source.type()``: the namespace and name of each item's type."""

    name = "type"

    def __init__(self, source: Plan, model: Model) -> None:
        self.source = Boxed(source)
        self.parts = (source,)
        self.model = model
        self.shape = Shape(frozenset({"System.TypeInfo"}), source.shape.many, source.shape.sure)

    def _is_boxed(self) -> bool:
        return False

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        def inner(item: Item) -> None:
            info = em.bind(f"{em.use(type_info)}({item.name}, {em.thing(self.model, 'MODEL')})")
            body(Item(info, boxed=False))

        self.source.each(em, inner)

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        return f"{em.use(type_info)}({self.source.one(em)}, {em.thing(self.model, 'MODEL')})"
