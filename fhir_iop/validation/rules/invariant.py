"""The invariants of the standard and of the profiles hold: each is true, not empty.

https://hl7.org/fhir/R4/conformance-rules.html#constraints; an Issue's rule is the invariant's own key (``iop-mr-1``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fhir_iop.fhirpath import FhirPathError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.validation.invariants import Invariant
    from fhir_iop.validation.item import Finding, Item

# Data that hasn't the shape of its type is told as that, at its place, by the rules of form.
_MISSHAPEN = "fhirpath-resource"
_TOO_COSTLY = "fhirpath-budget"


def find(item: Item) -> Iterator[Finding]:
    """Yield a finding for each invariant that doesn't hold; `invariant-…` where that can't be told."""
    if item.value is None:
        return
    for invariant in item.expected.invariants:
        if invariant.constraint.best_practice and not item.frame.outside.options.best_practice:
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
        constraint = invariant.constraint
        said = constraint.human or f"`{constraint.expression}` is not true"
        found = item.found("invariant", severity=constraint.severity, said=said, by=invariant.by)
        yield found._replace(issue=replace(found.issue, rule=constraint.key))
