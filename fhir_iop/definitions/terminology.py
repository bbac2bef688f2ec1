"""Which codes there are, which are in which value set, and what they become: questions to the packages at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.definitions.circles import Progress
from fhir_iop.definitions.codes import Expansion, Membership
from fhir_iop.definitions.expansion import expand
from fhir_iop.definitions.library import Library
from fhir_iop.definitions.translation import translate, translate_back
from fhir_iop.definitions.units import unit_membership
from fhir_iop.fhir.quantity import UCUM

if TYPE_CHECKING:
    from fhir_iop.definitions.package import Package
    from fhir_iop.definitions.translation import Translation
    from fhir_iop.definitions.vocabulary import CodeSystem, Concept, ConceptMap, ValueSet


class Terminology(Library):
    """The library asked about codes. What was worked out once is kept."""

    def __init__(self, packages: tuple[Package, ...]) -> None:
        super().__init__(packages)
        self._expansions: dict[str, Expansion] = {}
        self._codes: dict[str, frozenset[str] | None] = {}
        self._spelled: dict[str, dict[str, Concept]] = {}

    def code_system(self, canonical: str) -> CodeSystem | None:
        """Return the code system that a canonical means, or None where it isn't at hand."""
        found: CodeSystem | None = self.find("CodeSystem", canonical)
        return found

    def value_set(self, canonical: str) -> ValueSet | None:
        """Return the value set that a canonical means, or None where it isn't at hand."""
        found: ValueSet | None = self.find("ValueSet", canonical)
        return found

    def concept_map(self, canonical: str) -> ConceptMap | None:
        """Return the concept map that a canonical means, or None where it isn't at hand."""
        found: ConceptMap | None = self.find("ConceptMap", canonical)
        return found

    def translate(self, concept_map: str, system: str | None, code: str) -> tuple[Translation, ...]:
        """Return what a concept map makes of ``code`` of ``system`` (None for any); empty without an answer or map."""
        found = self.concept_map(concept_map)
        return () if found is None else tuple(translate(found, system, code, self.concept_map))

    def translate_back(self, concept_map: str, system: str | None, code: str) -> tuple[Translation, ...]:
        """Return the source codes that a concept map makes ``code`` of; empty without any or without the map."""
        found = self.concept_map(concept_map)
        return () if found is None else tuple(translate_back(found, system, code))

    def expansion(self, value_set: str) -> Expansion:
        """Return what is known of the codes of a value set, which may be nothing."""
        return self._expanded(value_set, Progress())

    def expanded(self, value_set: ValueSet) -> Expansion:
        """Return what is known of the codes of a value set that is in no package, such as a contained one."""
        return expand(value_set, self.code_system, self.expansion)

    def membership(self, value_set: str, system: str | None, code: str) -> Membership:
        """Whether ``code`` of ``system`` is in a value set; system None is for elements of type ``code``."""
        expansion = self.expansion(value_set)
        found = expansion.membership(system, code)
        if found is Membership.NOT_MEMBER and system is not None:
            concept = self.concept(system, code)
            if concept is not None and concept.code != code:
                return expansion.membership(system, concept.code)
        if found is Membership.UNKNOWN and system == UCUM:
            known = self.value_set(value_set)
            return found if known is None else unit_membership(known, code)
        return found

    def codes(self, value_set: str) -> frozenset[str] | None:
        """Return a value set's codes without their systems, for elements of type ``code``; None if not all known."""
        if value_set not in self._codes:
            expansion = self.expansion(value_set)
            self._codes[value_set] = expansion.bare if expansion.is_exact else None
        return self._codes[value_set]

    def concept(self, system: str, code: str) -> Concept | None:
        """Return a code system's concept, or None; letter case counts only where the code system says so."""
        spelled = self._spelled.get(system)
        found = self.code_system(system)
        if found is None:
            return None
        if spelled is None:
            fold = str if found.case_sensitive else str.casefold
            spelled = self._spelled[system] = {fold(concept.code): concept for concept in found.concepts}
        return spelled.get(code if found.case_sensitive else code.casefold())

    def display(self, system: str, code: str) -> str | None:
        """Return the display that a code system gives a code; None where it gives none or isn't at hand."""
        concept = self.concept(system, code)
        return concept.display or None if concept else None

    def _expanded(self, canonical: str, progress: Progress) -> Expansion:
        known = self._expansions.get(canonical)
        if known is not None:
            return known
        kept = self.derived.find("expansion", canonical)
        if kept is not None:
            self._expansions[canonical] = Expansion.of_tables(*kept)
            return self._expansions[canonical]
        value_set = self.value_set(canonical)
        if value_set is None:
            return Expansion.unknown()
        expansion, whole = progress.make(
            canonical, lambda: expand(value_set, self.code_system, lambda nested: self._expanded(nested, progress))
        )
        if expansion is None:
            return Expansion.unknown()
        if whole:
            self._expansions[canonical] = expansion
            self.derived.keep("expansion", canonical, expansion.tables())
        return expansion
