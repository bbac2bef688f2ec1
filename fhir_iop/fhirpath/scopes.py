"""Where ``$this``, ``$index`` and ``$total`` have a meaning, and the plans that stand for them."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from fhir_iop.fhirpath.plan import Item, Listed, Plan
from fhir_iop.fhirpath.shape import Shape, system

if TYPE_CHECKING:
    from fhir_iop.fhirpath.emitter import Emitter, Slot


class Scope:
    """Where ``$this`` (and perhaps ``$index``, ``$total``) have a meaning: the arguments of one function, or the whole.

    The function that opens a scope sets :attr:`item` (and the others) while it writes the code of its argument.
    """

    def __init__(self, shape: Shape, source: Plan | None = None) -> None:
        self.shape = shape
        self.source = source
        self.item: Item | None = None
        self.slot: Slot | None = None  # where what is kept for one item starts out
        self.index: str | None = None
        self.total: Item | None = None
        self.total_shape: Shape | None = None  # where what `$total` holds is known to stay of one type
        self.uses_index = False
        self.always_boxed = False

    def enter(self, em: Emitter, item: Item) -> None:
        """Say which local name holds ``$this`` from here on."""
        self.item = item
        self.slot = em.slot()

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

    def _is_boxed(self) -> bool:
        scope = self.scope
        if scope.always_boxed or scope.source is None:
            return scope.always_boxed or self.shape.is_mixed or (self.needs_items and self.shape.is_primitive)
        return scope.source.boxed

    def needs_value_of(self, scope: object) -> bool:
        return scope is self.scope

    def _require_items(self) -> None:
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

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
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


class RunningTotal(Bound):
    """``$total`` of a scope where it is one value of one type at most."""

    name = "$total"

    def __init__(self, scope: Scope, shape: Shape) -> None:
        self.scope = scope
        self.shape = shape

    def one(self, em: Emitter) -> str:
        return self.scope.held_total.name


class Total(Bound, Listed):
    """``$total`` of a scope: what ``aggregate`` has so far."""

    name = "$total"
    shape = Shape(None, many=True)

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def collect(self, em: Emitter) -> str:
        return self.scope.held_total.name
