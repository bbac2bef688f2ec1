"""Text says something (https://hl7.org/fhir/R4/datatypes.html#string): blank text is allowed, and hardly meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item

TEXTS = frozenset({"string", "markdown"})


def find(item: Item) -> Iterator[Finding]:
    """Yield `text-blank` for text that is only white space."""
    if item.expected.type in TEXTS and isinstance(item.value, str) and item.value.isspace():
        yield item.found("text-blank")
