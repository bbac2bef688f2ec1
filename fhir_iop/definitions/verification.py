"""How well each code is known that a guide names: its extension ``code-verification``, read where it stands.

On a code it speaks of that code, on a CodeSystem, ValueSet or group of a ConceptMap of all codes that these name
themselves and that say nothing else. A code may be named in several places; the best that is said of it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Verification = Literal["verified", "secondary", "local", "unknown"]

_EXTENSION: Final = "/StructureDefinition/code-verification"
_BEST_FIRST: Final[tuple[Verification, ...]] = ("verified", "secondary", "local", "unknown")


class NamedCode(NamedTuple):
    """A code, how well it is known, and the resource (``ValueSet/iop-scores``) that says so."""

    system: str
    code: str
    display: str
    verification: Verification
    where: str


def named_codes(resources: Iterable[dict[str, Any]]) -> list[NamedCode]:
    """Return the codes that code systems, value sets and concept maps name, each once, by system and code.

    ``verification`` is unknown where nothing is said. Codes of a system that a value set includes whole aren't listed.
    """
    best: dict[tuple[str, str], NamedCode] = {}
    for resource in resources:
        for named in _named(resource):
            known = best.get(named[:2])
            if known is None or _rank(named) < _rank(known):
                best[named[:2]] = named
    return sorted(best.values())


def _rank(named: NamedCode) -> int:
    return _BEST_FIRST.index(named.verification)


def _named(resource: dict[str, Any]) -> Iterator[NamedCode]:
    where = f"{resource['resourceType']}/{resource.get('id', '')}"
    of_all = _said(resource, "unknown")
    match resource["resourceType"]:
        case "CodeSystem":
            for concept in resource.get("concept", ()):
                yield _code(resource["url"], concept, _said(concept, of_all), where)
        case "ValueSet":
            for include in resource.get("compose", {}).get("include", ()):
                for concept in include.get("concept", ()):
                    yield _code(include["system"], concept, _said(concept, of_all), where)
        case "ConceptMap":
            for group in resource.get("group", ()):
                for element in group["element"]:
                    for target in element.get("target", ()):
                        yield _code(group["target"], target, _said(target, _said(group, of_all)), where)


def _code(system: str, concept: dict[str, Any], verification: Verification, where: str) -> NamedCode:
    return NamedCode(system, concept["code"], concept.get("display", ""), verification, where)


def _said(element: dict[str, Any], otherwise: Verification) -> Verification:
    for extension in element.get("extension", ()):
        if extension["url"].endswith(_EXTENSION) and extension.get("valueCode") in _BEST_FIRST:
            said: Verification = extension["valueCode"]
            return said
    return otherwise
