"""What an expression does, typed: a tree of plans, each of which can write the Python that does it.

A plan's items are *raw* where their one type is known (a JSON value: dict, str, int, Decimal, bool) and *boxed*
(:class:`TypedValue`) where the type shows at run time or where a primitive's ``id`` and extensions are needed.
There are several ways to ask for the same thing, so that each use gets the shortest code: loop over the items
(:meth:`Plan.each`), the only item (:meth:`Plan.one`), whether there is any (:meth:`Plan.exists`), whether it is exactly
true or false (:meth:`Plan.truth`), how many (:meth:`Plan.count`), all as a list (:meth:`Plan.collect`). A plan
implements at least ``one`` or ``each``; the rest follows.
"""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from fhir_iop.fhirpath.emitter import Emitter, bare
from fhir_iop.fhirpath.runtime.typed import TypedValue, boxed_resource, several, truth_of
from fhir_iop.fhirpath.shape import NOTHING, Shape, system

if TYPE_CHECKING:
    from collections.abc import Callable


class Item(NamedTuple):
    """A local name of the source that holds one item, never None."""

    name: str
    boxed: bool


Body = "Callable[[Item], None]"


class Plan:
    """One step of an evaluation; ``parts`` are the plans it builds on."""

    name: str = "value"
    shape: Shape
    parts: tuple[Plan, ...] = ()

    @property
    def boxed(self) -> bool:
        """Whether items are :class:`TypedValue`; stable once the whole tree of plans is built."""
        return self.shape.is_mixed

    def require_items(self) -> None:
        """Say that the items of a primitive type are needed with their ``id`` and extensions, value or no value."""

    def ask_for_one(self) -> Plan:
        """Say that the only item will be asked for, and return the plan.

        Items without a value count too: two items are an error though one of them says nothing.
        """
        if self.shape.many and self.shape.is_primitive:
            self.require_items()
        return self

    def require_items_if_mixed(self) -> None:
        """Require the items where they are boxed anyway, for then they cost nothing."""
        if self.shape.is_mixed:
            self.require_items()

    # --- ways to ask ----------------------------------------------------------------------------------------------

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        """Write a loop over the items, with what ``body`` writes inside."""
        value = em.bind(self.one(em))
        if self.shape.sure:
            body(Item(value, self.boxed))
        else:
            with em.when(f"{value} is not None"):
                body(Item(value, self.boxed))

    def one(self, em: Emitter) -> str:
        """Return an expression of the only item, None where there is none; several are an error at run time."""
        found = em.fresh()
        em.line(f"{found} = None")

        def body(item: Item) -> None:
            with em.when(f"{found} is not None"):
                em.line(f"raise {em.use(several)}({em.constant(self.name)})")
            em.line(f"{found} = {item.name}")

        with em.until(None):
            self.each(em, body)
        return found

    def exists(self, em: Emitter) -> str:
        """Return a condition: there is at least one item."""
        if self.shape.sure:
            return "True"
        if not self.shape.many:
            return f"({self.one(em)} is not None)"
        found = em.fresh("found")
        em.line(f"{found} = False")
        with em.until(found):
            self.each(em, lambda _: em.stop())
        return found

    def count(self, em: Emitter) -> str:
        """Return an expression of the number of items."""
        if self.shape.sure:
            return "1"
        if not self.shape.many:
            return f"(1 if {bare(self.exists(em))} else 0)"
        number = em.fresh("n")
        em.line(f"{number} = 0")
        with em.until(None):
            self.each(em, lambda _: em.line(f"{number} += 1"))
        return number

    def collect(self, em: Emitter) -> str:
        """Return an expression of a list (or tuple) of the items, not to be changed."""
        if self.shape.sure:
            return f"[{bare(self.one(em))}]"
        items = em.fresh("items")
        em.line(f"{items} = []")
        with em.until(None):
            self.each(em, lambda item: em.line(f"{items}.append({item.name})"))
        return items

    def collect_all(self, em: Emitter) -> str:
        """Return what :meth:`collect` does, with ``NO_VALUE`` for each raw primitive that has only extensions."""
        return self.collect(em)

    def truth(self, em: Emitter, wanted: bool) -> str:
        """Return a condition: the only item is exactly ``wanted`` (empty is neither true nor false).

        A single item of another type than Boolean counts as true (https://hl7.org/fhirpath/N1/#singleton-evaluation).
        """
        if self.boxed:
            return f"({em.use(truth_of)}({bare(self.one(em))}) is {wanted})"
        if self.shape.category == "Boolean":
            value = self.one(em)
            if not self.shape.sure:
                return f"({value} is {wanted})"
            return value if wanted else f"(not {value})"
        if self.shape.many:
            value = self.one(em)
            return f"({value} is not None)" if wanted else "False"
        return self.exists(em) if wanted else "False"

    def type_test(self, em: Emitter, type_name: str) -> str | None:
        """Return an expression that is True, False or None as the only item is of a FHIR type or not.

        None where this plan knows no other way to find out than to make the item.
        """
        return None

    def mapping(self, em: Emitter) -> str:
        """Return an expression of the only item's object, an empty one where there is no item (raw complex types)."""
        return f"({self.one(em)} or {em.thing(NO_OBJECT, 'NONE')})"


