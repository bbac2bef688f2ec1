"""An Attachment's stated size and hash are those of its data.

https://hl7.org/fhir/R4/datatypes-definitions.html#Attachment.size and #Attachment.hash (SHA-1).
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any

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
    """Return whether nothing is stated of the data, or nothing wrong."""
    del expected
    return lambda value: "data" not in value or next(_faults(value), None) is None


def find(item: Item) -> Iterator[Finding]:
    """Yield `attachment-size` and `attachment-hash` where what is stated and the data differ."""
    if item.expected.type == "Attachment":
        for rule, name, facts in _faults(item.value):
            yield item.found(rule, place=item.place_of(name), **facts)


def _faults(attachment: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    data, size, stated = (attachment.get(name) for name in ("data", "size", "hash"))
    if not isinstance(data, str) or not data:
        return
    if isinstance(size, int) and size >= 0 and size != decoded_length(data):
        yield "attachment-size", "size", {"found": decoded_length(data)}
    if isinstance(stated, str) and stated and _has_other_hash(data, stated):
        yield "attachment-hash", "hash", {}


def _has_other_hash(data: str, stated: str) -> bool:
    """Whether data that can be decoded has another hash; what can't is told by rules/primitive_format.py."""
    import hashlib  # loads OpenSSL: start-up time is measured

    try:
        decoded, given = base64.b64decode(data), base64.b64decode(stated)
    except (binascii.Error, ValueError):
        return False
    return hashlib.sha1(decoded, usedforsecurity=False).digest() != given
