"""Places in a resource: what a path leads to, by a profile's snapshot and the types' own definitions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import Binding, Element, ElementType, Structure

EXTENSION = "http://hl7.org/fhir/StructureDefinition/Extension"


@dataclass(frozen=True)
class Target:
    """One place in a resource, under a profile.

    ``name`` is the JSON name (``valueQuantity`` where the element is ``value[x]``), ``path`` the way from the resource
    as findings show it, ``types`` what the element may be here; ``order`` its rank among its siblings.
    """

    definitions: Definitions
    structure: Structure
    element: Element
    name: str
    path: str
    types: tuple[ElementType, ...]
    order: int = 0
    slice: str | None = None

    @property
    def type(self) -> str:
        """The FHIR type's name; empty where it is still open."""
        return self.types[0].code if len({found.code for found in self.types}) == 1 else ""

    @property
    def is_list(self) -> bool:
        """Whether the JSON form is an array."""
        return self.element.is_list

    @property
    def required(self) -> bool:
        """Whether the profile demands at least one."""
        return self.element.min > 0

    @property
    def binding(self) -> Binding | None:
        """The value set that its codes come from."""
        return self.element.binding

    @property
    def is_primitive(self) -> bool:
        """Whether its JSON form is a plain value."""
        structure = self.definitions.type(self.type)
        return structure is not None and structure.kind == "primitive-type"

    @cached_property
    def children(self) -> dict[str, Target]:
        """The elements inside, by JSON name, in the definition's order; prohibited ones are left out."""
        structure, parent = self._inside()
        found: dict[str, Target] = {}
        for order, element in enumerate(structure.children.get(parent.id, ())):
            for child in self._named(structure, element, order):
                found[child.name] = child
        return {name: child for name, child in found.items() if child.element.max != 0}

    def _inside(self) -> tuple[Structure, Element]:
        """Return where the children are defined: in this snapshot, behind a content reference, or in the type."""
        element = self.element
        if self.structure.children.get(element.id):
            return self.structure, element
        unsliced = self.structure.by_id.get(element.id.rpartition(":")[0]) if self.slice else None
        if unsliced is not None and self.structure.children.get(unsliced.id):
            return self.structure, unsliced
        if element.content_reference:
            referred = self.structure.by_id.get(element.content_reference.rpartition("#")[2])
            if referred is not None:
                return self.structure, referred
        profiles = self.types[0].profiles if len(self.types) == 1 else ()
        profile = self.definitions.structure(profiles[0]) if len(profiles) == 1 else None
        structure = profile or self.definitions.type(self.type)
        return (structure, structure.elements[0]) if structure else (self.structure, element)

    def _named(self, structure: Structure, element: Element, order: int) -> Iterator[Target]:
        stem = element.path.rpartition(".")[2]
        if element.slice_name is not None:
            # a slice of a choice (value[x]:valueQuantity) says more about that one type; other slices go by name
            if not stem.endswith("[x]") or not element.types:
                return
            name = stem.removesuffix("[x]") + _capital(element.types[0].code)
            yield Target(self.definitions, structure, element, name, f"{self.path}.{name}", element.types[:1], order)
        elif stem.endswith("[x]"):
            for kind in element.types:
                name = stem.removesuffix("[x]") + _capital(kind.code)
                yield Target(self.definitions, structure, element, name, f"{self.path}.{name}", (kind,), order)
        else:
            yield Target(self.definitions, structure, element, stem, f"{self.path}.{stem}", element.types, order)

    def sliced(self, name: str) -> Target | None:
        """Return the profile's slice called ``name`` of this element, or None."""
        element = self.structure.by_id.get(f"{self.element.id}:{name}")
        if element is None:
            return None
        return replace(self, element=element, types=element.types or self.types, slice=name)

    def required_slices(self) -> list[Target]:
        """Return the slices of this element that the profile demands."""
        prefix = self.element.id + ":"
        elements = [e for e in self.structure.elements if e.id.startswith(prefix) and e.path == self.element.path]
        wanted = [e for e in elements if e.min > 0 and "/" not in e.id]
        return [replace(self, element=e, types=e.types or self.types, slice=e.slice_name) for e in wanted]

    def constants(self) -> Any:
        """Return what the profile fixes here (``fixed[x]``, ``pattern[x]``, also inside), or None."""
        given = self.element.fixed or self.element.pattern
        if given is not None:
            return given[1]
        if self.is_primitive or not self.structure.children.get(self.element.id):
            return None
        inside: dict[str, Any] = {}
        for name, child in self.children.items():
            fixed = child.constants() if child.element.min > 0 or child.element.fixed else None
            if fixed is not None:
                inside[name] = [fixed] if child.is_list else fixed
        return inside or None

    def extension(self, url: str) -> Target | None:
        """Return the content of the extension ``url`` in this ``extension`` element, or None where it is unknown."""
        inner = self.structure.by_id
        for element in inner.values():  # a part of a complex extension: a slice whose url is fixed
            if element.path == self.element.path and element.slice_name == url:
                return replace(self, element=element, slice=url)
        structure = self.definitions.structure(url)
        if structure is None or structure.type != "Extension":
            return None
        root = structure.elements[0]
        return replace(self, structure=structure, element=replace(root, base_max=None), slice=url)

    def may_stand_in(self, where: Target) -> bool:
        """Whether the context of this extension admits it in ``where``."""
        path = where.element.path
        names = {path, "Element"} | ({where.type} if where.type else set())
        if "." not in path and where.structure.kind == "resource":
            names |= {where.structure.type, "DomainResource", "Resource"}
        context = self.structure.context
        return not context or any(expression in names for kind, expression in context if kind == "element")

    def target_types(self) -> frozenset[str]:
        """Return the resource types that a Reference here may lead to; empty means any."""
        canonicals = [canonical for kind in self.types for canonical in kind.target_profiles]
        structures = [self.definitions.structure(canonical) for canonical in canonicals]
        if any(structure is None for structure in structures):
            return frozenset()
        types = {structure.type for structure in structures if structure is not None}
        return frozenset() if "Resource" in types else frozenset(types)


def root(definitions: Definitions, resource: str, profile: str | None) -> Target | None:
    """Return the resource itself, under ``profile`` or its base definition; None where that isn't at hand."""
    structure = definitions.structure(profile) if profile else definitions.type(resource)
    if structure is None or structure.type != resource:
        return None
    return Target(definitions, structure, structure.elements[0], "", resource, structure.elements[0].types)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
