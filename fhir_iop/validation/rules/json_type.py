"""Each property has the JSON form of its element: array or not, object or bare value, and of the right JSON type.

https://hl7.org/fhir/R4/json.html. A null stands only in a primitive's array where the `_` array says something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.json import TYPE_NAMES
from fhir_iop.validation.primitives import JSON_TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Member
    from fhir_iop.validation.item import Finding, Item

_JSON_NAMES = {
    **dict.fromkeys(JSON_TYPES, "a string"),
    **dict.fromkeys(("integer", "positiveInt", "unsignedInt"), "a whole number"),
    "boolean": "a boolean",
    "decimal": "a number",
}


def find(item: Item) -> Iterator[Finding]:
    """Yield `json-type`, `json-array`, `json-null` and `json-pairs` for the properties of an object."""
    for key, value in item.content.items():
        name = key.removeprefix("_")
        known = item.expected.by_json_name.get(name)
        if known is None:
            continue  # rules/unknown_element.py
        member, type_ = known
        if name != key:
            if item.expected.expectations.is_primitive(type_):
                yield from _siblings(item, member, key, value, item.content.get(name))
        elif not member.is_list:
            yield from _one(item, type_, key, value, None)
        elif not isinstance(value, list):
            yield item.found("json-array", place=item.place_of(key), name=name, found=_name(value))
        else:
            for index, one in enumerate(value):
                sibling = _at(item.content.get("_" + key), index)
                if one is not None or sibling is None:
                    yield from _one(item, type_, key, one, index)


def _one(item: Item, type_: str, key: str, value: Any, index: int | None) -> Iterator[Finding]:
    place = item.place_of(key, index)
    if value is None:
        yield item.found("json-null", place=place, name=key)
    elif type_ in JSON_TYPES:
        if value.__class__ not in JSON_TYPES[type_]:
            yield item.found("json-type", place=place, name=key, expected=_JSON_NAMES[type_], found=_name(value))
    elif not isinstance(value, dict):
        yield item.found("json-type", place=place, name=key, expected="an object", found=_name(value))


def _siblings(item: Item, member: Member, key: str, sibling: Any, value: Any) -> Iterator[Finding]:
    place = item.place_of(key)
    if not member.is_list:
        if not isinstance(sibling, dict):
            yield item.found("json-type", place=place, name=key, expected="an object", found=_name(sibling))
    elif not isinstance(sibling, list):
        yield item.found("json-array", place=place, name=key, found=_name(sibling))
    else:
        for index, one in enumerate(sibling):
            if one is not None and not isinstance(one, dict):
                at = item.place_of(key, index)
                yield item.found("json-type", place=at, name=key, expected="an object or null", found=_name(one))
            elif one is None and not isinstance(value, list):
                yield item.found("json-null", place=item.place_of(key, index), name=key)
        if isinstance(value, list) and len(value) != len(sibling):
            yield item.found("json-pairs", place=place, name=key, found=len(sibling), expected=len(value))


def _at(values: Any, index: int) -> Any:
    return values[index] if isinstance(values, list) and index < len(values) else None


def _name(value: Any) -> str:
    return TYPE_NAMES.get(type(value), "a whole number" if isinstance(value, int) else "a number with a fraction")
