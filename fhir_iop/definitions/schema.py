"""What the standard and the guides say, as immutable values: structures, elements, search parameters.

These are facts, not prose: the parts of a StructureDefinition's snapshot that decide whether data is right
(https://hl7.org/fhir/R4/elementdefinition.html). ``definitions/build.py`` makes them from official packages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from fhir_iop.issue import Issue  # noqa: TC001  # facts are read by their type hints


@dataclass(frozen=True, slots=True)
class Binding:
    """The value set an element's codes come from; canonicals as published, with ``|version`` where given."""

    strength: Literal["required", "extensible", "preferred", "example"]
    value_set: str
    max_value_set: str | None = None


@dataclass(frozen=True, slots=True)
class Constraint:
    """An invariant: a FHIRPath ``expression`` evaluated with the element as context."""

    key: str
    severity: Literal["error", "warning"]
    expression: str
    human: str = ""
    source: str | None = None
    best_practice: bool = False


@dataclass(frozen=True, slots=True)
class ElementType:
    """One allowed type of an element. ``code`` is a FHIR type name (``string``, never a System type's URL)."""

    code: str
    profiles: tuple[str, ...] = ()
    target_profiles: tuple[str, ...] = ()
    aggregation: tuple[str, ...] = ()
    versioning: str | None = None


@dataclass(frozen=True, slots=True)
class Discriminator:
    """What tells a slice's members: ``path`` is a restricted FHIRPath, relative to the sliced element."""

    type: Literal["value", "pattern", "type", "profile", "exists"]
    path: str


@dataclass(frozen=True, slots=True)
class Slicing:
    """How an element is sliced (https://hl7.org/fhir/R4/profiling.html#slicing)."""

    discriminators: tuple[Discriminator, ...]
    rules: Literal["open", "closed", "openAtEnd"]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a snapshot.

    ``max`` is None for ``*``. ``fixed``, ``pattern``, ``min_value`` and ``max_value`` are ``(type, JSON value)``.
    ``base_max`` is the cardinality in the type itself: it decides whether the JSON form is an array.
    ``content_reference`` names the element whose children these are: ``#`` and its id, after a url where it is told
    in full (``#Questionnaire.item``, ``http://…/Questionnaire#Questionnaire.item``).
    ``controls`` are what HL7's extensions on the element ask of its values, as ``(name, value)``: ``minLength``,
    ``regex``, ``maxDecimalPlaces``, ``maxSize``, ``mimeType``, ``narrative-language-control`` (may come several times),
    ``narrative-source-control``, and of R5 by its cross-version extensions ``mustHaveValue``, ``valueAlternatives``.
    """

    id: str
    path: str
    min: int
    max: int | None
    types: tuple[ElementType, ...] = ()
    slice_name: str | None = None
    slicing: Slicing | None = None
    content_reference: str | None = None
    binding: Binding | None = None
    fixed: tuple[str, Any] | None = None
    pattern: tuple[str, Any] | None = None
    constraints: tuple[Constraint, ...] = ()
    must_support: bool = False
    is_modifier: bool = False
    is_summary: bool = False
    min_value: tuple[str, Any] | None = None
    max_value: tuple[str, Any] | None = None
    max_length: int | None = None
    base_path: str = ""
    base_min: int = 0
    base_max: int | None = None
    xml: Literal["element", "xmlAttr", "xmlText", "xhtml"] = "element"
    controls: tuple[tuple[str, Any], ...] = ()

    @property
    def name(self) -> str:
        """The last part of the path, with ``[x]`` where the element is a choice."""
        return self.path.rpartition(".")[2]

    @property
    def is_list(self) -> bool:
        """Whether the JSON form is an array."""
        return self.base_max is None or self.base_max > 1


@dataclass(frozen=True)
class Structure:
    """A StructureDefinition's snapshot: the root element first, then all others in order.

    ``type`` is the type it defines or constrains; ``base`` the canonical of its parent (None for Element, Resource);
    ``context`` where an extension may stand, as ``(type, expression)`` with type element, extension or fhirpath.
    A canonical in it without a version that its own package or a dependency of that defines carries that version.
    ``issues``: what was wrong with a differential that this snapshot was generated from.
    """

    url: str
    version: str
    name: str
    type: str
    kind: Literal["primitive-type", "complex-type", "resource", "logical"]
    abstract: bool
    base: str | None
    derivation: Literal["specialization", "constraint"] | None
    elements: tuple[Element, ...]
    context: tuple[tuple[str, str], ...] = ()
    context_invariants: tuple[str, ...] = ()
    issues: tuple[Issue, ...] = ()

    @property
    def canonical(self) -> str:
        """``url|version``."""
        return f"{self.url}|{self.version}"

    @cached_property
    def by_id(self) -> dict[str, Element]:
        """Elements by ``ElementDefinition.id`` (``Observation.category:VSCat.coding``)."""
        return {element.id: element for element in self.elements}

    @cached_property
    def children(self) -> dict[str, tuple[Element, ...]]:
        """Direct children by the parent's id, in order, slices after what they slice."""
        found: dict[str, list[Element]] = {}
        for element in self.elements[1:]:
            found.setdefault(element.id.rpartition(".")[0], []).append(element)
        return {parent: tuple(elements) for parent, elements in found.items()}

    @cached_property
    def _by_name(self) -> dict[tuple[str, str], Element]:
        found = {}
        for element in self.elements[1:]:
            if element.slice_name is None:
                parent, _, name = element.id.rpartition(".")
                found[parent, name.removesuffix("[x]")] = element
        return found

    def child(self, parent_id: str, name: str) -> Element | None:
        """Return the child of the element ``parent_id`` called ``name`` (``value`` for ``value[x]``), or None.

        A content reference is followed: the children of ``Questionnaire.item.item`` are those of
        ``Questionnaire.item``. The children of a data type are in that type's own structure.
        """
        found = self._by_name.get((parent_id, name))
        if found is None:
            parent = self.by_id.get(parent_id)
            if parent is not None and parent.content_reference:
                found = self._by_name.get((parent.content_reference.rpartition("#")[2], name))
        return found


@dataclass(frozen=True, slots=True)
class SearchParameter:
    """A search parameter as it applies to one resource type (https://hl7.org/fhir/R4/search.html).

    ``base`` are all types that share it; ``expression`` is narrowed to the type it was asked for, and empty where
    nothing but the server's own working can say what it finds (``_text``). ``components`` are those of a composite,
    as (definition, expression).
    """

    url: str
    code: str
    type: Literal["number", "date", "string", "token", "reference", "composite", "quantity", "uri", "special"]
    base: tuple[str, ...]
    expression: str
    target: tuple[str, ...] = ()
    components: tuple[tuple[str, str], ...] = ()
    experimental: bool = False
