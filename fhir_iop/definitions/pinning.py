"""Canonicals without a version, read as the package means them that they stand in.

Two versions of a guide lie side by side, and each one's profiles refer to each other by bare canonicals. Those get the
version of the package that says them, or of its dependency, so that the two never mix.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from fhir_iop.definitions.schema import Binding, Element, ElementType, Structure
from fhir_iop.definitions.vocabulary import ValueSet

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.definitions.facts import Canonical

    Pin: TypeAlias = Callable[[str, str], str]


def pinned(loaded: Canonical, pin: Pin | None) -> Canonical:
    """Return ``loaded`` with every canonical in it that has no version read by ``pin``."""
    if pin is None:
        return loaded
    if isinstance(loaded, Structure):
        return replace(
            loaded,
            base=loaded.base and pin("StructureDefinition", loaded.base),
            elements=tuple(_pinned_element(element, pin) for element in loaded.elements),
        )
    if isinstance(loaded, ValueSet):
        include, exclude = (
            tuple(
                replace(each, value_sets=tuple(pin("ValueSet", canonical) for canonical in each.value_sets))
                for each in part
            )
            for part in (loaded.include, loaded.exclude)
        )
        return replace(loaded, include=include, exclude=exclude)
    return loaded


def _pinned_element(element: Element, pin: Pin) -> Element:
    types = tuple(_pinned_type(type_, pin) for type_ in element.types)
    binding = element.binding and Binding(
        element.binding.strength,
        pin("ValueSet", element.binding.value_set),
        element.binding.max_value_set and pin("ValueSet", element.binding.max_value_set),
    )
    if types == element.types and binding == element.binding:
        return element
    return replace(element, types=types, binding=binding)


def _pinned_type(type_: ElementType, pin: Pin) -> ElementType:
    if not (type_.profiles or type_.target_profiles):
        return type_
    return replace(
        type_,
        profiles=tuple(pin("StructureDefinition", canonical) for canonical in type_.profiles),
        target_profiles=tuple(pin("StructureDefinition", canonical) for canonical in type_.target_profiles),
    )
