"""CodeSystem, ValueSet and ConceptMap → their immutable values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.definitions.vocabulary import (
    CodeSystem,
    Concept,
    ConceptMap,
    Filter,
    Include,
    MapGroup,
    Mapped,
    ValueSet,
)
from fhir_iop.fhir.reference import canonical

if TYPE_CHECKING:
    from collections.abc import Iterator


def identity(url: str, version: str) -> tuple[str, str]:
    """Return the url and version of a conformance resource.

    R4's package has the versions of some HL7 v2 tables in their url (``…/v2-0006|2.1``), as a canonical would.
    """
    bare, told = canonical(url)
    return bare, told or version


def code_system_of(resource: dict[str, Any]) -> CodeSystem:
    """Return what a CodeSystem says. Raises KeyError, TypeError or ValueError where it isn't one."""
    url, version = identity(resource["url"], resource.get("version", ""))
    return CodeSystem(
        url=url,
        version=version,
        name=resource.get("name", ""),
        content=resource["content"],
        case_sensitive=resource.get("caseSensitive", True),
        hierarchy=resource.get("hierarchyMeaning", ""),
        supplements=resource.get("supplements"),
        concepts=_with_properties_of_hierarchy(list(_concepts(resource.get("concept", ()), ()))),
    )


def _concepts(nested: list[dict[str, Any]], parents: tuple[str, ...]) -> Iterator[Concept]:
    waiting = [(concept, parents) for concept in reversed(nested)]
    while waiting:
        concept, above = waiting.pop()
        properties = tuple((one["code"], _value(one)) for one in concept.get("property", ()))
        yield Concept(concept["code"], concept.get("display", ""), above, properties)
        waiting += [(child, (concept["code"],)) for child in reversed(concept.get("concept", []))]


def _value(concept_property: dict[str, Any]) -> Any:
    return next((value for key, value in concept_property.items() if key.startswith("value")), None)


def _with_properties_of_hierarchy(concepts: list[Concept]) -> tuple[Concept, ...]:
    """Add the parents that the properties ``parent`` and ``child`` name to those that nesting shows.

    A concept with several parents can be nested under one only (https://hl7.org/fhir/R4/codesystem.html#hierarchy).
    """
    more: dict[str, list[str]] = {}
    for concept in concepts:
        for name, value in concept.properties:
            if name == "child":
                more.setdefault(value, []).append(concept.code)
            elif name == "parent":
                more.setdefault(concept.code, []).append(value)
    if not more:
        return tuple(concepts)
    return tuple(
        concept._replace(parents=tuple(dict.fromkeys((*concept.parents, *more.get(concept.code, ())))))
        for concept in concepts
    )


def value_set_of(resource: dict[str, Any]) -> ValueSet:
    """Return what a ValueSet says. Raises KeyError, TypeError or ValueError where it isn't one."""
    compose = resource.get("compose", {})
    url, version = identity(resource["url"], resource.get("version", ""))
    return ValueSet(
        url=url,
        version=version,
        name=resource.get("name", ""),
        include=tuple(map(_include, compose.get("include", ()))),
        exclude=tuple(map(_include, compose.get("exclude", ()))),
        expansion=_expansion(resource.get("expansion")),
    )


def _expansion(expansion: dict[str, Any] | None) -> tuple[tuple[str, str], ...] | None:
    """Return the pairs of a published expansion; None for none, and for a page or a part of one."""
    if expansion is None or "offset" in expansion:
        return None
    pairs = tuple(_expanded(expansion.get("contains", [])))
    cut = any(one["url"].endswith("/valueset-toocostly") for one in expansion.get("extension", ()))
    return None if cut or expansion.get("total", len(pairs)) > len(pairs) else pairs


def _include(include: dict[str, Any]) -> Include:
    concepts = include.get("concept")
    return Include(
        system=include.get("system"),
        version=include.get("version"),
        codes=None if concepts is None else tuple(concept["code"] for concept in concepts),
        filters=tuple(Filter(one["property"], one["op"], one["value"]) for one in include.get("filter", ())),
        value_sets=tuple(include.get("valueSet", ())),
    )


def _expanded(contains: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    waiting = list(reversed(contains))
    while waiting:
        one = waiting.pop()
        if "code" in one and not one.get("abstract", False):
            yield one.get("system", ""), one["code"]
        waiting += reversed(one.get("contains", []))


def concept_map_of(resource: dict[str, Any]) -> ConceptMap:
    """Return what a ConceptMap says. Raises KeyError, TypeError or ValueError where it isn't one."""
    url, version = identity(resource["url"], resource.get("version", ""))
    return ConceptMap(
        url=url,
        version=version,
        name=resource.get("name", ""),
        source=resource.get("sourceCanonical") or resource.get("sourceUri", ""),
        target=resource.get("targetCanonical") or resource.get("targetUri", ""),
        groups=tuple(map(_group, resource.get("group", ()))),
    )


def _group(group: dict[str, Any]) -> MapGroup:
    unmapped = group.get("unmapped")
    return MapGroup(
        source=group.get("source", ""),
        target=group.get("target", ""),
        pairs=tuple(
            (
                element["code"],
                tuple(Mapped(target.get("code"), target["equivalence"]) for target in element.get("target", ())),
            )
            for element in group.get("element", ())
            if "code" in element
        ),
        unmapped=None if unmapped is None else (unmapped["mode"], unmapped.get("code") or unmapped.get("url")),
    )
