"""An official package → its facts file: everything that decides whether data is right, none of the prose."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fhir_iop.definitions.archive import PackageFiles
from fhir_iop.definitions.facts import SUFFIX, Canonical
from fhir_iop.definitions.facts_writing import facts_bytes
from fhir_iop.definitions.reading import (
    code_system_of,
    concept_map_of,
    search_parameters_of,
    structure_of,
    value_set_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fhir_iop.definitions.schema import SearchParameter, Structure


@dataclass(frozen=True, slots=True)
class Built:
    """What a build made: the facts file and how much it holds, by kind."""

    name: str
    version: str
    path: Path
    size: int
    counts: dict[str, int]


def build(archive: Path, folder: Path, *, told: Callable[[int, int], None] = lambda done, of: None) -> Built:
    """Derive the facts of the package in ``archive`` (.tgz) and write them and their SOURCES entry to ``folder``.

    ``told`` is called with files done and files in all. Structures without a snapshot are left out: they are
    examples of the standard. Raises Unusable for an archive that isn't a FHIR package.
    """
    files = PackageFiles.of_archive(archive)
    canonicals: dict[str, list[Canonical]] = {}
    search: dict[str, list[SearchParameter]] = {}
    for done, name in enumerate(files.names, 1):
        resource = files.resource(name)
        told(done, len(files.names))
        kind = resource.get("resourceType")
        if kind == "SearchParameter":
            for type_, parameter in search_parameters_of(resource):
                search.setdefault(type_, []).append(parameter)
        elif kind in _READERS and "url" in resource and (kind != "StructureDefinition" or "snapshot" in resource):
            canonicals.setdefault(kind, []).append(_READERS[kind](resource))
    raw = facts_bytes(files.name, files.version, files.dependencies, canonicals, search)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{files.name}-{files.version}{SUFFIX}"
    path.write_bytes(raw)
    _note_source(folder, path.name, archive, files)
    counts = {kind: len(group) for kind, group in sorted(canonicals.items())}
    counts["SearchParameter"] = len({parameter.url for group in search.values() for parameter in group})
    return Built(files.name, files.version, path, len(raw), counts)


def _structure(resource: dict[str, Any]) -> Structure:
    """Read a structure without the words of its invariants, which are its authors' prose."""
    read = structure_of(resource)
    return replace(
        read,
        elements=tuple(
            replace(element, constraints=tuple(replace(each, human="") for each in element.constraints))
            for element in read.elements
        ),
    )


_READERS: dict[str, Callable[[dict[str, Any]], Canonical]] = {
    "StructureDefinition": _structure,
    "CodeSystem": code_system_of,
    "ValueSet": value_set_of,
    "ConceptMap": concept_map_of,
}


def _note_source(folder: Path, made: str, archive: Path, files: PackageFiles) -> None:
    """Write or replace the entry of one facts file in the folder's SOURCES, entries sorted by file."""
    sources = folder / "SOURCES"
    entries = sources.read_text("utf-8").split("\n\n") if sources.is_file() else []
    entries = [entry.strip() for entry in entries if entry.strip() and not entry.startswith(f"file: {made}\n")]
    entries.append(
        "\n".join(
            [
                f"file: {made}",
                f"name: {files.name}",
                f"version: {files.version}",
                f"package: {archive.name}",
                f"sha256: {hashlib.sha256(archive.read_bytes()).hexdigest()}",
                f"licence: {files.licence}",
                f"command: fhir-iop definitions build --package {archive.name} -o {'/'.join(folder.parts[-2:])}",
            ]
        )
    )
    sources.write_text("\n\n".join(sorted(entries)) + "\n", "utf-8")
