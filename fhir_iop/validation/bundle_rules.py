"""What the rules of Bundles have in common: of which values they speak, and how they come to the entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether values are Bundles."""
    return expected.type == "Bundle"


def quick(expected: Expected) -> Test:
    """Return a test that no Bundle passes: each is looked at closely."""
    del expected
    return lambda _value: False


def members(item: Item, name: str) -> list[Item]:
    """Return the entries or links of a Bundle; of another value none."""
    return item.children.get(item.expected.members[name], []) if applies(item.expected) else []


def entries_with(item: Item, name: str) -> Iterator[tuple[Item, Item]]:
    """Yield the entries of a Bundle with their `request`, `response` or `search`, where both can be read."""
    for entry in members(item, "entry"):
        part = entry.child(name, None) if entry.fits else None
        if part is not None and part.fits:
            yield entry, part
