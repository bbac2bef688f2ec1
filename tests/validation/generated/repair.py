"""Makes invariants hold: changes, by chance, a child that the invariant names, until it does."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath import FhirPathError

if TYPE_CHECKING:
    from tests.validation.generated.generator import Generator, Making
    from tests.validation.generated.plan import Plan

_TRIES = 60


def repaired(
    generator: Generator, plan: Plan, made: dict[str, Any], depth: int, making: Making, kept: Collection[str]
) -> dict[str, Any]:
    """Return ``made`` with as many invariants true as chance allows; children in ``kept`` stay as they are."""
    if depth:
        generator.filled(made, plan, depth, making)
    broken = broken_in(plan, made)
    rng = making.rng
    for _ in range(_TRIES if broken else 0):
        named = frozenset().union(*broken)
        slots = [
            slot for slot in plan.slots if slot.name in named and not any(name in kept for name, _ in slot.forms)
        ] or [slot for slot in plan.slots if not any(name in kept for name, _ in slot.forms)]
        if not slots:
            break
        slot = rng.choice(slots)
        changed = dict(made)
        count = max(slot.low, rng.choice((0, 1, 1, slot.low + 1 if slot.high > 1 else 1)))
        generator.fill(changed, slot, min(count, slot.high), depth, making, {})
        if depth:
            generator.filled(changed, plan, depth, making)
        still = broken_in(plan, changed)
        if len(still) <= len(broken):
            made, broken = changed, still
        if not broken:
            break
    making.has_failed = making.has_failed or bool(broken)
    return {name: made[name] for name in _in_order(plan, made)}


def broken_in(plan: Plan, made: Any) -> list[frozenset[str]]:
    """Return the names in each invariant that doesn't hold."""
    found = []
    for holds, names in plan.laws:
        try:
            is_true = holds(made)
        except FhirPathError:
            is_true = False
        if not is_true:
            found.append(names)
    return found


def _in_order(plan: Plan, made: dict[str, Any]) -> list[str]:
    order = plan.expected.order
    return sorted(made, key=lambda name: (order.get(name.removeprefix("_"), -1), name.startswith("_")))
