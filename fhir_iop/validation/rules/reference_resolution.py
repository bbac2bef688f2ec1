"""A reference to a contained resource finds it (invariant ref-1; https://hl7.org/fhir/R4/references.html#contained).

The same holds for a `uri`, `url` or `canonical` that is a fragment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhir.reference import has_form

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
    if not isinstance(reference, str) or not reference.startswith("#") or not has_form(reference):
        return
    if item.frame.resolve(reference) is None and not _is_garbled(item, reference):
        yield item.found("reference-contained", place=place)


def _is_garbled(item: Item, fragment: str) -> bool:
    """Whether what a fragment is meant to lead to is probably there, with a fault that is told there."""
    frame = item.frame.root
    if fragment in frame.garbled_fragments:
        return True
    holder: Item | None = item
    while holder is not None and holder.value is not frame.resource:
        holder = holder.up
    if holder is None or "contained" not in holder.expected.members:
        return False
    return holder.is_misshapen(holder.expected.members["contained"])
