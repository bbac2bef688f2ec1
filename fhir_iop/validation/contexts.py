"""Where an extension may stand (https://hl7.org/fhir/R4/defining-extensions.html#context)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fhir_iop.definitions.schema import Structure
    from fhir_iop.validation.item import Item


def allows(extension: Structure, holder: Item) -> bool:
    """Whether ``extension`` may stand in the element ``holder``."""
    return any(_fits(kind, expression, holder) for kind, expression in extension.context)


def _fits(kind: str, expression: str, holder: Item) -> bool:
    if kind == "extension":
        return isinstance(holder.value, dict) and holder.value.get("url") == expression
    if kind == "element":
        if expression == "Element":  # the root of all types; resources are meant too, as the standard's own use shows
            return True
        return expression.replace("[x]", "") in _names(holder)
    return True  # FHIRPath contexts are rules/extension.py's to extend; none of the definitions at hand has one


def _names(holder: Item) -> set[str]:
    """Every name by which a context can mean the element: its paths, its type, and what that type is."""
    definitions = holder.expected.expectations.definitions
    names = {holder.expected.type, _full_path(holder)}
    for view in holder.expected.views:
        names |= {view.element.path, view.element.base_path, view.structure.url}
        names.add((view.element.content_reference or "").partition("#")[2])
    structure = definitions.type(holder.expected.type)
    while structure is not None:
        names.add(structure.type)
        structure = definitions.structure(structure.base) if structure.base else None
    if holder.expected.is_resource and {"url", "status"} <= holder.expected.members.keys():
        names |= {"CanonicalResource", "MetadataResource"}  # what later versions of FHIR call them
    return {name.replace("[x]", "") for name in names}


def _full_path(holder: Item) -> str:
    """Return the element's path from the resource it lies in: ``Patient.contact.name``."""
    steps: list[str] = []
    item: Item | None = holder
    while item is not None and not item.expected.is_resource:
        steps.append(item.place.step.partition(".")[0])
        item = item.up
    return ".".join([item.expected.type if item else "", *reversed(steps)])
