"""Everything at hand of what the standard and the guides say, found by canonical, version and type."""

from __future__ import annotations

import hashlib
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Final

from fhir_iop import data
from fhir_iop.definitions.archive import MANIFEST, PackageFiles
from fhir_iop.definitions.circles import Progress
from fhir_iop.definitions.codes import Expansion, Membership
from fhir_iop.definitions.expansion import expand
from fhir_iop.definitions.facts import SUFFIX, Facts
from fhir_iop.definitions.package import FactsPackage, Package
from fhir_iop.definitions.pinning import pinned
from fhir_iop.definitions.resources import ResourcePackage
from fhir_iop.definitions.translation import translate, translate_back
from fhir_iop.definitions.versions import fitting
from fhir_iop.fhir.reference import canonical as split

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fhir_iop.definitions.facts import Canonical, TypeEntry
    from fhir_iop.definitions.pinning import Pin
    from fhir_iop.definitions.schema import Element, SearchParameter, Structure
    from fhir_iop.definitions.translation import Translation
    from fhir_iop.definitions.vocabulary import CodeSystem, Concept, ConceptMap, ValueSet

CORE: Final = "hl7.fhir.r4.core"
_DEEPEST: Final = 32  # types between a type and its root; more is a circle


class Definitions:
    """The definitions of a list of packages. Immutable to those who use it, and safe to share between threads.

    Facts are read when they are first asked for and kept. A canonical without a version means the newest version in
    the first package of the list that has it; inside a package, that package's own or its dependency's version.
    """

    def __init__(self, packages: tuple[Package, ...]) -> None:
        self.packages = packages
        self._loaded: dict[tuple[str, str], Any] = {}
        self._expansions: dict[str, Expansion] = {}
        self._codes: dict[str, frozenset[str] | None] = {}
        self._search: dict[str, Mapping[str, SearchParameter]] = {}
        self._spelled: dict[str, dict[str, Concept]] = {}

    @staticmethod
    def bundled() -> Definitions:
        """Return what comes with fhir-iop: R4 core, our guide, US Core 6.1.0 and 7.0.0, in this order of preference."""
        return _bundled()

    def with_packages(self, *packages: Package) -> Definitions:
        """Return definitions that know ``packages`` too and prefer them; the same package and version is replaced."""
        replaced = {(package.name, package.version) for package in packages}
        kept = (package for package in self.packages if (package.name, package.version) not in replaced)
        return Definitions((*packages, *kept))

    @cached_property
    def fingerprint(self) -> str:
        """A hash of all facts and of the order of preference: the same facts, the same answers."""
        return hashlib.sha256("\n".join(package.fingerprint for package in self.packages).encode()).hexdigest()

    # --- types and structures -------------------------------------------------------------------------------------

    def structure(self, canonical: str) -> Structure | None:
        """Return the structure that a canonical (``url``, ``url|6.1.0``, ``url|6.1``) or a type's name means."""
        entry = None if ":" in canonical else self._type(canonical)
        found: Structure | None = self._find("StructureDefinition", canonical if entry is None else entry.url)
        return found

    def type(self, name: str) -> Structure | None:
        """Return the base definition of a data type or resource type, or None where there is no such type."""
        entry = self._type(name)
        return None if entry is None else self.structure(entry.url)

    def child(self, path: str, name: str) -> Element | None:
        """Return the element ``name`` below ``path``, which begins with a type: ``Patient``, ``Patient.contact``.

        A choice is found by its bare name: ``value`` for ``value[x]``. None where the type has no such element.
        """
        structure = self.type(path.partition(".")[0])
        return None if structure is None else structure.child(path, name)

    def _type(self, name: str) -> TypeEntry | None:
        # The standard's own types come first: no package can redefine Patient, and none is listed to find it.
        for package in self._core_first:
            if name in package.types:
                return package.types[name]
        return None

    @cached_property
    def _core_first(self) -> list[Package]:
        return sorted(self.packages, key=lambda package: package.name != CORE)

    @cached_property
    def resource_types(self) -> frozenset[str]:
        """The names of all resource types that can be instantiated."""
        entries = (item for package in self.packages for item in package.types.items())
        return frozenset(name for name, entry in entries if entry.kind == "resource" and not entry.abstract)

    def is_a(self, name: str, ancestor: str) -> bool:
        """Whether the type ``name`` is ``ancestor`` or specialises it (``Age`` is a ``Quantity`` is an ``Element``)."""
        for _ in range(_DEEPEST):
            if name == ancestor:
                return True
            entry = self._type(name)
            if entry is None or entry.base is None:
                return False
            name = entry.base.rpartition("/")[2]
        return False

    def search_parameters(self, type_: str) -> Mapping[str, SearchParameter]:
        """Return the search parameters of a resource type by code, those that every resource has among them.

        Where several packages define one code the standard's own is taken; where one does so twice, which R4 does
        for examples, the one that isn't experimental.
        """
        found = self._search.get(type_)
        if found is None:
            merged: dict[str, SearchParameter] = {}
            for package in reversed(self._core_first):
                for base in ("Resource", "DomainResource", type_):
                    if self.is_a(type_, base):
                        settled = sorted(package.search_parameters(base), key=lambda each: not each.experimental)
                        merged |= {parameter.code: parameter for parameter in settled}
            found = self._search[type_] = merged
        return found

    # --- terminology ----------------------------------------------------------------------------------------------

    def code_system(self, canonical: str) -> CodeSystem | None:
        """Return the code system that a canonical means, or None where it isn't at hand."""
        found: CodeSystem | None = self._find("CodeSystem", canonical)
        return found

    def value_set(self, canonical: str) -> ValueSet | None:
        """Return the value set that a canonical means, or None where it isn't at hand."""
        found: ValueSet | None = self._find("ValueSet", canonical)
        return found

    def concept_map(self, canonical: str) -> ConceptMap | None:
        """Return the concept map that a canonical means, or None where it isn't at hand."""
        found: ConceptMap | None = self._find("ConceptMap", canonical)
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

    def membership(self, value_set: str, system: str | None, code: str) -> Membership:
        """Whether ``code`` of ``system`` is in a value set; system None is for elements of type ``code``."""
        expansion = self.expansion(value_set)
        found = expansion.membership(system, code)
        if found is Membership.NOT_MEMBER and system is not None:
            concept = self.concept(system, code)
            if concept is not None and concept.code != code:
                return expansion.membership(system, concept.code)
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
        return expansion

    # --- whole resources ------------------------------------------------------------------------------------------

    def resource(self, canonical: str, type: str) -> dict[str, Any] | None:  # noqa: A002  # FHIR's own word
        """Return a whole conformance resource as FHIR JSON, or None; facts files hold none, loaded packages all."""
        url, wanted = split(canonical)
        for package in self.packages:
            version = fitting(package.versions(type, url), wanted)
            found = None if version is None else package.resource(type, url, version)
            if found is not None:
                return found
        return None

    def canonicals(self, kind: str) -> Iterator[tuple[Package, str, str]]:
        """Go through all canonicals of a resource type, as (package, url, version), in the order of preference."""
        for package in self.packages:
            for url in package.canonicals(kind):
                for version in package.versions(kind, url):
                    yield package, url, version

    # --- finding and reading --------------------------------------------------------------------------------------

    def _find(self, kind: str, canonical: str, progress: Progress | None = None) -> Any:
        """Return what ``canonical`` means, read or generated if need be; None where it isn't at hand."""
        key = kind, canonical
        if key in self._loaded:
            return self._loaded[key]
        place = self._place(kind, canonical)
        if place is None:
            self._loaded[key] = None
            return None
        package, url, version = place
        exact = kind, f"{url}|{version}"
        if exact not in self._loaded:
            progress = progress or Progress()
            found, whole = progress.make(exact[1], lambda: self._load(package, kind, url, version, progress))
            if not whole:
                return found
            self._loaded[exact] = found
        self._loaded[key] = self._loaded[exact]
        return self._loaded[key]

    def _place(self, kind: str, canonical: str) -> tuple[Package, str, str] | None:
        url, wanted = split(canonical)
        for package in self.packages:
            version = fitting(package.versions(kind, url), wanted)
            if version is not None:
                return package, url, version
        return None

    def _load(self, package: Package, kind: str, url: str, version: str, progress: Progress) -> Canonical | None:
        pin = self._pin(package)
        loaded = package.load(kind, url, version, _Surroundings(self, pin, progress))
        return loaded and pinned(loaded, pin)

    def _pin(self, package: Package) -> Pin | None:
        """How canonicals without a version are read inside ``package``; None where nothing has to be done."""
        near = [package, *self._dependencies(package)]
        near = [each for each in near if each.name != CORE]
        if not near:
            return None

        def pin(kind: str, canonical: str) -> str:
            if "|" not in canonical:
                for each in near:
                    version = fitting(each.versions(kind, canonical), None)
                    if version:
                        return f"{canonical}|{version}"
            return canonical

        return pin

    def _dependencies(self, package: Package) -> list[Package]:
        """List the packages at hand that ``package`` builds on, directly or not, nearest first."""
        found: list[Package] = []
        waiting = [package]
        for each in waiting:
            for name, wanted in each.dependencies.items():
                here = {p.version: p for p in self.packages if p.name == name}
                version = fitting(here, wanted)
                if version is not None and here[version] not in waiting:
                    found.append(here[version])
                    waiting.append(here[version])
        return found


class _Surroundings:
    """What a differential builds on, as the package means it that the differential stands in."""

    def __init__(self, definitions: Definitions, pin: Pin | None, progress: Progress) -> None:
        self._definitions = definitions
        self._pin = pin
        self._progress = progress
        self.type = definitions.type
        self.is_a = definitions.is_a

    def structure(self, canonical: str) -> Structure | None:
        """See :class:`~fhir_iop.definitions.snapshot.Source`."""
        wanted = self._pin("StructureDefinition", canonical) if self._pin else canonical
        found: Structure | None = self._definitions._find("StructureDefinition", wanted, self._progress)  # noqa: SLF001  # its other half
        return found


@cache
def _bundled() -> Definitions:
    profiles = data.folder("profiles")
    core = [Facts.open(path) for path in sorted((profiles / "r4").glob("*" + SUFFIX))]
    us_core = [Facts.open(path) for path in sorted((profiles / "us-core").glob("*" + SUFFIX))]
    guide = profiles / "iop"
    ours = (ResourcePackage(PackageFiles.of_folder(guide)),) if (guide / MANIFEST).is_file() else ()
    return Definitions((*map(FactsPackage, core), *ours, *map(FactsPackage, us_core)))
