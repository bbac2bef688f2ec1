"""Codes translated by a concept map, in both directions (https://hl7.org/fhir/R4/conceptmap.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.definitions.vocabulary import ConceptMap, MapGroup

NO_TRANSLATION: Final = frozenset({"unmatched", "disjoint"})

_INVERSE: Final = {
    "wider": "narrower",
    "narrower": "wider",
    "subsumes": "specializes",
    "specializes": "subsumes",
}


class Translation(NamedTuple):
    """A code that another becomes, and how it relates to that: ``wider`` says that the result means more."""

    system: str
    code: str
    equivalence: str


def translate(
    concept_map: ConceptMap, system: str | None, code: str, other: Callable[[str], ConceptMap | None]
) -> Iterator[Translation]:
    """Go through what ``code`` of ``system`` (None for any) becomes; nothing where the map has no answer.

    A code that a group of that system doesn't list becomes what the group says of unmapped codes: itself, a fixed
    code, or what ``other`` map, found by canonical, makes of it.
    """
    yield from _translate(concept_map, system, code, other, frozenset())


def _translate(
    concept_map: ConceptMap,
    system: str | None,
    code: str,
    other: Callable[[str], ConceptMap | None],
    asked: frozenset[str],
) -> Iterator[Translation]:
    for group in concept_map.groups:
        if system is not None and group.source not in {"", system}:
            continue
        listed = [targets for source, targets in group.pairs if source == code]
        for targets in listed:
            for target in targets:
                if target.code is not None and target.equivalence not in NO_TRANSLATION:
                    yield Translation(group.target, target.code, target.equivalence)
        if not listed and group.unmapped is not None:
            yield from _unmapped(group, system, code, other, asked | {concept_map.url})


def _unmapped(
    group: MapGroup,
    system: str | None,
    code: str,
    other: Callable[[str], ConceptMap | None],
    asked: frozenset[str],
) -> Iterator[Translation]:
    mode, value = group.unmapped or ("", None)
    if mode == "provided":
        yield Translation(group.target, code, "equal")
    elif mode == "fixed" and value is not None:
        yield Translation(group.target, value, "inexact")
    elif mode == "other-map" and value is not None:
        following = other(value)
        if following is not None and following.url not in asked:
            yield from _translate(following, system, code, other, asked)


def translate_back(concept_map: ConceptMap, system: str | None, code: str) -> Iterator[Translation]:
    """Go through the source codes that become ``code`` of ``system`` (None for any); equivalence is seen from it."""
    for group in concept_map.groups:
        if system is not None and group.target not in {"", system}:
            continue
        for source, targets in group.pairs:
            for target in targets:
                if target.code == code and target.equivalence not in NO_TRANSLATION:
                    yield Translation(group.source, source, _INVERSE.get(target.equivalence, target.equivalence))
