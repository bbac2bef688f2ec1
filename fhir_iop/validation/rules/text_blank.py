"""Text says something (https://hl7.org/fhir/R4/datatypes.html#string): blank text is allowed, and hardly meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

TEXTS = frozenset({"string", "markdown"})


def applies(expected: Expected) -> bool:
    """Whether values are text."""
    return expected.type in TEXTS


def quick(expected: Expected) -> Test:
    """Return whether text isn't blank."""
    del expected
    return lambda value: not value.isspace()


def find(item: Item) -> Iterator[Finding]:
    """Yield `text-blank` for text that is only white space."""
    if item.expected.type in TEXTS and isinstance(item.value, str) and item.value.isspace():
        if item.place.key == "reference" and item.up is not None and item.up.expected.type == "Reference":
            return  # rules/reference_form.py
        yield item.found("text-blank")
