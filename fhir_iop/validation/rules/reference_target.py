"""A reference leads to a type of resource that the element allows.

https://hl7.org/fhir/R4/references.html: what the target is, is told by the resource itself where it is at hand, else
by the form of the reference, else by `Reference.type`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhir import reference as references
from fhir_iop.validation.place import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import ElementType
    from fhir_iop.validation.item import Finding, Item


def find(item: Item) -> Iterator[Finding]:
    """Yield `reference-unknown-type`, `reference-type-differs`, `reference-target` and `reference-profile`."""
    if item.expected.type != "Reference" or not isinstance(item.value, dict):
        return
    definitions = item.expected.expectations.definitions
    reference, stated = item.value.get("reference"), item.value.get("type")
    implied = _implied(item, reference, definitions) if isinstance(reference, str) else None
    if implied is not None and implied not in definitions.resource_types:
        yield item.found("reference-unknown-type", place=item.place.down("reference", "reference"), type=told(implied))
        return
    if implied and isinstance(stated, str) and stated in definitions.resource_types and stated != implied:
        yield item.found("reference-type-differs", stated=stated, found=implied)
    found = implied or (stated if isinstance(stated, str) and stated in definitions.resource_types else None)
    if found is None:
        return
    for view, entry in item.expected.type_entries:
        allowed = allowed_types(entry, definitions)
        if allowed is not None and found not in allowed:
            yield item.found("reference-target", found=found, allowed=", ".join(sorted(allowed)), by=view.said_by)
            return
    yield from _profiles(item, reference)


def _profiles(item: Item, reference: object) -> Iterator[Finding]:
    """Try the target profiles on a target that is at hand: one of them is enough."""
    target = item.frame.resolve(reference) if isinstance(reference, str) else None
    if target is None:
        return
    definitions = item.expected.expectations.definitions
    for view, entry in item.expected.type_entries:
        structures = [definitions.structure(canonical) for canonical in entry.target_profiles]
        if not structures or any(one is None or one.derivation != "constraint" for one in structures):
            continue  # a base type is all that is asked for, or nobody can tell
        if not any(item.frame.conforms(target, str(target.get("resourceType")), one) for one in entry.target_profiles):
            names = ", ".join(entry.target_profiles)
            yield item.found("reference-profile", profiles=names, by=view.said_by)
            return


def _implied(item: Item, reference: str, definitions: Definitions) -> str | None:
    resource = item.frame.resolve(reference)
    if resource is not None:
        type_ = resource.get("resourceType")
        return type_ if isinstance(type_, str) and type_ in definitions.resource_types else None
    literal = references.parse(reference)
    if literal is None or (literal.base is not None and literal.type not in definitions.resource_types):
        return None  # another server's address need not be a FHIR server's
    return literal.type


def allowed_types(entry: ElementType, definitions: Definitions) -> frozenset[str] | None:
    """Return the resource types that an element's type entry lets a reference lead to; None where any will do."""
    types = set()
    for canonical in entry.target_profiles:
        structure = definitions.structure(canonical)
        type_ = structure.type if structure else references.canonical(canonical)[0].rpartition("/")[2]
        if type_ not in definitions.resource_types:  # Resource, or a profile that isn't at hand
            return None
        types.add(type_)
    return frozenset(types) or None