NO_OBJECT: dict[str, object] = {}  # never changed


class Listed(Plan):
    """A plan whose items are best made all at once: a subclass implements :meth:`collect`."""

    def collect(self, em: Emitter) -> str:
        raise NotImplementedError

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        value = em.fresh()
        with em.loop(f"for {value} in {bare(self.collect(em))}:"):
            body(Item(value, self.boxed))

    def exists(self, em: Emitter) -> str:
        return f"bool({bare(self.collect(em))})"

    def count(self, em: Emitter) -> str:
        return f"len({bare(self.collect(em))})"


class Constant(Plan):
    """A value that the expression holds. Dates and times are their text; a Quantity is our own tuple."""

    def __init__(self, type_name: str, value: object) -> None:
        self.shape = system(type_name, sure=True)
        self.value = value

    def one(self, em: Emitter) -> str:
        if isinstance(self.value, (str, int, bool)):
            return em.constant(self.value)
        return em.thing(self.value, "K_")


class Nothing(Plan):
    """The empty collection."""

    shape = NOTHING

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        pass

    def one(self, em: Emitter) -> str:
        return "None"

    def exists(self, em: Emitter) -> str:
        return "False"

    def count(self, em: Emitter) -> str:
        return "0"

    def collect(self, em: Emitter) -> str:
        return "()"

    def truth(self, em: Emitter, wanted: bool) -> str:
        return "False"


class Scope:
    """Where ``$this`` (and perhaps ``$index``, ``$total``) have a meaning: the arguments of one function, or the whole.

    The function that opens a scope sets :attr:`item` (and the others) while it writes the code of its argument.
    """

    def __init__(self, shape: Shape, source: Plan | None = None) -> None:
        self.shape = shape
        self.source = source
        self.item: Item | None = None
        self.index: str | None = None
        self.total: Item | None = None
        self.uses_index = False
        self.always_boxed = False

    def enter(self, item: Item) -> None:
        """Say which local name holds ``$this`` from here on."""
        self.item = item

    @property
    def held_item(self) -> Item:
        """What holds ``$this`` where code is being written; likewise the next two."""
        return _held(self.item)

    @property
    def held_index(self) -> str:
        """What holds ``$index``."""
        return _held(self.index)

    @property
    def held_total(self) -> Item:
        """What holds ``$total``."""
        return _held(self.total)


T = TypeVar("T")


def _held(name: T | None) -> T:
    if name is None:
        raise RuntimeError("a scope is asked for its item before it is entered")
    return name


class Bound(Plan):
    """A plan that stands for something of a scope."""

    scope: Scope


class Opening(Plan):
    """A plan that opens scopes for its arguments."""

    opens: tuple[Scope, ...] = ()


class This(Bound):
    """The item of a scope: ``$this``, or the implicit start of a path."""

    name = "$this"

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.shape = scope.shape
        self.needs_items = False

    @property
    def boxed(self) -> bool:
        scope = self.scope
        if scope.always_boxed or scope.source is None:
            return scope.always_boxed or self.shape.is_mixed or (self.needs_items and self.shape.is_primitive)
        return scope.source.boxed

    def require_items(self) -> None:
        self.needs_items = True
        if self.scope.source is not None:
            self.scope.source.require_items()

    def one(self, em: Emitter) -> str:
        return self.scope.held_item.name

    def mapping(self, em: Emitter) -> str:
        return self.one(em) if self.shape.sure else super().mapping(em)


