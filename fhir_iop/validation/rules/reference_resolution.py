"""A reference to a contained resource finds it (invariant ref-1; https://hl7.org/fhir/R4/references.html#contained).

The same holds for a `uri`, `url` or `canonical` that is a fragment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_URIS = frozenset({"uri", "url", "canonical"})


def applies(expected: Expected) -> bool:
    """Whether values may be fragments."""
    return expected.type == "Reference" or expected.type in _URIS


def quick(expected: Expected) -> Test:
    """Return whether a value is no fragment, or one that leads somewhere."""
    expectations = expected.expectations

    def leads(text: str) -> bool:
        return text[:1] != "#" or expectations.here.frame.resolve(text) is not None

    if expected.type in _URIS:
        return leads
    return lambda value: leads(value.get("reference", ""))


def find(item: Item) -> Iterator[Finding]:
    """Yield `reference-contained` for a fragment that no contained resource answers to."""
    if item.expected.type == "Reference" and isinstance(item.value, dict):
        place = item.place.down("reference", "reference")
        reference = item.value.get("reference")
    elif item.expected.type in _URIS:
        place, reference = item.place, item.value
    else:
        return
    if isinstance(reference, str) and reference.startswith("#") and item.frame.resolve(reference) is None:
        yield item.found("reference-contained", place=place)
