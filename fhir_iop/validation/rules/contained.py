"""Contained resources have an id of their own, and are contained because something refers to them.

https://hl7.org/fhir/R4/references.html#contained; the reference is the invariant dom-3. That they contain nothing
themselves and have no version or security label are the invariants dom-2, dom-4 and dom-5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir import json
from fhir_iop.fhir.reference import has_form
from fhir_iop.validation.garbled import garbled_references
from fhir_iop.validation.primitives import FORMATS
from fhir_iop.validation.xhtml import scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


_FRAGMENT: Final = re.compile(rb'"#([A-Za-z0-9\-.]{1,64})"')


def applies(expected: Expected) -> bool:
    """Whether values may contain resources."""
    return expected.is_resource and "contained" in expected.members


def quick(expected: Expected) -> Test:
    """Return whether a resource contains nothing, or nothing wrong."""
    del expected
    return lambda value: "contained" not in value or _are_all_referred_to(value) or next(_faults(value), None) is None


def _are_all_referred_to(resource: dict[str, Any]) -> bool:
    """Whether all that is contained has an id of its own, and something in the resource is that fragment."""
    ids = [inner["id"] for inner in resource["contained"]]
    fragments = set(_FRAGMENT.findall(json.encode(resource)))
    return len(set(ids)) == len(ids) and all(id_.encode() in fragments for id_ in ids)


def find(item: Item) -> Iterator[Finding]:
    """Yield `contained-id`, `contained-twice` and `contained-orphan` at the contained resources."""
    garbled: int | None = None
    for rule, index in _faults(item.value):
        if rule == "contained-id" and _has_garbled_id(item, index):
            continue
        if rule == "contained-orphan":
            garbled = garbled_references(item) if garbled is None else garbled
            if garbled:
                garbled -= 1
                continue
        yield item.found(rule, place=item.place_of("contained", index))


def _has_garbled_id(item: Item, index: int) -> bool:
    """Whether something stands for a contained resource's id that is told as what it is."""
    inner = item.child("contained", index)
    return inner is not None and ("id" in inner.content or "id" in inner.meant)


def _faults(resource: dict[str, Any]) -> Iterator[tuple[str, int]]:
    contained = resource.get("contained")
    if not isinstance(contained, list):
        return
    pointers = set(_fragments(resource))
    seen = set()
    lost: int | None = None
    for index, inner in enumerate(contained):
        if not isinstance(inner, dict) or not isinstance(inner.get("resourceType"), str):
            continue  # rules/json_type.py, rules/resource_type.py
        id_ = inner.get("id")
        if not isinstance(id_, str):
            yield "contained-id", index
        elif id_ in seen:
            yield "contained-twice", index
        elif f"#{id_}" not in pointers and "#" not in _fragments(inner):
            if lost is None:
                lost = _lost(resource, contained)
            if lost or not FORMATS["id"](id_):
                lost -= bool(lost)
            else:
                yield "contained-orphan", index
        else:
            seen.add(id_)


def _lost(resource: dict[str, Any], contained: list[Any]) -> int:
    """Count the references that lead to nothing contained, though they should: one of them may be meant for an orphan.

    They are those that can't be read, and the fragments that are no contained resource's id.
    """
    known = {f"#{inner.get('id')}" for inner in contained if isinstance(inner, dict)}
    outside = [inner for name, inner in resource.items() if name != "contained"]
    found = [*_references(outside), *(one for one in _references(contained) if one != "#")]
    unreadable = sum(not isinstance(one, str) or not has_form(one) for one in found)
    return unreadable + len({one for one in found if isinstance(one, str) and one[:1] == "#"} - known)


def _references(value: Any) -> Iterator[Any]:
    """Yield what stands as `reference`, wherever there is one."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "reference":
                yield inner
            else:
                yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)


def _fragments(value: Any) -> Iterator[str]:
    """Yield every string that is a fragment, wherever it stands, and what narratives link to."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "div" and isinstance(inner, str):
                yield from (f"#{link}" for link in scan(inner).links)
            else:
                yield from _fragments(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _fragments(inner)
    elif isinstance(value, str) and value.startswith("#"):
        yield value
