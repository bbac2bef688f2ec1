"""The url of a resource that others refer to is absolute (https://hl7.org/fhir/R4/references.html#canonical)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.codes import ABSOLUTE_URI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether values are resources with a canonical url: those that have a url and a publication status."""
    return expected.is_resource and {"url", "status", "experimental"} <= expected.members.keys()


def quick(expected: Expected) -> Test:
    """Return whether there is no url, or an absolute one."""
    del expected
    return lambda value: "url" not in value or ABSOLUTE_URI.fullmatch(value["url"]) is not None


def find(item: Item) -> Iterator[Finding]:
    """Yield `canonical-url-relative` for a url without a scheme."""
    url = item.value.get("url") if isinstance(item.value, dict) else None
    if isinstance(url, str) and not ABSOLUTE_URI.fullmatch(url):
        yield item.found("canonical-url-relative", place=item.place_of("url"), type=item.expected.type)
