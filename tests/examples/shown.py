"""Which resource of a story shows which concept: what claims its profile, and says what `concepts.toml` asks beyond."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from fhir_iop import data, fhirpath
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HERE: Final = Path(__file__).parent
CONCEPTS: Final = HERE.parent / "guide" / "iop_concepts.json"
CONDITION: Final = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-condition-problems-health-concerns"


class Shown(NamedTuple):
    """A resource of a story: the record it is of, or its own id."""

    story: Path
    name: str
    resource: dict[str, Any]


def shown(files: Mapping[Path, bytes]) -> list[Shown]:
    """Return every resource of the stories' ``files``, those of the messages' Tasks among them."""
    found = []
    for path in sorted(files):
        if path.name == "resources.json" or path.name.endswith(".task.json"):
            held = json.decode_object(files[path])
            resources = [entry["resource"] for entry in held["entry"]] if "entry" in held else [held]
            found += [Shown(path.parent, _name(one, path), one) for one in resources]
    return found


def concepts() -> list[dict[str, Any]]:
    """Return the 40 concepts as the domain lists them."""
    listed: list[dict[str, Any]] = json.decode(CONCEPTS.read_bytes())
    return listed


def showing(concept: dict[str, Any], among: Iterable[Shown]) -> list[Shown]:
    """Return the resources that claim the profile of ``concept`` and show it."""
    profile = profile_of(concept["own_profile"])
    condition = tomllib.loads((HERE / "concepts.toml").read_text("utf-8")).get(concept["id"], "true")
    return [
        one
        for one in among
        if profile in claimed(one.resource)
        and fhirpath.compile(condition, one.resource["resourceType"], Definitions.bundled()).holds(one.resource)
    ]


@cache
def profile_of(name: str) -> str:
    """Return the canonical of the guide's profile called ``name``; the diagnosis has US Core's own."""
    if name == "-":
        return CONDITION
    for path in (data.folder("profiles") / "iop").glob("StructureDefinition-iop-*.json"):
        profile = json.decode_object(path.read_bytes())
        if profile["name"] == name:
            return str(profile["url"])
    raise KeyError(name)


def claimed(resource: dict[str, Any]) -> list[str]:
    """Return the profiles that ``resource`` claims."""
    found: list[str] = resource.get("meta", {}).get("profile", [])
    return found


def _name(resource: dict[str, Any], path: Path) -> str:
    if path.name.endswith(".task.json"):
        return path.name.removesuffix(".task.json")
    named = resource.get("identifier", [])
    named = [*(named if isinstance(named, list) else [named]), *_sources(resource)]
    return str(named[0]["value"] if named else resource["id"])


def _sources(resource: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the records of ours that a Provenance, which has no identifier, is of."""
    entities = resource.get("entity", []) if resource["resourceType"] == "Provenance" else []
    return [each["what"]["identifier"] for each in entities if "/sid/" in each["what"]["identifier"]["system"]]
