"""What can't be read, and is told as that: then nothing is said of what depends on it.

A value of which what tells its slice has a fault isn't in none, and what a reference can't be read of isn't unreferred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhir.reference import has_form
from fhir_iop.validation.codes import codes_in, is_unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fhir_iop.validation.item import Item
    from fhir_iop.validation.slices import Slicing


def is_garbled(child: Item, slicing: Slicing) -> bool:
    """Whether something has a wrong form, or a code that its system doesn't have, where ``slicing`` looks.

    Where it looks by a function (`resolve()`, `extension()`), nothing is said.
    """
    if not child.fits or any(fault.path == child.place.json_path for fault in child.form_faults):
        return True
    return any(_has_fault(one) for path in slicing.paths if "(" not in path for one in _at([child], path.split(".")))


def garbled_references(holder: Item) -> int:
    """Count the elements in ``holder`` that are references, or may hold some, and can't be read."""
    return sum(map(_hides_references, holder.walk()))


def _hides_references(item: Item) -> int:
    if not item.fits or item.expected.is_primitive:
        return 0
    if item.expected.type == "Reference":
        reference = item.value.get("reference")
        return not item.is_whole and not (isinstance(reference, str) and has_form(reference))
    if item.value == {}:
        return 1
    return sum(
        item.is_misshapen(member) + item.count_unreadable(member)
        for member in item.expected.members.values()
        if not all(map(item.expected.expectations.is_primitive, member.variants.values()))
    )


def _at(items: Iterable[Item], steps: Sequence[str]) -> Iterable[Item]:
    for step in steps:
        if step != "$this":
            items = [inner for item in items for inner in _inside(item, step)]
    return items


def _inside(item: Item, step: str) -> list[Item]:
    members = item.expected.members
    member = members.get(step) or members.get(step + "[x]")
    if member is None:
        return []
    return [item] if item.is_misshapen(member) else item.children.get(member, [])


def _has_fault(item: Item) -> bool:
    definitions = item.expected.expectations.definitions
    holder = item.up if item.up is not None and item.up.expected.type == "Coding" else item
    codes = codes_in(holder.value, holder.expected.type)
    return not item.is_whole or any(is_unknown(definitions, *code) for code in codes)
