"""What all definitions together expect of one value: the views of the base type and of each profile, merged.

A *view* is what one structure says about one element. The views of a value are merged before anything is checked, so
that a rule sees every definition at once, and so that the compiled check holds each constraint only once.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from fhir_iop.validation import slices
from fhir_iop.validation.bindings import bindings_of
from fhir_iop.validation.invariants import invariants_of
from fhir_iop.validation.rules import CONTENT, FORM, STRUCTURE

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from fhir_iop.definitions.schema import Constraint, Element, ElementType, Structure
    from fhir_iop.validation.bindings import Bound
    from fhir_iop.validation.expectations import Expectations
    from fhir_iop.validation.invariants import Invariant
    from fhir_iop.validation.rule import Rule
    from fhir_iop.validation.slices import Slicing

_T = TypeVar("_T")

_ANY = frozenset({"Resource", "Element", "BackboneElement"})  # types that stand for others


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """What ``structure`` says about ``element``. There is one object for each pair, so identity is equality."""

    structure: Structure
    element: Element

    @property
    def said_by(self) -> str:
        """The canonical to name when this view is why something is wrong."""
        return self.structure.canonical

    @property
    def content(self) -> tuple[Element, ...]:
        """The elements inside, where this structure describes them itself."""
        return self.structure.children.get(self.element.id, ())

    @property
    def refers_to(self) -> Element | None:
        """The element whose content and invariants these are too (`contentReference`), where there is one."""
        if self.element.content_reference is None:
            return None
        return self.structure.by_id.get(self.element.content_reference.partition("#")[2])


@dataclass(frozen=True, slots=True)
class Said:
    """One merged fact, with the canonical of the first structure that says so."""

    fact: Any
    by: str


class Expected:
    """All views of one value of one FHIR type.

    ``type`` is the FHIR type's name; ``Resource`` stands where only the value's ``resourceType`` tells the type.
    """

    def __init__(self, expectations: Expectations, type_: str, views: tuple[View, ...]) -> None:
        self.expectations = expectations
        self.type = type_
        self.views = views

    @cached_property
    def is_primitive(self) -> bool:
        """Whether the JSON form is a bare value."""
        return self.expectations.is_primitive(self.type)

    @cached_property
    def is_resource(self) -> bool:
        """Whether the value carries a ``resourceType``."""
        return self.expectations.is_resource(self.type)

    @cached_property
    def is_composed(self) -> bool:
        """Whether values are made of elements that have a meaning each: resources and their backbone elements."""
        return self.is_resource or self.type == "BackboneElement"

    @cached_property
    def is_quantity(self) -> bool:
        """Whether values are a Quantity or one of its kinds."""
        return self.expectations.definitions.is_a(self.type, "Quantity")

    @cached_property
    def members(self) -> dict[str, Member]:
        """The child elements by element name (``value[x]`` for a choice), in the order of the definition."""
        found: dict[str, list[View]] = {}
        for view in self.views:
            for element in view.content:
                if element.slice_name is None:
                    found.setdefault(element.name, []).append(self.expectations.view(view.structure, element))
        return {name: Member(self.expectations, name, tuple(views)) for name, views in found.items()}

    @cached_property
    def order(self) -> dict[str, int]:
        """The position of each JSON property in the definition."""
        return {name: position for position, name in enumerate(self.by_json_name)}

    @cached_property
    def by_json_name(self) -> dict[str, tuple[Member, str]]:
        """Each JSON property that may stand in the object (without ``_``) → its element, and the type it implies."""
        return {
            json_name: (member, type_)
            for member in self.members.values()
            for json_name, type_ in member.variants.items()
        }

    def merged(self, fact: Callable[[View], _T | None], key: Callable[[_T], Hashable] = repr) -> tuple[Said, ...]:
        """Collect what ``fact`` finds in each view, each distinct thing (by ``key``) once."""
        found: dict[Hashable, Said] = {}
        for view in self.views:
            value = fact(view)
            if value is not None:
                found.setdefault(key(value), Said(value, view.said_by))
        return tuple(found.values())

    @cached_property
    def constraints(self) -> tuple[tuple[Constraint, View], ...]:
        """The invariants with the first view that says them; one that several views repeat, once."""
        found = {
            (constraint.key, constraint.expression): (constraint, view)
            for view in reversed(self.views)
            for constraint in view.element.constraints
        }
        return tuple(found.values())[::-1]

    @cached_property
    def invariants(self) -> tuple[Invariant, ...]:
        """The constraints, compiled; without those that a rule of their own checks."""
        return invariants_of(self)

    @cached_property
    def fhirpath_type(self) -> str:
        """The name by which FHIRPath knows the type: an element's path where its content has no type of its own."""
        element = self.views[0].element
        if not element.types and element.content_reference is not None:
            return element.content_reference.partition("#")[2]
        return element.path if self.type in {"BackboneElement", "Element"} and "." in element.path else self.type

    form_rules = FORM

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that can find something in such values, in their order."""
        return tuple(rule for rule in (*STRUCTURE, *CONTENT) if rule.applies(self))

    @cached_property
    def bindings(self) -> tuple[Bound, ...]:
        """The value sets that a value's code comes from, the strongest first."""
        return bindings_of(self.expectations.definitions, self.type, self.views)

    @cached_property
    def type_entries(self) -> tuple[tuple[View, ElementType], ...]:
        """For each view that names types, its entry for this type (for a Reference: where it may point)."""
        return tuple((view, entry) for view in self.views for entry in view.element.types if entry.code == self.type)


