"""Everything at hand of what the standard and the guides say, found by canonical, version and type."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING

from fhir_iop import data
from fhir_iop.definitions.facts import SUFFIX, Facts
from fhir_iop.definitions.package import MANIFEST, FactsPackage
from fhir_iop.definitions.terminology import Terminology

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir_iop.definitions.package import Package
    from fhir_iop.definitions.schema import Element, SearchParameter


class Definitions(Terminology):
    """What a list of packages says of types, profiles, search parameters and codes."""

    def __init__(self, packages: tuple[Package, ...]) -> None:
        super().__init__(packages)
        self._search: dict[str, Mapping[str, SearchParameter]] = {}

    @staticmethod
    def bundled() -> Definitions:
        """Return what comes with fhir-iop: R4 core, US Core 6.1.0 and 7.0.0, our guide, in this order of preference."""
        return _bundled()

    def with_packages(self, *packages: Package) -> Definitions:
        """Return definitions that know ``packages`` too and prefer them; the same package and version is replaced."""
        replaced = {(package.name, package.version) for package in packages}
        kept = (package for package in self.packages if (package.name, package.version) not in replaced)
        return Definitions((*packages, *kept))

    def child(self, path: str, name: str) -> Element | None:
        """Return the element ``name`` below ``path``, which begins with a type: ``Patient``, ``Patient.contact``.

        A choice is found by its bare name: ``value`` for ``value[x]``. None where the type has no such element.
        """
        structure = self.type(path.partition(".")[0])
        return None if structure is None else structure.child(path, name)

    @cached_property
    def resource_types(self) -> frozenset[str]:
        """The names of all resource types that can be instantiated."""
        entries = (item for package in self.packages for item in package.types.items())
        return frozenset(name for name, entry in entries if entry.kind == "resource" and not entry.abstract)

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


@cache
def _bundled() -> Definitions:
    profiles = data.folder("profiles")
    core = [FactsPackage(Facts.open(path)) for path in sorted((profiles / "r4").glob("*" + SUFFIX))]
    us_core = [FactsPackage(Facts.open(path)) for path in sorted((profiles / "us-core").glob("*" + SUFFIX))]
    guide: list[Package] = []
    if (profiles / "iop" / MANIFEST).is_file():
        from fhir_iop.definitions.packages import load_package

        guide.append(load_package(profiles / "iop"))
    return Definitions((*core, *us_core, *guide))
