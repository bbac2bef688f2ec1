"""What is made once and used again: where loops run around it, and where an expression repeats itself."""

# ruff: noqa: D102  the ways to ask are described once, in plan.py

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.emitter import bare
from fhir_iop.fhirpath.plan import Item, Plan
from fhir_iop.fhirpath.scopes import Bound, Opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.fhirpath.emitter import Emitter
    from fhir_iop.fhirpath.scopes import Scope

UNSET = object()


class Kept(Plan):
    """A plan whose items are kept in a local name from when they are first needed.

    They are kept for the whole evaluation, or for one item of ``scope``. Where nothing would be gained (one use, and no
    loop around it) the plan itself is used.
    """

    def __init__(self, source: Plan, scope: Scope | None = None) -> None:
        self.source = source
        self.scope = scope
        self.parts = (source,)
        self.name = source.name
        self.shape = source.shape
        self.uses = 1

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
        self.source.require_items()

    def _is_kept(self, em: Emitter) -> bool:
        return self.uses > 1 or (self.scope is None and em.is_looping)

    def _items(self, em: Emitter) -> str:
        """Write the items' making where they aren't made yet, and return their local name."""
        slot = None if self.scope is None else self.scope.slot
        kept = em.kept(self, slot, "None")
        with em.when(f"{kept} is None"), em.once() if self.scope is None else em.until(None):
            em.line(f"{kept} = {bare(self.source.collect(em))}")
        if self.scope is None and em.is_looping:
            em.spend(f"len({kept})")
        return kept

    def collect(self, em: Emitter) -> str:
        return self._items(em) if self._is_kept(em) else self.source.collect(em)

    def each(self, em: Emitter, body: Callable[[Item], None]) -> None:
        if not self._is_kept(em):
            self.source.each(em, body)
            return
        value = em.fresh()
        with em.loop(f"for {value} in {self._items(em)}:"):
            body(Item(value, self.boxed))

    def exists(self, em: Emitter) -> str:
        return self._items(em) if self._is_kept(em) else self.source.exists(em)

    def count(self, em: Emitter) -> str:
        return f"len({self._items(em)})" if self._is_kept(em) else self.source.count(em)


class KeptValue(Plan):
    """A single value that stays the same while loops run around it, and takes some making."""

    def __init__(self, source: Plan) -> None:
        self.source = source
        self.parts = (source,)
        self.name = source.name
        self.shape = source.shape

    def _is_boxed(self) -> bool:
        return self.source.boxed

    def _require_items(self) -> None:
        self.source.require_items()

    def one(self, em: Emitter) -> str:
        if not em.is_looping:
            return self.source.one(em)
        unset = em.thing(UNSET, "UNSET")
        kept = em.kept(self, None, unset)
        with em.when(f"{kept} is {unset}"), em.once():
            em.line(f"{kept} = {bare(self.source.one(em))}")
        return kept


def kept_in_loops(plan: Plan) -> Plan:
    """Return the plan of what stands inside a loop: kept, where it is the same in every round and takes some making."""
    if isinstance(plan, (Kept, KeptValue)) or not _is_costly(plan) or not is_closed(plan):
        return plan
    return Kept(plan) if plan.shape.many else KeptValue(plan)


def _is_costly(plan: Plan) -> bool:
    """Whether making a plan's items takes a loop."""
    pending = [plan]
    while pending:
        part = pending.pop()
        if part.shape.many and not part.is_constant:
            return True
        pending += part.parts
    return False


def is_closed(plan: Plan) -> bool:
    """Whether a plan gives the same for every item of the loops around it."""
    inner: set[Scope] = set()
    free: set[Scope] = set()
    pending = [plan]
    while pending:
        part = pending.pop()
        if isinstance(part, Opening):
            inner.update(part.opens)
        if isinstance(part, Bound):
            free.add(part.scope)
        pending += part.parts
    return free <= inner
