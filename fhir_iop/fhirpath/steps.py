"""Paths: from an item to its children, by JSON name where the type is known."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.model import OPEN_TYPES, PRIMITIVES, Child, Model
from fhir_iop.fhirpath.plan import NO_OBJECT, Boxed, Item, Listed, Nothing, Plan, Unboxed
from fhir_iop.fhirpath.runtime.navigation import (
    all_named,
    choice,
    count_primitives,
    named,
    only_primitive,
    primitive,
    primitives,
    raw_primitives,
)
from fhir_iop.fhirpath.runtime.typed import NoValue, several
from fhir_iop.fhirpath.shape import Shape, either
from fhir_iop.fhirpath.suggestion import closest

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter

# A choice is followed alternative by alternative where no more than this many have the child.
_MOST_BRANCHES = 4
# A choice is looked for key by key where there are no more than this many, else in the keys that an object has.
_MOST_KEYS = 12
_ELEMENT = "Element"


class Step(Plan):
    """To a child of items whose type is known; ``child`` may be a choice narrowed to some of its alternatives."""

    def __init__(self, source: Plan, child: Child) -> None:
        self.source = source
        self.parts = (source,)
        self.child = child
        self.name = child.name
        names = frozenset(type_name for _, type_name in child.alternatives)
        self.shape = Shape(names, source.shape.many or child.many, ordered=source.shape.ordered)
        self.needs_items = False

    @property
    def key(self) -> str:
        """The JSON name, where there is one."""
        return self.child.alternatives[0][0]

    def _is_boxed(self) -> bool:
        return self.shape.is_mixed or (self.needs_items and self.shape.is_primitive)

    def _require_items(self) -> None:
        self.needs_items = True

    def narrowed(self, alternatives: tuple[tuple[str, str], ...]) -> Plan:
        """Return the same step to some of a choice's alternatives."""
        return Step(self.source, self.child._replace(alternatives=alternatives)) if alternatives else Nothing()

    # --- one parent -----------------------------------------------------------------------------------------------

    def _from(self, em: Emitter, parent: str, body: Callable[[Item], None], *, strict: bool = False) -> None:
        """Write the loop over the children of one parent object.

        ``strict``: a raw primitive that has only extensions is an item too, and is a ``NoValue``.
        """
        if strict and self._may_lack_value():
            self._strictly_from(em, parent, body)
            return
        if self.child.many:
            value = em.fresh()
            if self.boxed:
                em_source = f"{em.use(primitives)}({parent}, {self.key!r}, {self.shape.name!r})"
            else:
                em_source = f"{parent}.get({self.key!r}, ())"
            with em.loop(f"for {value} in {em_source}:"):
                if self.shape.is_primitive and not self.boxed:
                    with em.when(f"{value} is not None"):
                        body(Item(value, boxed=False))
                else:
                    body(Item(value, self.boxed))
            return
        value = em.bind(self._value(em, parent))
        with em.when(f"{value} is not None"):
            body(Item(value, self.boxed))

    def _may_lack_value(self) -> bool:
        """Whether a raw item may be there without a value."""
        return self.shape.is_primitive and not self.boxed and not self.child.attribute

    def _strictly_from(self, em: Emitter, parent: str, body: Callable[[Item], None]) -> None:
        value = em.fresh()
        if self.child.many:
            with em.loop(f"for {value} in {em.use(raw_primitives)}({parent}, {self.key!r}):"):
                body(Item(value, boxed=False))
            return
        parent = em.bind(parent)
        sibling = "_" + self.key
        em.line(f"{value} = {parent}.get({self.key!r})")
        with em.when(f"{value} is None and {sibling!r} in {parent}"):
            em.line(f"{value} = {em.use(NoValue)}({parent}[{sibling!r}])")
        with em.when(f"{value} is not None"):
            body(Item(value, boxed=False))

    def _value(self, em: Emitter, parent: str) -> str:
        if not self.boxed:
            return f"{parent}.get({self.key!r})"
        if self.shape.is_mixed:
            return f"{em.use(choice)}({parent}, {self._table(em)})"
        return f"{em.use(primitive)}({parent}, {self.key!r}, {self.shape.name!r})"

    def _table(self, em: Emitter) -> str:
        return em.table(dict(self.child.alternatives))

    def _present(self, em: Emitter, parent: str) -> str:
        """Return a condition: the parent object has this child."""
        if self.shape.is_mixed:
            return f"(not {em.constant(self._keys())}.isdisjoint({parent}))"
        key = self.key
        found = f"{parent}.get({key!r})" if self.child.many else f"{key!r} in {parent}"
        if not self.shape.is_primitive or self.child.attribute:
            return found if self.child.many else f"({found})"
        parent = parent if parent.isidentifier() else em.bind(parent)
        if self.child.many:
            return f"({parent}.get({key!r}) or {parent}.get({'_' + key!r}))"
        return f"({key!r} in {parent} or {'_' + key!r} in {parent})"

    def _keys(self) -> frozenset[str]:
        keys = [key for key, _ in self.child.alternatives]
        return frozenset(keys + ["_" + key for key, kind in self.child.alternatives if kind in PRIMITIVES])

    # --- ways to ask ----------------------------------------------------------------------------------------------

    def ask_for_one(self) -> Plan:
        return self

    def each(self, em: Emitter, body: Callable[[Item], None], *, strict: bool = False) -> None:
        if self.source.shape.many:
            self.source.each(em, lambda item: self._from(em, item.name, body, strict=strict))
        else:
            self._from(em, self._parent(em), body, strict=strict)

    def one(self, em: Emitter) -> str:
        if not self.shape.many:
            return self._value(em, self._parent(em))
        if not self._may_lack_value():
            return super().one(em)
        if self.child.many and not self.source.shape.many:
            return f"{em.use(only_primitive)}({self._parent(em)}, {self.key!r})"
        found = em.fresh()
        em.line(f"{found} = None")

        def body(item: Item) -> None:
            with em.when(f"{found} is not None"):
                em.line(f"raise {em.use(several)}({em.constant(self.name)})")
            em.line(f"{found} = {item.name}")

        with em.until(None):
            self.each(em, body, strict=True)
        with em.when(f"type({found}) is {em.use(NoValue)}"):
            em.line(f"{found} = None")
        return found

    def collect_all(self, em: Emitter) -> str:
        if not self._may_lack_value():
            return self.collect(em)
        items = em.fresh("items")
        em.line(f"{items} = []")
        with em.until(None):
            self.each(em, lambda item: em.line(f"{items}.append({item.name})"), strict=True)
        return items

    def each_value(self, em: Emitter, body: Callable[[str], None]) -> None:
        if not self.shape.is_mixed or self.child.many or len(self.child.alternatives) > _MOST_KEYS:
            super().each_value(em, body)
        elif self.source.shape.many:
            self.source.each(em, lambda item: self._values_from(em, item.name, body))
        else:
            self._values_from(em, self._parent(em), body)

    def _values_from(self, em: Emitter, parent: str, body: Callable[[str], None]) -> None:
        """Write the look for a choice's alternatives one after the other: only one of them is there."""
        parent, value = em.bind(parent), em.fresh()
        first, *rest = (key for key, _ in self.child.alternatives)
        em.line(f"{value} = {parent}.get({first!r})")
        for key in rest:
            with em.when(f"{value} is None"):
                em.line(f"{value} = {parent}.get({key!r})")
        with em.when(f"{value} is not None"):
            body(value)

    def exists(self, em: Emitter) -> str:
        if not self.source.shape.many:
            return self._present(em, self._parent(em))
        found = em.fresh("found")
        em.line(f"{found} = False")

        def body(item: Item) -> None:
            with em.when(self._present(em, item.name)):
                em.stop()

        with em.until(found):
            self.source.each(em, body)
        return found

    def count(self, em: Emitter) -> str:
        if not self.child.many:
            return super().count(em)
        if not self.source.shape.many:
            return self._number(em, self._parent(em))
        number = em.fresh("n")
        em.line(f"{number} = 0")
        with em.until(None):
            self.source.each(em, lambda item: em.line(f"{number} += {self._number(em, item.name)}"))
        return number

    def _number(self, em: Emitter, parent: str) -> str:
        if self.shape.is_primitive:
            return f"{em.use(count_primitives)}({parent}, {self.key!r})"
        return f"len({parent}.get({self.key!r}, ()))"

    def collect(self, em: Emitter) -> str:
        if self.source.shape.many or not self.child.many or (self.shape.is_primitive and not self.boxed):
            return super().collect(em)
        parent = self._parent(em)
        if self.boxed:
            return f"{em.use(primitives)}({parent}, {self.key!r}, {self.shape.name!r})"
        return f"{parent}.get({self.key!r}, ())"

    def mapping(self, em: Emitter) -> str:
        if self.shape.many:
            return super().mapping(em)
        return f"{self._parent(em)}.get({self.key!r}, {em.thing(NO_OBJECT, 'NONE')})"

    def _parent(self, em: Emitter) -> str:
        return self.source.mapping(em)


