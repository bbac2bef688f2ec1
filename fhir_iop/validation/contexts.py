"""Where an extension may stand (https://hl7.org/fhir/R4/defining-extensions.html#context)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from fhir_iop import fhirpath

if TYPE_CHECKING:
    from fhir_iop.definitions.schema import Structure
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Item


def allows(extension: Structure, holder: Item) -> bool:
    """Whether ``extension`` may stand in the element ``holder``."""
    path = _full_path(holder)
    names = {*names_of(holder.expected), path}
    url = holder.value.get("url") if holder.expected.type == "Extension" and isinstance(holder.value, dict) else None
    return any(
        fits(kind, expression, names)
        or (kind == "extension" and expression == url)
        or (kind == "fhirpath" and _selects(expression, holder))
        for kind, expression in extension.context
    ) or any(f"{path}.".startswith(f"{meant}.") or meant in names for meant in _MEANT.get(extension.url, ()))


# Where R4's own definitions and those of its guides put extensions whose published context is narrower: the names of
# elements, in and below which they may stand.
_MEANT: Final[dict[str, tuple[str, ...]]] = {
    "http://hl7.org/fhir/StructureDefinition/structuredefinition-fhir-type": ("ElementDefinition.type",),
    "http://hl7.org/fhir/StructureDefinition/regex": ("ElementDefinition.type",),
    "http://hl7.org/fhir/StructureDefinition/capabilitystatement-expectation": (
        "CapabilityStatement",
        "SearchParameter",
    ),
}


def fits(kind: str, expression: str, names: set[str]) -> bool:
    """Whether one context means an element of these ``names``; that of one that needs data to tell is not known."""
    # Element is the root of all types; resources are meant too, as the standard's own use shows.
    return kind == "element" and (expression == "Element" or expression.replace("[x]", "") in names)


# The standard's invariants name the property of an extension's value as JSON does, which no path can.
_AS_PATH: Final = re.compile(r"%extension\.value[A-Z]\w*")


def broken_invariants(extension: Structure, item: Item) -> list[str]:
    """Return the invariants of ``extension``'s context that aren't true of what holds the extension ``item``.

    `%extension` is the extension itself (https://hl7.org/fhir/R4/structuredefinition-definitions.html
    #StructureDefinition.contextInvariant). One that can't be told is left out.
    """
    holder = item.up
    if holder is None or not isinstance(holder.value, dict):
        return []
    context = replace(holder.frame.context, variables={"extension": fhirpath.TypedValue("Extension", item.value)})
    definitions = holder.expected.expectations.definitions
    broken = []
    for expression in extension.context_invariants:
        try:
            path = _AS_PATH.sub("%extension.value", expression)
            holds = fhirpath.compile(path, holder.expected.fhirpath_type, definitions, is_kept=True).holds
            if not holds(holder.value, context):
                broken.append(expression)
        except fhirpath.FhirPathError:
            continue
    return broken


def _selects(expression: str, holder: Item) -> bool:
    """Whether the element is among those that a FHIRPath context selects in the resource it lies in."""
    resource = holder.frame.resource
    definitions = holder.expected.expectations.definitions
    try:
        compiled = fhirpath.compile(expression, resource["resourceType"], definitions, is_kept=True)
        selected = compiled.typed(resource, holder.frame.context)
    except fhirpath.FhirPathError:
        return False  # it speaks of another type, or selects nothing that can be told
    # Values are parts of the resource itself; a primitive, which has no identity, counts where it is equal.
    if isinstance(holder.value, dict):
        return any(one.value is holder.value for one in selected)
    return any(one.value == holder.value for one in selected)


def names_of(holder: Expected) -> set[str]:
    """Return the names by which a context can mean an element: its paths, its type, and what that type is."""
    definitions = holder.expectations.definitions
    names = {holder.type}
    for view in holder.views:
        names |= {view.element.path, view.element.base_path, view.structure.url}
    structure = definitions.type(holder.type)
    while structure is not None:
        names.add(structure.type)
        structure = definitions.structure(structure.base) if structure.base else None
    if holder.is_resource and {"url", "status"} <= holder.members.keys():
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
