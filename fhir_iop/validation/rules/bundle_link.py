"""A search result has each kind of link once (https://hl7.org/fhir/R4/http.html#paging)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_ONCE = frozenset({"self", "first", "previous", "prev", "next", "last"})


def applies(expected: Expected) -> bool:
    """Whether values are Bundles."""
    return expected.type == "Bundle"


def quick(expected: Expected) -> Test:
    """Return a test that no Bundle passes: each is looked at closely."""
    del expected
    return lambda _value: False


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-link-twice` at a link whose relation came before."""
    if item.expected.type != "Bundle":
        return
    seen = set()
    for child in item.children.get(item.expected.members["link"], ()):
        relation = child.value.get("relation") if isinstance(child.value, dict) else None
        if not isinstance(relation, str):
            continue
        if relation in seen:
            yield child.found("bundle-link-twice", relation=relation)
        if relation in _ONCE:
            seen.add(relation)
