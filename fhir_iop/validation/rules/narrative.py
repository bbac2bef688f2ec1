"""A narrative is safe to show, says something, and its links lead somewhere (txt-1, txt-2; see ``xhtml.py``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation.place import told
from fhir_iop.validation.xhtml import is_plain, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_OURS = frozenset({"reason", "namespace"})  # facts in our own words; the others come from the markup


def applies(expected: Expected) -> bool:
    """Whether values are markup."""
    return expected.type == "xhtml"


def quick(expected: Expected) -> Test:
    """Return whether markup is clean, and has no links to follow."""
    del expected

    def is_clean(value: str) -> bool:
        if is_plain(value):
            return True
        narrative = scan(value)
        return not narrative.faults and not narrative.links

    return is_clean


def find(item: Item) -> Iterator[Finding]:
    """Yield `narrative-…` for markup that has no place in a narrative, each kind of fault with each name once."""
    if item.expected.type != "xhtml" or not isinstance(item.value, str):
        return
    narrative = scan(item.value)
    told_already = set()
    for rule, facts in narrative.faults:
        shown: dict[str, Any] = {name: value if name in _OURS else told(value) for name, value in facts.items()}
        key = (rule, *shown.values())
        if key not in told_already:
            told_already.add(key)
            yield item.found(rule, **shown)
    ids = set(_ids(item.frame.root.resource)) | narrative.ids if narrative.links else set()
    if any(link not in ids for link in narrative.links):
        yield item.found("narrative-link")


def _ids(value: Any) -> Iterator[str]:
    """Yield every element's and resource's id, wherever it stands, and the ids in other narratives."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield value["id"]
        if isinstance(value.get("div"), str):
            yield from scan(value["div"]).ids
        for inner in value.values():
            yield from _ids(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _ids(inner)