class Sibling(Plan):
    """A primitive element's own object (``_birthDate``), which holds its ``id`` and extensions."""

    def __init__(self, step: Step) -> None:
        self.step = step
        self.parts = step.parts
        self.shape = Shape(frozenset({_ELEMENT}), step.shape.many)

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        if self.step.source.shape.many:
            self.step.source.each(em, lambda item: self._from(em, item.name, body))
        else:
            self._from(em, self.step.source.mapping(em), body)

    def _from(self, em: Emitter, parent: str, body: Callable[[Item], None]) -> None:
        value = em.fresh()
        key = "_" + self.step.key
        if self.step.child.many:
            with em.loop(f"for {value} in {parent}.get({key!r}, ()):"), em.when(f"{value} is not None"):
                body(Item(value, boxed=False))
        else:
            em.line(f"{value} = {parent}.get({key!r})")
            with em.when(f"{value} is not None"):
                body(Item(value, boxed=False))

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        return f"{self.step.source.mapping(em)}.get({'_' + self.step.key!r})"

    def mapping(self, em: Emitter) -> str:
        if self.shape.many:
            return super().mapping(em)
        return f"{self.step.source.mapping(em)}.get({'_' + self.step.key!r}, {em.thing(NO_OBJECT, 'NONE')})"


class DynamicStep(Listed):
    """To the children of items whose type shows at run time."""

    def __init__(self, source: Plan, name: str, names: frozenset[str] | None, model: Model) -> None:
        self.source = source if source.boxed else Boxed(source)
        self.parts = (source,)
        self.name = name
        self.model = model
        self.shape = Shape(names, many=True, ordered=source.shape.ordered)

    def _is_boxed(self) -> bool:
        return True

    def collect(self, em: Emitter) -> str:
        children = em.thing(self.model.named(self.name), "CHILDREN_")
        if self.source.shape.many:
            return f"{em.use(all_named)}({bare(self.source.collect(em))}, {children})"
        return f"{em.use(named)}({bare(self.source.one(em))}, {children})"


