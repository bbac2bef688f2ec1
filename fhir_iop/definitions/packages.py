"""FHIR packages from wherever they lie: an archive, a folder, the user's cache, a registry, or a list of resources.

https://confluence.hl7.org/display/FHIR/NPM+Package+Specification and …/FHIR+Package+Cache.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions.archive import PackageFiles
from fhir_iop.definitions.package import MANIFEST, Head
from fhir_iop.definitions.resources import ResourcePackage
from fhir_iop.definitions.versions import fitting
from fhir_iop.errors import FhirIopError, Unusable
from fhir_iop.fhir import json
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fhir_iop.definitions.definitions import Definitions
    from fhir_iop.definitions.registry import Registry
    from fhir_iop.issue import Issue

CACHE: Final = Path("~/.fhir/packages")
"""Where SUSHI, HL7's tools and others keep the packages they have fetched, one folder ``name#version`` each."""

_IDENTITY: Final = re.compile(
    r"(?P<name>[A-Za-z0-9][A-Za-z0-9._-]{0,127})[#@](?P<version>[A-Za-z0-9][A-Za-z0-9._+-]{0,63})"
)


def load_package(source: str | Path, *, cache: Path | None = None, registry: Registry | None = None) -> ResourcePackage:
    """Load one package: a .tgz, a folder (``package`` or what holds it), or ``name#version``.

    ``name#version`` is looked for in ``cache`` (the user's own where None) and then in ``registry``, where one is
    given; ``#6.1`` and ``#6.1.x`` take the newest that fits. Raises Unusable where there is none, or it can't be used.
    """
    path = Path(source)
    if path.is_dir():
        return ResourcePackage(PackageFiles.of_folder(path))
    if path.is_file():
        return ResourcePackage(PackageFiles.of_archive(path))
    return _by_identity(str(source), cache, registry)


def _by_identity(identity: str, cache: Path | None, registry: Registry | None) -> ResourcePackage:
    # A manifest may name anything as a dependency: what isn't shaped as a package's name never meets the file system.
    taken_apart = _IDENTITY.fullmatch(identity)
    if taken_apart is None:
        raise Unusable(issue("package-missing", identity, package=identity))
    name, wanted = taken_apart["name"], taken_apart["version"]
    root = (cache or CACHE).expanduser()
    here = {found.name.removeprefix(f"{name}#"): found for found in root.glob(f"{name}#*")}
    version = fitting(here, wanted)
    if version is not None and (here[version] / "package" / MANIFEST).is_file():
        return ResourcePackage(PackageFiles.of_folder(here[version]))
    if registry is not None:
        return ResourcePackage(PackageFiles.of_bytes(registry.fetch(name, wanted), identity))
    raise Unusable(issue("package-missing", identity, package=identity))


def load_packages(
    sources: Iterable[str | Path], known: Definitions, *, cache: Path | None = None, registry: Registry | None = None
) -> tuple[Definitions, list[Issue]]:
    """Load packages and what they build on, and return ``known`` with all of it.

    The Issues are warnings: a dependency that isn't at hand (what refers to it can't be checked), a file that can't be
    used. Raises Unusable for a package of ``sources`` itself that isn't there or can't be read.
    """
    packages = [load_package(source, cache=cache, registry=registry) for source in sources]
    issues: list[Issue] = []
    waiting = list(packages)
    for package in waiting:
        for name, wanted in package.dependencies.items():
            at_hand = [each.version for each in (*known.packages, *waiting) if each.name == name]
            if fitting(at_hand, wanted) is not None:
                continue
            dependency = f"{name}#{wanted}"
            try:
                waiting.append(_by_identity(dependency, cache, registry))
            except FhirIopError:
                who = f"{package.name}#{package.version}"
                issues.append(issue("package-dependency", package=who, dependency=dependency))
    issues += (found for package in waiting for found in package.issues)
    return known.with_packages(*waiting), issues


@dataclass(frozen=True)
class _Listed:
    """Resources that lie in memory, as the files of a package."""

    name: str
    version: str
    resources: Sequence[dict[str, Any]]
    dependencies: dict[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(map(str, range(len(self.resources))))

    def head(self, name: str) -> Head:
        resource = self.resources[int(name)]
        return Head(**{each.name: resource[each.name] for each in fields(Head) if each.name in resource})

    def resource(self, name: str) -> dict[str, Any]:
        return self.resources[int(name)]

    @cached_property
    def fingerprint(self) -> str:
        import hashlib  # loads OpenSSL: start-up time is measured

        return hashlib.sha256(json.encode(list(self.resources))).hexdigest()


def package_of(resources: Sequence[dict[str, Any]], name: str, version: str) -> ResourcePackage:
    """Make a package of conformance resources (FHIR JSON as dicts) that lie in memory; later ones replace earlier."""
    return ResourcePackage(_Listed(name, version, resources))
