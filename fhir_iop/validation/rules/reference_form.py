"""A reference is a URL, relative or absolute, a URN, or the id of a contained resource.

https://hl7.org/fhir/R4/references.html#literal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhir import reference as references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether values are References."""
    return expected.type == "Reference"


def quick(expected: Expected) -> Test:
    """Return whether a Reference's text has the form of one."""
    del expected
    return lambda value: "reference" not in value or references.has_form(value["reference"])


def find(item: Item) -> Iterator[Finding]:
    """Yield `reference-form` for text that no reference can be."""
    if item.expected.type != "Reference" or not isinstance(item.value, dict):
        return
    reference = item.value.get("reference")
    if isinstance(reference, str) and reference and not references.has_form(reference):
        yield item.found("reference-form", place=item.place.down("reference", "reference"))
