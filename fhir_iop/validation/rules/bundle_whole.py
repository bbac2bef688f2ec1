"""A document and a message are whole: what the first entry needs is there, and what is there is needed.

https://hl7.org/fhir/R4/documents.html#content and https://hl7.org/fhir/R4/messaging.html#bundle.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import reference as references
from fhir_iop.validation.bundle_rules import applies, members, quick
from fhir_iop.validation.garbled import garbled_references
from fhir_iop.validation.primitives import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.issue import Severity
    from fhir_iop.validation.item import Finding, Item

__all__ = ["applies", "find", "quick"]

# The references of the first entry that must lead to entries; None means all of them.
_NEEDED: dict[str, frozenset[str] | None] = {"document": None, "message": frozenset({"focus"})}
_SEVERITY: dict[str, Severity] = {"document": "error", "message": "warning"}


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-entry-missing` at the first entry's references, `bundle-entry-unreachable` at entries."""
    kind = item.value.get("type") if applies(item.expected) else None
    if not isinstance(kind, str) or kind not in _NEEDED:
        return
    entries = members(item, "entry")
    first = _resource(entries[0]) if entries else None
    if first is None:
        return
    yield from _missing(first, _NEEDED[kind])
    for entry in _unreachable(entries, item):
        yield entry.found("bundle-entry-unreachable", severity=_SEVERITY[kind], kind=kind)


def _resource(entry: Item) -> Item | None:
    children = entry.children.get(entry.expected.members["resource"], ()) if entry.fits else ()
    return children[0] if children and isinstance(children[0].value, dict) else None


def _is_garbled(entry: Item) -> bool:
    """Whether an entry has a fault that is told, for which no reference can lead to it."""
    url = entry.content.get("fullUrl")
    resource = _resource(entry)
    return (
        resource is None
        or resource.expected.type == "Resource"
        or "fullUrl" in entry.meant
        or ("fullUrl" in entry.content and not (isinstance(url, str) and FORMATS["uri"](url)))
    )


def _missing(first: Item, needed: frozenset[str] | None) -> Iterator[Finding]:
    for member, children in first.children.items():
        if member.name == "contained" or (needed is not None and member.name not in needed):
            continue
        for child in children:
            for inside in child.walk():
                reference = _reference(inside)
                entries = inside.frame.entries
                if reference is None or entries is None or not references.has_form(reference):
                    continue
                if inside.frame.resolve(reference) is None and not entries.may_lead_to_garbled(reference):
                    yield inside.found("bundle-entry-missing", place=inside.place_of("reference"))


def _reference(item: Item) -> str | None:
    reference = item.value.get("reference") if item.expected.type == "Reference" and item.fits else None
    return reference if isinstance(reference, str) else None


def _unreachable(entries: list[Item], bundle: Item) -> list[Item]:
    """Return the entries that no chain of references, followed either way, connects with the first one.

    A reference that leads nowhere, and is told as that, may be meant for one that isn't connected otherwise.
    """
    resources = [_resource(entry) for entry in entries]
    by_identity = {id(resource.value): index for index, resource in enumerate(resources) if resource is not None}
    links: list[set[int]] = [set() for _ in entries]
    lost: list[set[str | None]] = [set() for _ in entries]
    for index, resource in enumerate(resources):
        for reference in _references(resource.value) if resource is not None else ():
            target = resource.frame.resolve(reference) if resource is not None and isinstance(reference, str) else None
            other = by_identity.get(id(target))
            if other is not None:
                links[index].add(other)
                links[other].add(index)
            elif target is None:
                lost[index].add(reference if isinstance(reference, str) else None)
    reached = _connected(links, 0)
    waiting = {reference for index in reached for reference in lost[index]}
    unreadable = None
    found = []
    for index in range(len(entries)):
        if index in reached:
            continue
        here = _connected(links, index)
        reached |= here
        meant = next((one for one in waiting if any(_may_mean(one, resources[each]) for each in here)), "")
        if meant != "":
            waiting.discard(meant)
            continue
        if unreadable is None:
            unreadable = garbled_references(bundle)
        if unreadable:
            unreadable -= 1
        else:
            found += [entries[each] for each in sorted(here) if not _is_garbled(entries[each])]
    return found


def _connected(links: list[set[int]], first: int) -> set[int]:
    reached, waiting = {first}, [first]
    for index in waiting:
        waiting += links[index] - reached
        reached |= links[index]
    return reached


def _may_mean(reference: str | None, resource: Item | None) -> bool:
    """Whether a reference that leads nowhere may be meant for an entry: one that says its type for no other type."""
    literal = references.parse(reference) if reference is not None else None
    return literal is None or (resource is not None and resource.value.get("resourceType") == literal.type)


def _references(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        reference = value.get("reference")
        if "reference" in value and not (isinstance(reference, str) and reference.startswith("#")):
            yield reference
        for inner in value.values():
            yield from _references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _references(inner)