class Member:
    """One child element of an object: its cardinality, JSON forms, and slices, as each view has them."""

    def __init__(self, expectations: Expectations, name: str, views: tuple[View, ...]) -> None:
        self.expectations = expectations
        self.name = name
        self.views = views

    @property
    def step(self) -> str:
        """The element's name in FHIRPath (``value``, not ``value[x]``)."""
        return self.name.removesuffix("[x]")

    @cached_property
    def is_list(self) -> bool:
        """Whether the JSON form is an array: what the base type says, whatever a profile narrows."""
        return self.views[0].element.is_list

    @cached_property
    def variants(self) -> dict[str, str]:
        """JSON property → FHIR type. A choice has one for each type that the base allows."""
        element = self.views[0].element
        types = [entry.code for entry in element.types]
        if self.name.endswith("[x]"):
            return {self.step + type_[0].upper() + type_[1:]: type_ for type_ in types}
        if element.base_path == "Resource.id":  # R4 publishes it as a string; the specification means an id
            return {self.name: "id"}
        return {self.name: types[0] if types else "BackboneElement"}

    def allows(self, view: View, type_: str) -> bool:
        """Whether one of the views lets the element have a type that the base does."""
        codes = {entry.code for entry in view.element.types}
        # An id is published as a string and meant as an id: no profile narrows it.
        return not codes or type_ in codes or "id" in self.variants or not codes.isdisjoint(_ANY)

    @cached_property
    def slicings(self) -> tuple[Slicing, ...]:
        """How each view slices the element; views that don't are left out."""
        return tuple(found for found in map(self._slicing, self.views) if found is not None)

    def _slicing(self, view: View) -> Slicing | None:
        return slices.slicing_of(self.expectations, view)

    @cached_property
    def _expected(self) -> dict[tuple[Hashable, ...], Expected]:
        return {}

    def expected(self, type_: str, chosen: Iterable[View] = (), more: Iterable[View] = ()) -> Expected:
        """Return what is expected of a value of ``type`` that lies in the slices ``chosen``.

        What a profile says of the element holds in its slices too, whatever the slices' own elements repeat or leave
        out. ``more`` are roots of structures that the value itself brings in (its resource type, a profile it claims,
        its extension's url).
        """
        chosen, more = tuple(chosen), tuple(more)
        key = (type_, chosen, more)
        found = self._expected.get(key)
        if found is None:
            # A profile that excludes the type says nothing of such values but that (rules/choice.py).
            silent = {view.structure.canonical for view in self.views[1:] if not self.allows(view, type_)}
            views = (*self.views[:1], *(view for view in self.views[1:] if view.structure.canonical not in silent))
            found = self.expectations.expected(type_, (*views, *chosen), more)
            self._expected[key] = found
        return found
