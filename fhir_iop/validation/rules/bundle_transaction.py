"""A transaction changes each resource once (https://hl7.org/fhir/R4/http.html#trules)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fhir_iop.validation.bundle_rules import applies, members, quick
from fhir_iop.validation.rules.bundle_request import target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item

__all__ = ["applies", "find", "quick"]

_CHANGING: Final = frozenset({"PUT", "PATCH", "DELETE"})


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-changed-twice` at an entry of a transaction that changes what one before it changes."""
    if not applies(item.expected) or item.value.get("type") != "transaction":
        return
    seen = set()
    for entry in members(item, "entry"):
        request = entry.value.get("request") if entry.fits else None
        method, url = (request.get("method"), request.get("url")) if isinstance(request, dict) else (None, None)
        is_change = isinstance(method, str) and method in _CHANGING
        asked = target(url.removeprefix("/")) if is_change and isinstance(url, str) else None
        if asked is None or not asked.id:
            continue  # which resource a query finds is not known here
        if asked in seen:
            yield entry.found("bundle-changed-twice")
        seen.add(asked)
