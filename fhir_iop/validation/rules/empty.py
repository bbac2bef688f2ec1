"""Nothing is empty: no `{}`, no `[]`, no `""`; an element has a value, a child or an extension.

https://hl7.org/fhir/R4/json.html, and the invariant ele-1 that every element carries: an `id` alone says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item


def find(item: Item) -> Iterator[Finding]:
    """Yield `empty` for an object or string that says nothing, and for arrays without items."""
    if item.expected.type == "Resource":
        return  # one that doesn't say its type is told as that (rules/resource_type.py)
    if item.expected.is_primitive:
        says_nothing = item.value == "" or (item.value is None and not says_something(item.content))
    else:
        says_nothing = item.value == {} or (not item.expected.is_resource and not says_something(item.content))
    if says_nothing:
        yield item.found("empty")
    for key, value in item.content.items():
        known = item.expected.by_json_name.get(key.removeprefix("_"))
        # An array where none belongs is told as that (rules/json_type.py).
        if known is not None and known[0].is_list and value == []:
            yield item.found("empty", place=item.place_of(key))


def says_something(content: dict[str, object]) -> bool:
    """Whether an object has more than an `id`."""
    return len(content) > 1 or (len(content) == 1 and "id" not in content)
