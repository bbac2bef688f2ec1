"""Each entry's fullUrl identifies its resource (https://hl7.org/fhir/R4/bundle.html#bundle-unique).

That fullUrls are unique, which entries come first and which carry requests are the standard's invariants bdl-1 to 12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import reference as references
from fhir_iop.validation.bundle_rules import applies, members, quick
from fhir_iop.validation.bundles import WITHOUT_IDENTITY
from fhir_iop.validation.codes import ABSOLUTE_URI
from fhir_iop.validation.primitives import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item


__all__ = ["applies", "find", "quick"]


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-full-url`, `bundle-full-url-relative`, `…-differs` and `…-no-id` at a Bundle's entries."""
    kind = item.value.get("type") if applies(item.expected) else None
    has_identities = not isinstance(kind, str) or kind not in WITHOUT_IDENTITY
    for child in members(item, "entry"):
        if not isinstance(child.value, dict):
            continue
        full_url, resource = child.value.get("fullUrl"), child.value.get("resource")
        if "fullUrl" not in child.content and "fullUrl" not in child.meant:
            if isinstance(resource, dict) and has_identities:
                yield child.found("bundle-full-url")
        elif not isinstance(full_url, str) or not FORMATS["uri"](full_url):
            continue  # told as what it is
        elif not ABSOLUTE_URI.fullmatch(full_url):
            yield child.found("bundle-full-url-relative", place=child.place_of("fullUrl"))
        elif isinstance(resource, dict):
            yield from _beside(child, full_url, resource, has_identity=has_identities)


def _beside(entry: Item, full_url: str, resource: dict[str, Any], *, has_identity: bool) -> Iterator[Finding]:
    """Compare a RESTful address with the resource beside it."""
    address = references.parse(full_url)
    if address is None or address.type not in entry.expected.expectations.definitions.resource_types:
        return
    if (address.type, address.id) != (resource.get("resourceType"), resource.get("id", address.id)):
        yield entry.found("bundle-full-url-differs", place=entry.place_of("fullUrl"))
    elif has_identity and "id" not in resource:
        yield entry.found("bundle-full-url-no-id", place=entry.place_of("fullUrl"))
