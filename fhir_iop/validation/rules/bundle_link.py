"""A search result has each kind of link once (https://hl7.org/fhir/R4/http.html#paging)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.bundle_rules import applies, members, quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item

__all__ = ["applies", "find", "quick"]

_ONCE = frozenset({"self", "first", "previous", "prev", "next", "last"})


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-link-twice` at a link whose relation came before."""
    seen = set()
    for child in members(item, "link"):
        relation = child.value.get("relation") if isinstance(child.value, dict) else None
        if not isinstance(relation, str):
            continue
        if relation in seen:
            yield child.found("bundle-link-twice", relation=relation)
        if relation in _ONCE:
            seen.add(relation)
