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

from threading import local
from typing import TYPE_CHECKING, NamedTuple

from fhir_iop.fhirpath.emitter import Emitter, bare
from fhir_iop.fhirpath.runtime.typed import TypedValue, boxed_resource, several, truth_of
from fhir_iop.fhirpath.shape import NOTHING, Shape, system

if TYPE_CHECKING:
    from collections.abc import Callable


class Item(NamedTuple):
    """A local name of the source that holds one item, never None."""

    name: str
    boxed: bool


class _Requirements(local):
    """How often items have been required where this thread builds plans: what was found out before may have changed."""

    number = 0


_requirements = _Requirements()


class Plan:
    """One step of an evaluation; ``parts`` are the plans it builds on."""

    name: str = "value"
    shape: Shape
    parts: tuple[Plan, ...] = ()

    is_constant = False  # made of nothing but what the expression holds

    _boxed: tuple[int, bool] | None = None
    _is_required = False

    @property
    def boxed(self) -> bool:
        """Whether items are :class:`TypedValue`; stable once the whole tree of plans is built."""
        known = self._boxed
        if known is None or known[0] != _requirements.number:
            known = self._boxed = (_requirements.number, self._is_boxed())
        return known[1]

    def _is_boxed(self) -> bool:
        return self.shape.is_mixed

    def require_items(self) -> None:
        """Say that the items of a primitive type are needed with their ``id`` and extensions, value or no value."""
        if not self._is_required:
            self._is_required = True
            _requirements.number += 1
            self._require_items()

    def _require_items(self) -> None:
        """Pass the requirement on to where the items come from."""

    def needs_value_of(self, scope: object) -> bool:
        """Whether the result is empty wherever ``$this`` of the scope has no value, as far as that is plain."""
        return False

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
        """Write a loop over the items, with what ``body`` writes of each."""
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

    def each_value(self, em: Emitter, body: Callable[[str], None]) -> None:
        """Write a loop over the items' JSON values, whatever their types, with what ``body`` writes of each name."""

        def inner(item: Item) -> None:
            if not item.boxed:
                body(item.name)
                return
            value = em.bind(f"{item.name}.value")
            with em.when(f"{value} is not None"):
                body(value)

        self.each(em, inner)

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
        """Return what :meth:`collect` does, with a ``NoValue`` for each raw primitive that has only extensions."""
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

    def type_truth(self, em: Emitter, type_name: str) -> str | None:
        """Return a condition: the only item is of a FHIR type; None as for :meth:`type_test`."""
        test = self.type_test(em, type_name)
        return None if test is None else f"({test} is True)"

    def mapping(self, em: Emitter) -> str:
        """Return an expression of the only item's object, an empty one where there is no item (raw complex types)."""
        return f"({self.one(em)} or {em.thing(NO_OBJECT, 'NONE')})"


NO_OBJECT: dict[str, object] = {}  # never changed


class Listed(Plan):
    """A plan whose items are best made all at once: a subclass implements :meth:`collect`."""

    def collect(self, em: Emitter) -> str:
        raise NotImplementedError

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        em.go_through(self.collect(em), lambda value: body(Item(value, self.boxed)))

    def exists(self, em: Emitter) -> str:
        return f"bool({bare(self.collect(em))})"

    def count(self, em: Emitter) -> str:
        return f"len({bare(self.collect(em))})"


class Constant(Plan):
    """A value that the expression holds. Dates and times are their text; a Quantity is our own tuple."""

    is_constant = True

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


class Made(Listed):
    """Items that a local name holds already."""

    def __init__(self, like: Plan, items: str) -> None:
        self.like = like
        self.shape = like.shape.as_many()
        self._items = items

    def _is_boxed(self) -> bool:
        return self.like.boxed

    def collect(self, em: Emitter) -> str:
        return self._items


def box(em: Emitter, expression: str, plan: Plan) -> str:
    """Return an expression of one of the plan's items as a :class:`TypedValue`."""
    if plan.boxed:
        return expression
    if isinstance(plan, Constant):
        return em.thing(TypedValue(plan.shape.name or "", plan.value), "ITEM_")
    if plan.shape.is_open:
        return f"{em.use(boxed_resource)}({bare(expression)})"
    return f"{em.use(TypedValue)}({em.constant(plan.shape.name or '')}, {bare(expression)})"


def boxed_one(em: Emitter, plan: Plan) -> str:
    """Return an expression of the plan's only item as a :class:`TypedValue`, None where there is none."""
    if plan.boxed or plan.shape.sure:
        return box(em, plan.one(em), plan)
    value = em.bind(plan.one(em))
    return f"({box(em, value, plan)} if {value} is not None else None)"


def collect_boxed(em: Emitter, plan: Plan) -> str:
    """Return an expression of a list of the plan's items as :class:`TypedValue`."""
    if isinstance(plan, Constant):
        return em.thing((TypedValue(plan.shape.name or "", plan.value),), "ITEMS_")
    if plan.shape.sure:
        return f"[{box(em, plan.one(em), plan)}]"
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

    def _is_boxed(self) -> bool:
        return True

    def _require_items(self) -> None:
        self.source.require_items()

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        self.source.each(em, lambda item: body(Item(em.bind(box(em, item.name, self.source)), boxed=True)))

    def each_value(self, em: Emitter, body: Callable[[str], None]) -> None:
        self.source.each_value(em, body)

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

    def _is_boxed(self) -> bool:
        return False

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        self.source.each(em, lambda item: body(Item(em.bind(f"{item.name}.value"), boxed=False)))

    def one(self, em: Emitter) -> str:
        value = em.bind(self.source.one(em))
        return f"{value}.value" if self.shape.sure else f"(None if {value} is None else {value}.value)"

    def exists(self, em: Emitter) -> str:
        return self.source.exists(em)
