"""What the standard and the guides say of codes, as immutable values: code systems, value sets, concept maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple


class Concept(NamedTuple):
    """A code, its display, the codes that subsume it directly, and what else its system says of it."""

    code: str
    display: str = ""
    parents: tuple[str, ...] = ()
    properties: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class CodeSystem:
    """A code system (https://hl7.org/fhir/R4/codesystem.html); its concepts in their order, without the nesting.

    ``content`` says how much of it is here; only ``complete`` means that a code not listed doesn't exist.
    """

    url: str
    version: str
    name: str
    content: Literal["not-present", "example", "fragment", "complete", "supplement"]
    case_sensitive: bool = True
    hierarchy: Literal["grouped-by", "is-a", "part-of", "classified-with", ""] = ""
    supplements: str | None = None
    concepts: tuple[Concept, ...] = ()


class Filter(NamedTuple):
    """One filter of an include: ``property`` stands in the relation ``op`` to ``value``."""

    property: str
    op: str
    value: str


@dataclass(frozen=True, slots=True)
class Include:
    """One include or exclude of a value set's compose (https://hl7.org/fhir/R4/valueset.html#compositions).

    ``codes`` are the codes enumerated; None where there are none, which means all of the system that passes the
    filters. Each of ``value_sets`` narrows it further.
    """

    system: str | None = None
    version: str | None = None
    codes: tuple[str, ...] | None = None
    filters: tuple[Filter, ...] = ()
    value_sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ValueSet:
    """A value set: how it is composed, and the expansion published with it, as pairs of system and code.

    ``expansion`` is None where there is none, or none that is whole.
    """

    url: str
    version: str
    name: str
    include: tuple[Include, ...] = ()
    exclude: tuple[Include, ...] = ()
    expansion: tuple[tuple[str, str], ...] | None = None


class Mapped(NamedTuple):
    """What a source code becomes: ``code`` is None where the map says that there is none (``unmatched``)."""

    code: str | None
    equivalence: str


@dataclass(frozen=True, slots=True)
class MapGroup:
    """The part of a concept map between one source and one target system, as pairs of code and targets."""

    source: str
    target: str
    pairs: tuple[tuple[str, tuple[Mapped, ...]], ...] = ()
    unmapped: tuple[str, str | None] | None = None


@dataclass(frozen=True, slots=True)
class ConceptMap:
    """A concept map (https://hl7.org/fhir/R4/conceptmap.html). ``source`` and ``target`` are its value sets."""

    url: str
    version: str
    name: str
    source: str = ""
    target: str = ""
    groups: tuple[MapGroup, ...] = ()
