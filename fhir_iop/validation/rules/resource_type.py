"""A resource says its type, one that exists and may stand there (https://hl7.org/fhir/R4/resource.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fhir_iop.validation.place import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item

_COMPARED: Final = 64  # characters


def find(item: Item) -> Iterator[Finding]:
    """Yield `resource-type-missing` and `resource-type-unknown`."""
    if item.expected.type != "Resource" or not isinstance(item.value, dict):
        return
    type_ = item.value.get("resourceType")
    if not isinstance(type_, str):
        yield item.found("resource-type-missing")
        return
    from difflib import get_close_matches  # start-up time is measured

    types = item.expected.expectations.definitions.resource_types
    close = get_close_matches(type_[:_COMPARED], types, n=1, cutoff=0.6)
    hint = f" Did you mean {close[0]}?" if close else ""
    yield item.found("resource-type-unknown", name=told(type_), hint=hint)
