"""What a ValueSet includes or excludes names its code system by an absolute URL.

https://hl7.org/fhir/R4/valueset-definitions.html#ValueSet.compose.include.system; a contained code system is found by
the extension valueset-system.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.codes import ABSOLUTE_URI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_PATHS = frozenset({"ValueSet.compose.include", "ValueSet.compose.exclude"})


def applies(expected: Expected) -> bool:
    """Whether values are what a ValueSet includes or excludes."""
    return expected.views[0].element.path in _PATHS


def quick(expected: Expected) -> Test:
    """Return whether no system is named, or by an absolute URL."""
    del expected
    return lambda value: "system" not in value or ABSOLUTE_URI.fullmatch(value["system"]) is not None


def find(item: Item) -> Iterator[Finding]:
    """Yield `value-set-system` for a system without a scheme."""
    system = item.value.get("system") if isinstance(item.value, dict) else None
    if not isinstance(system, str) or ABSOLUTE_URI.fullmatch(system):
        return
    is_told = system.startswith("#") and item.frame.resolve(system) is None  # rules/reference_resolution.py
    if not is_told:
        yield item.found("value-set-system", place=item.place_of("system"))
