"""A transaction changes each resource once (https://hl7.org/fhir/R4/http.html#trules)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fhir_iop.validation.rules.bundle_request import target

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_CHANGING: Final = frozenset({"PUT", "PATCH", "DELETE"})


def applies(expected: Expected) -> bool:
    """Whether values are Bundles."""
    return expected.type == "Bundle"


def quick(expected: Expected) -> Test:
    """Return a test that no Bundle passes: each is looked at closely."""
    del expected
    return lambda _value: False


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-changed-twice` at an entry of a transaction that changes what one before it changes."""
    if item.expected.type != "Bundle" or item.value.get("type") != "transaction":
        return
    seen = set()
    for entry in item.children.get(item.expected.members["entry"], ()):
        request = entry.value.get("request") if entry.fits else None
        method, url = (request.get("method"), request.get("url")) if isinstance(request, dict) else (None, None)
        is_change = isinstance(method, str) and method in _CHANGING
        asked = target(url.removeprefix("/")) if is_change and isinstance(url, str) else None
        if asked is None or not asked.id:
            continue  # which resource a query finds is not known here
        if asked in seen:
            yield entry.found("bundle-changed-twice")
        seen.add(asked)
