"""The codes of a ConceptMap exist in the code systems that it maps between.

https://hl7.org/fhir/R4/conceptmap-definitions.html#ConceptMap.group; a system that isn't wholly at hand is passed over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation.codes import is_unknown, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_ELEMENT = "ConceptMap.group.element"


def applies(expected: Expected) -> bool:
    """Whether values are one code and what it maps to."""
    return expected.views[0].element.path == _ELEMENT


def quick(expected: Expected) -> Test:
    """Return a test that no element passes: ConceptMaps are rare."""
    del expected
    return lambda _value: False


def find(item: Item) -> Iterator[Finding]:
    """Yield `concept-map-code` for a code that its system hasn't."""
    group = item.up.value if item.up is not None else None
    if not isinstance(group, dict) or not isinstance(item.value, dict):
        return
    yield from _check(item, group.get("source"))
    for target in item.children.get(item.expected.members["target"], ()):
        yield from _check(target, group.get("target"))


def _check(holder: Item, system: Any) -> Iterator[Finding]:
    code = holder.value.get("code") if isinstance(holder.value, dict) else None
    if not isinstance(system, str) or not isinstance(code, str):
        return
    if is_unknown(holder.expected.expectations.definitions, system, code):
        yield holder.found(
            "concept-map-code", place=holder.place_of("code"), code=quoted([(None, code)]), system=system
        )
