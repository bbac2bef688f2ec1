"""Contained resources have an id of their own, and are contained because something refers to them.

https://hl7.org/fhir/R4/references.html#contained; the reference is the invariant dom-3. That they contain nothing
themselves and have no version or security label are the invariants dom-2, dom-4 and dom-5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item


def find(item: Item) -> Iterator[Finding]:
    """Yield `contained-id`, `contained-twice` and `contained-orphan` at the contained resources."""
    member = item.expected.members.get("contained") if item.expected.is_resource else None
    children = item.children.get(member, ()) if member else ()
    if not children:
        return
    pointers = set(_fragments(item.value))
    seen = set()
    for child in children:
        if child.expected.type == "Resource":
            continue  # rules/resource_type.py
        id_ = child.value.get("id")
        if not isinstance(id_, str):
            yield child.found("contained-id")
        elif id_ in seen:
            yield child.found("contained-twice")
        elif f"#{id_}" not in pointers and "#" not in _fragments(child.value):
            yield child.found("contained-orphan")
        seen.add(id_)


def _fragments(value: Any) -> Iterator[str]:
    """Yield every string that is a fragment, wherever it stands."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _fragments(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _fragments(inner)
    elif isinstance(value, str) and value.startswith("#"):
        yield value
