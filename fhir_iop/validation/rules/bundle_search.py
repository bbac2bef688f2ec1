"""A search's result says why each entry is in it, and how many matches there are.

https://hl7.org/fhir/R4/bundle-definitions.html#Bundle.entry.search and #Bundle.total. That nothing else says so are the
standard's invariants bdl-1 and bdl-2.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from fhir_iop.validation.bundle_rules import applies, entries_with, quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item

__all__ = ["applies", "find", "quick"]

_OUTCOME: Final = "OperationOutcome"
_MODES: Final = frozenset({"match", "include", "outcome"})


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-search-mode` and `bundle-search-score` at entries, `bundle-total` at the Bundle's total."""
    if not applies(item.expected) or item.value.get("type") != "searchset":
        return
    matches = 0
    for entry, search in entries_with(item, "search"):
        mode, score = search.value.get("mode"), search.value.get("score")
        resource = entry.value.get("resource")
        type_ = resource.get("resourceType") if isinstance(resource, dict) else None
        is_known = isinstance(type_, str) and type_ in item.expected.expectations.definitions.resource_types
        matches += mode == "match"
        if is_known and isinstance(mode, str) and mode in _MODES and (mode == "outcome") is not (type_ == _OUTCOME):
            yield search.found("bundle-search-mode", place=search.place_of("mode"), mode=mode, found=type_)
        if isinstance(score, (int, Decimal)) and not isinstance(score, bool) and not 0 <= score <= 1:
            yield search.found("bundle-search-score", place=search.place_of("score"))
    total = item.value.get("total")
    if isinstance(total, int) and not isinstance(total, bool) and 0 <= total < matches:
        yield item.found("bundle-total", place=item.place_of("total"), total=total, found=matches)
