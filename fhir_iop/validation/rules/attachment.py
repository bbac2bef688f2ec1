"""An Attachment's stated size is that of its data (https://hl7.org/fhir/R4/datatypes.html#Attachment)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.primitives import decoded_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether values are Attachments."""
    return expected.type == "Attachment"


def quick(expected: Expected) -> Test:
    """Return whether a size is stated that could be wrong."""
    del expected
    return lambda value: "size" not in value or "data" not in value


def find(item: Item) -> Iterator[Finding]:
    """Yield `attachment-size` where the two differ."""
    if item.expected.type != "Attachment":
        return
    data, size = item.value.get("data"), item.value.get("size")
    if isinstance(data, str) and isinstance(size, int) and size != decoded_length(data):
        yield item.found("attachment-size", place=item.place_of("size"), found=decoded_length(data))
