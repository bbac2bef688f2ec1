"""An identifier whose system says that it is a URI is one (https://hl7.org/fhir/R4/datatypes.html#Identifier)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.codes import ABSOLUTE_URI, URI_SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item


def find(item: Item) -> Iterator[Finding]:
    """Yield `identifier-uri` for an Identifier of that system whose value has no scheme."""
    if item.expected.type != "Identifier" or item.value.get("system") != URI_SYSTEM:
        return
    value = item.value.get("value")
    if isinstance(value, str) and not ABSOLUTE_URI.fullmatch(value):
        yield item.found("identifier-uri", place=item.place_of("value"), system=URI_SYSTEM)
