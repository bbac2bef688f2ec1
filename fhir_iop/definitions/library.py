"""Facts found by canonical and version in a list of packages, read when they are first asked for, and kept."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions.circles import Progress
from fhir_iop.definitions.derived import Derived
from fhir_iop.definitions.pinning import pinned
from fhir_iop.definitions.versions import fitting
from fhir_iop.fhir.reference import canonical as split

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions.facts import Canonical, TypeEntry
    from fhir_iop.definitions.package import Package
    from fhir_iop.definitions.pinning import Pin
    from fhir_iop.definitions.schema import Structure

CORE: Final = "hl7.fhir.r4.core"
_KINDS: Final = ("StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap", "Questionnaire")
_MISSING: Final = 4096  # canonicals that are known to be missing: data can name any number
_LONGEST_MISSING: Final = 1000  # characters
_DEEPEST: Final = 32  # types between a type and its root; more is a circle


class Library:
    """The packages, in order of preference. Immutable to those who use it, and safe to share between threads.

    A canonical without a version means the newest version in the first package that has it; inside a package, that
    package's own or its dependency's version.
    """

    def __init__(self, packages: tuple[Package, ...]) -> None:
        self.packages = packages
        self._loaded: dict[tuple[str, str], Any] = {}
        self._missing: set[tuple[str, str]] = set()

    @property
    def fingerprint(self) -> str:
        """A hash of all facts, of what builds on what, and of the order of preference: the same, the same answers.

        Raises Unusable where a package's files have changed since they were read.
        """
        import hashlib  # loads OpenSSL: start-up time is measured

        said = [
            [package.name, package.version, sorted(package.dependencies.items()), package.fingerprint]
            for package in self.packages
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @cached_property
    def derived(self) -> Derived:
        """What was worked out from these definitions, by this process or an earlier one."""
        return Derived(lambda: self.fingerprint)

    def structure(self, canonical: str) -> Structure | None:
        """Return the structure that a canonical (``url``, ``url|6.1.0``, ``url|6.1``) or a type's name means."""
        entry = None if ":" in canonical else self._type(canonical)
        found: Structure | None = self.find("StructureDefinition", canonical if entry is None else entry.url)
        return found

    def type(self, name: str) -> Structure | None:
        """Return the base definition of a data type or resource type, or None where there is no such type."""
        entry = self._type(name)
        return None if entry is None else self.structure(entry.url)

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

    def _type(self, name: str) -> TypeEntry | None:
        # The standard's own types come first: no package can redefine Patient, and none is listed to find it.
        for package in self._core_first:
            if name in package.types:
                return package.types[name]
        return None

    @cached_property
    def _core_first(self) -> list[Package]:
        return sorted(self.packages, key=lambda package: package.name != CORE)

    def resource(self, canonical: str, type: str) -> dict[str, Any] | None:  # noqa: A002  # FHIR's own word
        """Return a whole conformance resource as FHIR JSON, or None; facts files hold none, loaded packages all."""
        url, wanted = split(canonical)
        for package in self.packages:
            version = fitting(package.versions(type, url), wanted)
            found = None if version is None else package.resource(type, url, version)
            if found is not None:
                return found
        return None

    def exact(self, kind: str, canonical: str) -> str | None:
        """Return the url and version (``url|6.1.0``) of the ``kind`` that a canonical means; None if not at hand."""
        place = self._place(kind, canonical)
        return None if place is None else f"{place[1]}|{place[2]}"

    def kind(self, canonical: str) -> str | None:
        """Return the resource type of what a canonical means; None where it isn't at hand."""
        return next((kind for kind in _KINDS if self._place(kind, canonical) is not None), None)

    def canonicals(self, kind: str) -> Iterator[tuple[Package, str, str]]:
        """Go through all canonicals of a resource type, as (package, url, version), in the order of preference."""
        for package in self.packages:
            for url in package.canonicals(kind):
                for version in package.versions(kind, url):
                    yield package, url, version

    def find(self, kind: str, canonical: str, progress: Progress | None = None) -> Any:
        """Return what ``canonical`` means, read or generated if need be; None where it isn't at hand."""
        key = kind, canonical
        if key in self._loaded:
            return self._loaded[key]
        if key in self._missing:
            return None
        place = self._place(kind, canonical)
        if place is None:
            if len(self._missing) >= _MISSING:
                self._missing.clear()
            if len(canonical) <= _LONGEST_MISSING:
                self._missing.add(key)
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

    def __init__(self, library: Library, pin: Pin | None, progress: Progress) -> None:
        self._library = library
        self._pin = pin
        self._progress = progress
        self.type = library.type
        self.is_a = library.is_a

    def structure(self, canonical: str) -> Structure | None:
        """See :class:`~fhir_iop.definitions.snapshot.Source`."""
        wanted = self._pin("StructureDefinition", canonical) if self._pin else canonical
        found: Structure | None = self._library.find("StructureDefinition", wanted, self._progress)
        return found
