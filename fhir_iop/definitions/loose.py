"""Conformance resources that lie loose, in files and folders, before anybody has made a package of them."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions.packages import package_of
from fhir_iop.definitions.resources import MALFORMED
from fhir_iop.errors import BadInput, Unusable
from fhir_iop.fhir import json
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fhir_iop.definitions.definitions import Definitions
    from fhir_iop.issue import Issue

NAME: Final = "loose"
"""How the package is called that such resources are held in."""

_SUFFIXES: Final = (".json", ".xml")


def with_loose(sources: Iterable[str | Path], known: Definitions) -> tuple[Definitions, list[Issue]]:
    """Return ``known`` with the conformance resources in ``sources``, which are preferred.

    Each source is a file of one resource, JSON or XML, or a folder of such with all below it; of a Bundle the entries
    are taken. A profile may be without a snapshot. Resources without a url, as examples are, are left out. The Issues
    are warnings: a file of a folder that can't be read, what a differential does that it may not. Raises Unusable,
    naming the place, for a source that isn't there, can't be read or holds no conformance resource, and for one that
    can't be used.
    """
    issues: list[Issue] = []
    found: dict[tuple[str, str, str], tuple[str, dict[str, Any]]] = {}
    for source in map(str, sources):
        here = list(_read(source, known, issues))
        if not here:
            raise Unusable(issue("loose-none", source))
        for path, resource in here:
            found[resource["resourceType"], resource["url"], str(resource.get("version", ""))] = (path, resource)
    made = known.with_packages(package_of([resource for _, resource in found.values()], NAME, "0.0.0"))
    for (kind, url, version), (path, _) in found.items():
        issues += _use(made, kind, f"{url}|{version}" if version else url, path)
    return made, issues


def _read(source: str, known: Definitions, issues: list[Issue]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (file, conformance resource) for all in a source."""
    if not Path(source).is_dir():
        for resource in _conformance(_resource(source, known)):
            yield source, resource
        return
    for path in _below(source):
        try:
            resources = list(_conformance(_resource(path, known)))
        except (BadInput, Unusable):
            issues.append(issue("package-resource", path, package=source))
        else:
            yield from ((path, resource) for resource in resources)


def _below(folder: str) -> list[str]:
    return sorted(
        str(Path(inner, name))
        for inner, _, names in os.walk(folder)
        for name in names
        if name.endswith(_SUFFIXES) and not name.startswith(".")
    )


def _resource(path: str, known: Definitions) -> dict[str, Any]:
    """Read one file. Raises BadInput, naming it, where it holds no resource, and Unusable where it can't be read."""
    try:
        raw = Path(path).read_bytes()
    except OSError:
        raise Unusable(issue("loose-missing", path)) from None
    try:
        if not raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
            return json.decode_object(raw)
        from fhir_iop.fhir import xml  # lxml is needed by few

        return xml.read(raw, known).resource
    except BadInput as error:
        raise BadInput(*(replace(found, expression=path) for found in error.issues)) from None


def _conformance(resource: Any) -> Iterator[dict[str, Any]]:
    """Yield the resource, or a Bundle's entries, where it is one that canonicals can name."""
    if not isinstance(resource, dict):
        return
    if resource.get("resourceType") == "Bundle":
        entries = resource.get("entry")
        for entry in entries if isinstance(entries, list) else ():
            yield from _conformance(entry.get("resource") if isinstance(entry, dict) else None)
    elif isinstance(resource.get("url"), str) and isinstance(resource.get("resourceType"), str):
        yield resource


def _use(made: Definitions, kind: str, canonical: str, path: str) -> tuple[Issue, ...]:
    """Load one of them, so that what can't be used is told before anything is checked by it."""
    look_up = {
        "StructureDefinition": made.structure,
        "ValueSet": made.value_set,
        "CodeSystem": made.code_system,
        "ConceptMap": made.concept_map,
    }.get(kind)
    if look_up is None:
        return ()
    try:
        found: Any = look_up(canonical)
    except MALFORMED:
        found = None
    if found is None or not _has_its_form(found):
        raise Unusable(issue("loose-unusable", path, kind=kind, url=canonical))
    return found.issues if kind == "StructureDefinition" else ()


def _has_its_form(found: Any) -> bool:
    """Whether each fact is of its type, as those of a published package are: what is checked by them relies on it."""
    try:
        json.reader(type(found))(json.encode(found))
    except (BadInput, *MALFORMED):
        return False
    return True
