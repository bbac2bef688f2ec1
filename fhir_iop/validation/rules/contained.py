"""Contained resources have an id of their own, and are contained because something refers to them.

https://hl7.org/fhir/R4/references.html#contained; the reference is the invariant dom-3. That they contain nothing
themselves and have no version or security label are the invariants dom-2, dom-4 and dom-5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir import json
from fhir_iop.validation.rules.reference_form import has_form
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
    for rule, index in _faults(item.value):
        yield item.found(rule, place=item.place_of("contained", index))


def _faults(resource: dict[str, Any]) -> Iterator[tuple[str, int]]:
    contained = resource.get("contained")
    if not isinstance(contained, list):
        return
    pointers = set(_fragments(resource))
    seen = set()
    lost: int | None = None  # references that can't be read: what one of them leads to is no orphan
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
                lost = sum(not isinstance(one, str) or not has_form(one) for one in _references(resource))
            if lost:
                lost -= 1
            else:
                yield "contained-orphan", index
        else:
            seen.add(id_)


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
