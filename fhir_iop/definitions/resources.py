"""A package of FHIR resources as they were published, read when first needed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

from fhir_iop.definitions.facts import TypeEntry
from fhir_iop.definitions.reading import (
    code_system_of,
    concept_map_of,
    identity,
    search_parameters_of,
    structure_of,
    value_set_of,
)
from fhir_iop.definitions.snapshot import generate
from fhir_iop.errors import FhirIopError
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from fhir_iop.definitions.facts import Canonical
    from fhir_iop.definitions.package import Head
    from fhir_iop.definitions.schema import SearchParameter
    from fhir_iop.definitions.snapshot import Source
    from fhir_iop.issue import Issue

_READERS: Final[dict[str, Callable[[dict[str, Any]], Canonical]]] = {
    "StructureDefinition": structure_of,
    "CodeSystem": code_system_of,
    "ValueSet": value_set_of,
    "ConceptMap": concept_map_of,
}

MALFORMED: Final = (KeyError, TypeError, ValueError, AttributeError, RecursionError)
"""What reading a resource that hasn't its form runs into."""


class Files(Protocol):
    """Where a package's resources come from: an archive, a folder, or a list made in memory."""

    @property
    def name(self) -> str: ...  # noqa: D102  # as in Package
    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def dependencies(self) -> dict[str, str]: ...  # noqa: D102
    @property
    def fingerprint(self) -> str: ...  # noqa: D102
    @property
    def names(self) -> tuple[str, ...]:
        """The names of its files, sorted."""

    def head(self, name: str) -> Head:
        """Return what tells where the resource in a file belongs. Raises BadInput where it isn't a JSON object."""

    def resource(self, name: str) -> dict[str, Any]:
        """Return the JSON object in a file. Raises BadInput where it isn't one."""


@dataclass(frozen=True, slots=True)
class _Shelves:
    """Where everything is: files by kind, url and version; types; files of search parameters; what isn't usable."""

    files: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    types: dict[str, TypeEntry] = field(default_factory=dict)
    search: list[str] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


class ResourcePackage:
    """A package of resources. They are listed when one is first asked for, and read again when they are needed."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self.name = files.name
        self.version = files.version
        self.dependencies: Mapping[str, str] = files.dependencies

    @cached_property
    def _shelves(self) -> _Shelves:
        shelves = _Shelves()
        for name in self._files.names:
            try:
                _shelve(shelves, name, self._files.head(name))
            except (FhirIopError, *MALFORMED):
                shelves.issues.append(issue("package-resource", name, package=self.name))
        return shelves

    @cached_property
    def _search(self) -> dict[str, list[SearchParameter]]:
        by_type: dict[str, list[SearchParameter]] = {}
        for name in self._shelves.search:
            try:
                for type_, parameter in search_parameters_of(self._files.resource(name)):
                    by_type.setdefault(type_, []).append(parameter)
            except (FhirIopError, *MALFORMED):
                self._shelves.issues.append(issue("package-resource", name, package=self.name))
        return by_type

    @property
    def fingerprint(self) -> str:
        """See :class:`Package`."""
        return self._files.fingerprint

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Warnings about files in it that can't be used."""
        return tuple(self._shelves.issues)

    @property
    def types(self) -> Mapping[str, TypeEntry]:
        """See :class:`Package`."""
        return self._shelves.types

    def versions(self, kind: str, url: str) -> Collection[str]:
        """See :class:`Package`."""
        return self._shelves.files.get(kind, {}).get(url, {}).keys()

    def canonicals(self, kind: str) -> Collection[str]:
        """See :class:`Package`."""
        return self._shelves.files.get(kind, {}).keys()

    def load(self, kind: str, url: str, version: str, source: Source) -> Canonical | None:
        """See :class:`Package`."""
        name = self._shelves.files[kind][url][version]
        try:
            resource = self._files.resource(name)
            if kind == "StructureDefinition" and not resource.get("snapshot"):
                return generate(resource, source)
            return _READERS[kind](resource)
        except (FhirIopError, *MALFORMED):
            self._shelves.issues.append(issue("package-resource", name, package=self.name))
            return None

    def search_parameters(self, type_: str) -> Sequence[SearchParameter]:
        """See :class:`Package`."""
        return self._search.get(type_, ())

    def resource(self, kind: str, url: str, version: str) -> dict[str, Any] | None:
        """See :class:`Package`."""
        return self._files.resource(self._shelves.files[kind][url][version])


def _shelve(shelves: _Shelves, name: str, head: Head) -> None:
    if not all(isinstance(each, str) for each in (head.resourceType, head.url, head.version)):
        return  # an example, or a file of a tool: nothing that a canonical could name
    url, version = identity(head.url, head.version)
    shelves.files.setdefault(head.resourceType, {}).setdefault(url, {})[version] = name
    if head.resourceType == "SearchParameter":
        shelves.search.append(name)
    elif head.resourceType == "StructureDefinition" and head.derivation != "constraint":
        shelves.types[head.type] = TypeEntry(url, head.kind, head.abstract, head.baseDefinition)
