"""A value has at least what `pattern[x]` says, where a definition gives a pattern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.pattern import contains
from fhir_iop.validation.rules.fixed import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether a view gives a pattern."""
    return any(view.element.pattern is not None for view in expected.views)


def quick(expected: Expected) -> Test:
    """Return whether a value has all of the patterns."""
    patterns = [said.fact[1] for said in expected.merged(lambda view: view.element.pattern)]
    return lambda value: all(contains(value, one) for one in patterns)


def find(item: Item) -> Iterator[Finding]:
    """Yield `pattern` for each distinct pattern that the value lacks something of."""
    for said in item.expected.merged(lambda view: view.element.pattern):
        if not contains(item.value, said.fact[1]):
            yield item.found("pattern", expected=shown(said.fact[1]), by=said.by)
