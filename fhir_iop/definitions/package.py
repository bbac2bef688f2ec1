"""A package as ``Definitions`` sees it: what it holds, by canonical and version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from fhir_iop.definitions.facts import Canonical, Facts, TypeEntry
    from fhir_iop.definitions.schema import SearchParameter
    from fhir_iop.definitions.snapshot import Source


MANIFEST: Final = "package.json"
"""The file of a package that names it, its version and what it builds on."""


@dataclass(frozen=True, slots=True)
class Head:
    """What tells where a resource belongs, of any type, as it stands there: nothing is checked yet."""

    resourceType: Any = None  # noqa: N815  # FHIR's names, in which it is read
    url: Any = None
    version: Any = ""
    type: Any = None
    kind: Any = None
    abstract: Any = False
    derivation: Any = None
    baseDefinition: Any = None  # noqa: N815


class Package(Protocol):
    """One FHIR package, loaded as far as it was asked for. Safe to share between threads."""

    @property
    def name(self) -> str:
        """The package's name, ``hl7.fhir.us.core``."""

    @property
    def version(self) -> str:
        """The package's version, ``6.1.0``."""

    @property
    def dependencies(self) -> Mapping[str, str]:
        """The packages it builds on: name → version wanted."""

    @property
    def fingerprint(self) -> str:
        """A hash of all it holds. Raises Unusable where that has changed since it was read."""

    @property
    def types(self) -> Mapping[str, TypeEntry]:
        """The types it defines (not the profiles), by name."""

    def versions(self, kind: str, url: str) -> Collection[str]:
        """Return the versions of ``url`` that it holds; ``kind`` is the resource type (``ValueSet``)."""

    def canonicals(self, kind: str) -> Collection[str]:
        """Return the urls of all it holds of ``kind``."""

    def load(self, kind: str, url: str, version: str, source: Source) -> Canonical | None:
        """Return what ``url|version`` says, which it holds; None where the resource there can't be read.

        ``source`` gives what a profile without a snapshot builds on.
        """

    def search_parameters(self, type_: str) -> Sequence[SearchParameter]:
        """Return the search parameters that name ``type_`` as a base."""

    def resource(self, kind: str, url: str, version: str) -> dict[str, Any] | None:
        """Return the whole resource as FHIR JSON, where the package has it (a facts file has none)."""


class FactsPackage:
    """A package out of a facts file."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        index = facts.index
        self.name = index.name
        self.version = index.version
        self.dependencies: Mapping[str, str] = index.dependencies
        self.fingerprint = index.fingerprint
        self.types: Mapping[str, TypeEntry] = index.types

    def versions(self, kind: str, url: str) -> Collection[str]:
        """See :class:`Package`."""
        return [place.version for place in self._facts.index.places.get(kind, {}).get(url, ())]

    def canonicals(self, kind: str) -> Collection[str]:
        """See :class:`Package`."""
        return self._facts.index.places.get(kind, {}).keys()

    def load(self, kind: str, url: str, version: str, source: Source) -> Canonical:
        """See :class:`Package`."""
        places = self._facts.index.places[kind][url]
        found: Canonical = self._facts.at(kind, next(place for place in places if place.version == version))
        return found

    def search_parameters(self, type_: str) -> Sequence[SearchParameter]:
        """See :class:`Package`."""
        block = self._facts.index.search.get(type_)
        return () if block is None else self._facts.block("SearchParameter", block)

    def resource(self, kind: str, url: str, version: str) -> dict[str, Any] | None:
        """See :class:`Package`."""
        return None
