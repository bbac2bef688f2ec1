"""Invariants broken one at a time: children of one object are changed, each to a right value, until one law fails."""

from random import Random

from fhir_iop.fhirpath import FhirPathError
from fhir_iop.validation.item import Item
from tests.validation.generated.faults.fault import Fault, Maker, Sites, fresh, is_free, lawful
from tests.validation.generated.makers import measure

_TRIES = 12


def broken(sites: Sites, rng: Random) -> Fault | None:
    candidates = [item for item in sites.objects() if _has_laws(item) and is_free(item) and not item.expected.bindings]
    if not candidates:
        return None
    item = rng.choice(candidates)
    plan = sites.generator.plan(item.expected)
    before = dict(item.content)
    slots = [slot for slot in plan.slots if slot.low == 0 and not slot.slicings and slot.name not in _LEFT]
    for _ in range(_TRIES if slots else 0):
        slot = rng.choice(slots)
        making = fresh(rng)
        sites.generator.fill(item.content, slot, rng.choice((0, 1)), 3, making, {})
        if item.expected.type == "Attachment":
            measure(item.content)
        failing = _failing(item)
        if len(failing) == 1 and len(item.content) > item.expected.is_resource and not making.has_failed:
            others = [one for one in sites.root().walk() if one.value is not item.value and one.fits]
            if all(lawful(one, sites.generator) for one in others):
                return Fault(sites.resource, item.place.expression, failing[0]) if sites.is_whole() else None
        if len(failing) > 1:
            item.content.clear()
            item.content.update(before)
    return None


_LEFT = {"extension", "modifierExtension", "contained", "text", "meta", "implicitRules", "id"}


def _has_laws(item: Item) -> bool:
    return any(one.holds is not None and one.constraint.severity == "error" for one in item.expected.invariants)


def _failing(item: Item) -> list[str]:
    found = []
    for one in item.expected.invariants:
        if one.holds is None or one.constraint.severity != "error" or one.constraint.best_practice:
            continue
        try:
            is_true = one.holds(item.value, item.frame.context)
        except FhirPathError:
            is_true = False
        if not is_true:
            found.append(one.constraint.key)
    return found


KINDS: dict[str, Maker] = {"invariant broken": broken}
