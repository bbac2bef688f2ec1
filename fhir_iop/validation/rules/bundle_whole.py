"""A document and a message are whole: what the first entry needs is there, and what is there is needed.

https://hl7.org/fhir/R4/documents.html#content and https://hl7.org/fhir/R4/messaging.html#bundle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.issue import Severity
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

# The references of the first entry that must lead to entries; None means all of them.
_NEEDED: dict[str, frozenset[str] | None] = {"document": None, "message": frozenset({"focus"})}
_SEVERITY: dict[str, Severity] = {"document": "error", "message": "warning"}


def applies(expected: Expected) -> bool:
    """Whether values are Bundles."""
    return expected.type == "Bundle"


def quick(expected: Expected) -> Test:
    """Return a test that no Bundle passes: each is looked at closely."""
    del expected
    return lambda _value: False


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-entry-missing` at the first entry's references, `bundle-entry-unreachable` at entries."""
    kind = item.value.get("type") if item.expected.type == "Bundle" else None
    if not isinstance(kind, str) or kind not in _NEEDED:
        return
    entries = [entry for entry in item.children.get(item.expected.members["entry"], ()) if _resource(entry)]
    if not entries:
        return
    yield from _missing(entries[0], _NEEDED[kind])
    for entry in _unreachable(entries):
        yield entry.found("bundle-entry-unreachable", severity=_SEVERITY[kind], kind=kind)


def _resource(entry: Item) -> Item | None:
    children = entry.children.get(entry.expected.members["resource"], ())
    return children[0] if children and isinstance(children[0].value, dict) else None


def _missing(first: Item, needed: frozenset[str] | None) -> Iterator[Finding]:
    resource = _resource(first)
    for member, children in resource.children.items() if resource else ():
        if member.name == "contained" or (needed is not None and member.name not in needed):
            continue
        for child in children:
            for inside in child.walk():
                is_reference = inside.expected.type == "Reference" and isinstance(inside.value, dict)
                reference = inside.value.get("reference") if is_reference else None
                if isinstance(reference, str) and inside.frame.resolve(reference) is None:
                    yield inside.found("bundle-entry-missing", place=inside.place_of("reference"))


def _unreachable(entries: list[Item]) -> list[Item]:
    """Return the entries that no chain of references, followed either way, connects with the first one."""
    by_identity = {id(resource.value): index for index, entry in enumerate(entries) if (resource := _resource(entry))}
    links: dict[int, set[int]] = {index: set() for index in range(len(entries))}
    for index, entry in enumerate(entries):
        resource = _resource(entry)
        for reference in _references(resource.value) if resource else ():
            target = resource.frame.resolve(reference) if resource else None
            other = by_identity.get(id(target))
            if other is not None:
                links[index].add(other)
                links[other].add(index)
    reached, waiting = {0}, [0]
    for index in waiting:
        waiting += links[index] - reached
        reached |= links[index]
    return [entry for index, entry in enumerate(entries) if index not in reached]


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        reference = value.get("reference")
        if isinstance(reference, str) and not reference.startswith("#"):
            yield reference
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
