"""The invariants of the standard and of the profiles hold: each is true, not empty.

https://hl7.org/fhir/R4/conformance-rules.html#constraints; an Issue's rule is the invariant's own key (``iop-mr-1``).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhirpath import FhirPathError
from fhir_iop.validation.rules.cardinality import is_miscounted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.invariants import Invariant
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

# Data that hasn't the shape of its type is told as that, at its place, by the rules of form.
_MISSHAPEN = "fhirpath-resource"
_TOO_COSTLY = "fhirpath-budget"

_NAME: Final = re.compile(r"[A-Za-z]\w*")

# Invariants of the data types that say of elements what a definition's cardinality may say too, and then tells.
_COUNTED = {"ext-1": ("value[x]", "extension"), "qty-3": ("system",)}


def applies(expected: Expected) -> bool:
    """Whether there are invariants."""
    return bool(expected.invariants)


def quick(expected: Expected) -> Test:
    """Return whether all invariants hold."""
    expectations = expected.expectations
    asked = asked_of(expected)
    plain = [one.holds for one in asked if one.holds is not None and not one.needs_context]
    others = [one.holds for one in asked if one.holds is not None and one.needs_context]
    if any(one.holds is None or one.is_outer for one in asked):
        return lambda _value: False

    def all_hold(value: Any) -> bool:
        for holds in plain:
            if not holds(value):
                return False
        return not others or all(holds(value, expectations.here.frame.context) for holds in others)

    return plain[0] if len(plain) == 1 and not others else all_hold


def asked_of(expected: Expected) -> list[Invariant]:
    """Return the invariants that are told: best practices only where the options say so."""
    is_told = expected.expectations.outside.options.best_practice
    return [one for one in expected.invariants if is_told or not one.constraint.best_practice]


def find(item: Item) -> Iterator[Finding]:
    """Yield a finding for each invariant that doesn't hold; `invariant-…` where that can't be told."""
    if item.value is None:
        return
    for invariant in item.expected.invariants:
        if invariant.constraint.best_practice and not item.frame.outside.options.best_practice:
            continue
        if any(is_miscounted(item, name) for name in _COUNTED.get(invariant.constraint.key, ())):
            continue
        if invariant.holds is None:
            key = invariant.constraint.key
            yield item.found("invariant-illegal", key=key, by=invariant.by, reason=invariant.reason)
        else:
            yield from _check(item, invariant, invariant.holds)


def _check(item: Item, invariant: Invariant, holds: Callable[..., bool]) -> Iterator[Finding]:
    try:
        outer = item.up if invariant.is_outer else None
        is_true = holds(item.value, (outer or item).frame.context)
    except FhirPathError as error:
        if error.rule == _TOO_COSTLY:
            yield item.found("invariant-unchecked", key=invariant.constraint.key, by=invariant.by)
        is_true = error.rule in {_MISSHAPEN, _TOO_COSTLY}
    if not is_true:
        yield not_held(item, invariant)


def not_held(item: Item, invariant: Invariant) -> Finding:
    """Return the finding, by the invariant's own key, that it doesn't hold."""
    constraint = invariant.constraint
    said = constraint.human or f"`{constraint.expression}` is not true"
    found = item.found("invariant", severity=constraint.severity, said=said, by=invariant.by)
    names = frozenset(_NAME.findall(constraint.expression))
    return found._replace(issue=replace(found.issue, rule=constraint.key), names=names)
