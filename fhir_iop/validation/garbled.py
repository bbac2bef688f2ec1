"""Whether what tells a value's slice has a fault of its own: then it can't be said that the value is in none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.codes import codes_in, is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fhir_iop.validation.item import Item
    from fhir_iop.validation.slices import Slicing


def is_garbled(child: Item, slicing: Slicing) -> bool:
    """Whether something has a wrong form, or a code that its system doesn't have, where ``slicing`` looks.

    Where it looks by a function (`resolve()`, `extension()`), nothing is said.
    """
    paths = {criterion.path for slice_ in slicing.slices for criterion in slice_.criteria}
    return any(_has_fault(one) for path in paths if "(" not in path for one in _at([child], path.split(".")))


def _at(items: Iterable[Item], steps: Sequence[str]) -> Iterable[Item]:
    for step in steps:
        if step != "$this":
            items = [inner for item in items for inner in _inside(item, step)]
    return items


def _inside(item: Item, step: str) -> list[Item]:
    members = item.expected.members
    member = members.get(step) or members.get(step + "[x]")
    return [] if member is None else item.children.get(member, [])


def _has_fault(item: Item) -> bool:
    definitions = item.expected.expectations.definitions
    holder = item.up if item.up is not None and item.up.expected.type == "Coding" else item
    codes = codes_in(holder.value, holder.expected.type)
    return not item.is_whole or any(is_unknown(definitions, *code) for code in codes)