class Either(Plan):
    """Several ways of which data takes one: the alternatives of a choice, each followed by its own path."""

    def __init__(self, ways: list[Plan]) -> None:
        self.ways = ways
        self.parts = tuple(ways)
        self.name = ways[0].name
        self.shape = Shape(
            either(*(way.shape for way in ways)),
            any(way.shape.many for way in ways),
            ordered=all(way.shape.ordered for way in ways),
        )
        self.require_items_if_mixed()

    def _is_boxed(self) -> bool:
        return self.shape.is_mixed or any(way.boxed for way in self.ways)

    def _require_items(self) -> None:
        for way in self.ways:
            way.require_items()

    def _ways(self) -> list[Plan]:
        return [Boxed(way) for way in self.ways] if self.boxed else self.ways

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        items = em.fresh("items")
        em.line(f"{items} = []")
        with em.until(None):
            for way in self._ways():
                way.each(em, lambda item: em.line(f"{items}.append({item.name})"))
        em.go_through(items, lambda value: body(Item(value, self.boxed)))

    def each_value(self, em: Emitter, body: Callable[[str], None]) -> None:
        items = em.fresh("items")
        em.line(f"{items} = []")
        for way in self.ways:
            way.each_value(em, lambda found: em.line(f"{items}.append({found})"))
        em.go_through(items, body)

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        value = em.fresh()
        first, *rest = self._ways()
        em.line(f"{value} = {first.one(em)}")
        for way in rest:
            with em.when(f"{value} is None"):
                em.line(f"{value} = {way.one(em)}")
        return value

    def exists(self, em: Emitter) -> str:
        found = [way.exists(em) for way in self.ways]
        return f"({' or '.join(found)})"


