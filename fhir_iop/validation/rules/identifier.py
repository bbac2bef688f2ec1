"""An identifier whose system says that it is a URI is one (https://hl7.org/fhir/R4/datatypes.html#Identifier)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation.codes import ABSOLUTE_URI, URI_SYSTEM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether values are Identifiers."""
    return expected.type == "Identifier"


def quick(expected: Expected) -> Test:
    """Return whether an Identifier is of another system, or a URI."""
    del expected
    return lambda value: value.get("system") != URI_SYSTEM or not _is_other(value)


def find(item: Item) -> Iterator[Finding]:
    """Yield `identifier-uri` for an Identifier of that system whose value has no scheme."""
    if item.expected.type == "Identifier" and item.value.get("system") == URI_SYSTEM and _is_other(item.value):
        yield item.found("identifier-uri", place=item.place_of("value"), system=URI_SYSTEM)


def _is_other(identifier: dict[str, Any]) -> bool:
    value = identifier.get("value")
    return isinstance(value, str) and not ABSOLUTE_URI.fullmatch(value)
