"""Each property is an element of the type (https://hl7.org/fhir/R4/json.html)."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from fhir_iop.validation.place import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item


def applies(expected: Expected) -> bool:
    """Whether there are child elements."""
    return bool(expected.members)


def find(item: Item) -> Iterator[Finding]:
    """Yield `unknown-element` for each property that the type doesn't have, with the name that may be meant."""
    for key in item.content:
        if not _is_known(item.expected, key):
            hint = _hint(item.expected, key)
            yield item.found(
                "unknown-element", place=item.place_of(key), name=told(key), type=item.expected.type, hint=hint
            )


def _is_known(expected: Expected, key: str) -> bool:
    if key.startswith("_"):
        known = expected.by_json_name.get(key[1:])
        # An xhtml's id is an attribute of the markup, and it has no extensions.
        return known is not None and known[1] != "xhtml" and expected.expectations.is_primitive(known[1])
    return key in expected.by_json_name or (key == "resourceType" and expected.is_resource)


def _hint(expected: Expected, key: str) -> str:
    names = {name.lower(): name for name in expected.by_json_name}
    close = get_close_matches(key.lower(), names, n=1, cutoff=0.6)
    return f" Did you mean {names[close[0]]}?" if close else ""