def member(source: Plan, name: str, model: Model) -> Plan:
    """Return the plan of ``source.name``.

    Raises FhirPathError (rule ``fhirpath-element``, without a position) where no type that the source may have has such
    a child.
    """
    shape = source.shape
    if shape.is_empty:
        return Nothing()
    if shape.names is None:
        return DynamicStep(source, name, None, model)
    if (
        isinstance(source, Either)
        and len(source.ways) <= _MOST_BRANCHES
        and (branches := _branches(source.ways, name, model)) is not None
    ):
        return branches
    if shape.is_mixed:
        if _is_plain(source) and len(with_child := _with_child(source, name, model)) <= _MOST_BRANCHES:
            ways = [source.narrowed((alternative,)) for alternative in with_child]
            if ways and (branches := _branches(ways, name, model)) is not None:
                return branches
        if shape.names & OPEN_TYPES:
            return DynamicStep(source, name, None, model)
        found = [child for kind in shape.names if (child := model.child(kind, name)) is not None]
        if not found:
            raise unknown(shape, name, model)
        return DynamicStep(source, name, frozenset(kind for child in found for _, kind in child.alternatives), model)
    return _of_one_type(source, name, model)


def _of_one_type(source: Plan, name: str, model: Model) -> Plan:
    type_name = source.shape.name or ""
    child = model.child(type_name, name)
    if child is None and source.shape.is_open:
        child = model.child("DomainResource", name)
        if child is None and any(model.child(kind, name) for kind in model.definitions.resource_types):
            return DynamicStep(source, name, None, model)
    if child is None:
        raise unknown(source.shape, name, model)
    if source.boxed and not source.shape.is_primitive:
        source = Unboxed(source)
    if source.shape.is_primitive:
        if isinstance(source, Step):
            return Step(Sibling(source), child)
        source.require_items()
        return DynamicStep(source, name, frozenset(kind for _, kind in child.alternatives), model)
    return Step(source, child)


def _is_plain(plan: Plan) -> TypeGuard[Step]:
    """Whether a plan is steps only, which may be written again for each branch."""
    if not isinstance(plan, Step):
        return False
    source: Plan = plan
    while isinstance(source, Step):
        source = source.source
    return not source.parts


def _with_child(step: Step, name: str, model: Model) -> list[tuple[str, str]]:
    return [alternative for alternative in step.child.alternatives if model.child(alternative[1], name) is not None]


def _branches(ways: list[Plan], name: str, model: Model) -> Plan | None:
    """Follow each way that has the child; None where none has, so that the caller tells the error."""
    found: list[Plan] = []
    for way in ways:
        kinds = way.shape.names
        if kinds is None or any(model.child(kind, name) is not None for kind in kinds):
            found.append(member(way, name, model))
    if not found:
        return None
    return found[0] if len(found) == 1 else Either(found)


def unknown(shape: Shape, name: str, model: Model) -> FhirPathError:
    """Return the error of a child that no type of ``shape`` has, with the name that was probably meant."""
    known = {child for kind in shape.names or () for child in model.children(kind)}
    return FhirPathError(
        "fhirpath-element",
        type=shape.described(),
        name=name,
        suggestion=closest(name, known) or _json_name(shape, name, model),
    )


def _json_name(shape: Shape, name: str, model: Model) -> str | None:
    """Recognize ``valueQuantity``, the JSON name of a choice that FHIRPath calls ``value``."""
    for kind in shape.names or ():
        for child in model.children(kind).values():
            for key, type_name in child.alternatives:
                if key == name:
                    return f"{child.name}.ofType({type_name})"
    return None