class Whole(Bound, Listed):
    """The items of a scope that is entered once, with a whole collection: its item is a local name of a list."""

    name = "$this"

    def __init__(self, scope: Scope, source: Plan) -> None:
        self.scope = scope
        self.source = source
        self.shape = source.shape

    @property
    def boxed(self) -> bool:
        return self.source.boxed

    def require_items(self) -> None:
        self.source.require_items()

    def collect(self, em: Emitter) -> str:
        return self.scope.held_item.name

    def one(self, em: Emitter) -> str:
        if self.shape.many:
            return super().one(em)
        items = self.collect(em)
        return f"({items}[0] if {items} else None)"


class Index(Bound):
    """``$index`` of a scope."""

    name = "$index"

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        scope.uses_index = True
        self.shape = system("Integer", sure=True)

    def one(self, em: Emitter) -> str:
        return self.scope.held_index


class Total(Bound, Listed):
    """``$total`` of a scope: what ``aggregate`` has so far."""

    name = "$total"
    shape = Shape(None, many=True)

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def collect(self, em: Emitter) -> str:
        return self.scope.held_total.name


def box(em: Emitter, expression: str, plan: Plan) -> str:
    """Return an expression of one of the plan's items as a :class:`TypedValue`."""
    if plan.boxed:
        return expression
    if plan.shape.is_open:
        return f"{em.use(boxed_resource)}({bare(expression)})"
    return f"{em.use(TypedValue)}({em.constant(plan.shape.name or '')}, {bare(expression)})"


def collect_boxed(em: Emitter, plan: Plan) -> str:
    """Return an expression of a list of the plan's items as :class:`TypedValue`."""
    items = plan.collect(em)
    if plan.boxed or items == "()":
        return items
    return f"[{box(em, 'v', plan)} for v in {em.iterable(items)}]"


class Boxed(Plan):
    """The same items, each with its type."""

    def __init__(self, source: Plan) -> None:
        self.source = source
        self.parts = (source,)
        self.shape = source.shape

    @property
    def boxed(self) -> bool:
        return True

    def require_items(self) -> None:
        self.source.require_items()

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        self.source.each(em, lambda item: body(Item(em.bind(box(em, item.name, self.source)), boxed=True)))

    def one(self, em: Emitter) -> str:
        if self.source.boxed:
            return self.source.one(em)
        value = em.bind(self.source.one(em))
        boxed = box(em, value, self.source)
        return boxed if self.source.shape.sure else f"({boxed} if {value} is not None else None)"

    def exists(self, em: Emitter) -> str:
        return self.source.exists(em)

    def count(self, em: Emitter) -> str:
        return self.source.count(em)


class Unboxed(Plan):
    """The objects of items of one complex type, whatever subtype they say they are."""

    def __init__(self, source: Plan) -> None:
        self.source = source
        self.parts = (source,)
        self.shape = source.shape

    @property
    def boxed(self) -> bool:
        return False

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        self.source.each(em, lambda item: body(Item(em.bind(f"{item.name}.value"), boxed=False)))

    def one(self, em: Emitter) -> str:
        value = em.bind(self.source.one(em))
        return f"{value}.value" if self.shape.sure else f"(None if {value} is None else {value}.value)"

    def exists(self, em: Emitter) -> str:
        return self.source.exists(em)


class Memo(Plan):
    """A collection that stays the same while loops run: made once, when it is first needed."""

    def __init__(self, source: Plan) -> None:
        self.source = source
        self.parts = (source,)
        self.shape = source.shape

    @property
    def boxed(self) -> bool:
        return self.source.boxed

    def require_items(self) -> None:
        self.source.require_items()

    def collect(self, em: Emitter) -> str:
        if not em.is_looping:
            return self.source.collect(em)
        kept = em.kept(self)
        with em.when(f"{kept} is None"), em.until(None):
            em.line(f"{kept} = {bare(self.source.collect(em))}")
        em.line(f"{em.budget()}.spend(len({kept}))")
        return kept

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        if not em.is_looping:
            self.source.each(em, body)
            return
        value = em.fresh()
        with em.loop(f"for {value} in {self.collect(em)}:"):
            body(Item(value, self.boxed))

    def exists(self, em: Emitter) -> str:
        return f"bool({self.collect(em)})" if em.is_looping else self.source.exists(em)

    def count(self, em: Emitter) -> str:
        return f"len({self.collect(em)})" if em.is_looping else self.source.count(em)


def is_closed(plan: Plan) -> bool:
    """Whether a plan gives the same for every item of the loops around it."""
    inner: set[Scope] = set()
    pending, free = [plan], set()
    while pending:
        part = pending.pop()
        if isinstance(part, Opening):
            inner.update(part.opens)
        if isinstance(part, Bound):
            free.add(part.scope)
        pending += part.parts
    return free <= inner
