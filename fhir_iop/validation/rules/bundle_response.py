"""What a server answers says what became of each entry, and the same as the resource beside it.

https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.response. That each entry has its response is the
standard's invariant bdl-4.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.validation.bundle_rules import applies, entries_with, quick
from fhir_iop.validation.order import compare
from fhir_iop.validation.primitives import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item

__all__ = ["applies", "find", "quick"]

_STATUS: Final = re.compile(r"[1-5]\d\d(?!\d)")
_ETAG: Final = re.compile(r'(?:W/)?"(.*)"')


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-response-status`, `…-etag`, `…-modified` and `…-outcome` at the responses in a Bundle's entries."""
    for entry, response in entries_with(item, "response"):
        yield from _check(response, entry.value.get("resource"))


def _check(response: Item, resource: Any) -> Iterator[Finding]:
    status = response.value.get("status")
    if isinstance(status, str) and status and not _STATUS.match(status):
        yield response.found("bundle-response-status", place=response.place_of("status"))
    outcome = response.value.get("outcome")
    type_ = outcome.get("resourceType") if isinstance(outcome, dict) else None
    is_known = isinstance(type_, str) and type_ in response.expected.expectations.definitions.resource_types
    if is_known and type_ != "OperationOutcome":
        yield response.found("bundle-response-outcome", place=response.place_of("outcome"), found=type_)
    meta = resource.get("meta") if isinstance(resource, dict) else None
    if not isinstance(meta, dict):
        return
    etag, modified = response.value.get("etag"), response.value.get("lastModified")
    version, updated = meta.get("versionId"), meta.get("lastUpdated")
    if isinstance(etag, str) and isinstance(version, str) and _version(etag) != version:
        yield response.found("bundle-response-etag", place=response.place_of("etag"))
    if _are_instants(modified, updated) and compare(modified, updated) in {-1, 1}:
        yield response.found("bundle-response-modified", place=response.place_of("lastModified"))


def _version(etag: str) -> str:
    quoted = _ETAG.fullmatch(etag)
    return quoted[1] if quoted else etag


def _are_instants(*values: Any) -> bool:
    return all(isinstance(value, str) and FORMATS["instant"](value) for value in values)
