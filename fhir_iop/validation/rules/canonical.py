"""A canonical is absolute, or the fragment of a contained resource (https://hl7.org/fhir/R4/datatypes.html#canonical)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.codes import ABSOLUTE_URI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether values are canonicals."""
    return expected.type == "canonical"


def quick(expected: Expected) -> Test:
    """Return :func:`is_absolute`."""
    del expected
    return is_absolute


def find(item: Item) -> Iterator[Finding]:
    """Yield `canonical-relative` for a canonical that leads nowhere from elsewhere."""
    if item.expected.type == "canonical" and isinstance(item.value, str) and not is_absolute(item.value):
        yield item.found("canonical-relative")


def is_absolute(canonical: str) -> bool:
    """Whether a canonical means the same wherever it stands, or stays in its resource."""
    return canonical.startswith("#") or ABSOLUTE_URI.fullmatch(canonical) is not None
