"""Value sets expanded from their compose (https://hl7.org/fhir/R4/valueset.html#expansion) over what is at hand."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from fhir_iop.definitions.codes import Expansion, Known
from fhir_iop.definitions.filters import Hierarchy, matching
from fhir_iop.fhir.reference import canonical as split

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.definitions.vocabulary import CodeSystem, Include, ValueSet


def expand(
    value_set: ValueSet,
    code_system: Callable[[str], CodeSystem | None],
    nested: Callable[[str], Expansion],
) -> Expansion:
    """Return what is known of ``value_set``.

    ``code_system`` looks a canonical up; ``nested`` expands a value set that this one names, and is where circles end.
    An expansion published with the value set speaks where its compose can't be evaluated exactly.
    """
    composed = _composed(value_set, code_system, nested)
    if value_set.expansion is not None and not (composed.is_exact and value_set.include):
        return _published(value_set.expansion)
    return composed


def _composed(
    value_set: ValueSet,
    code_system: Callable[[str], CodeSystem | None],
    nested: Callable[[str], Expansion],
) -> Expansion:
    parts = [_included(include, code_system, nested) for include in value_set.include]
    without = [_included(exclude, code_system, nested) for exclude in value_set.exclude]
    whole = reduce(lambda one, other: one.combined(other, Known.union), parts, Expansion())
    return reduce(lambda one, other: one.combined(other, Known.difference), without, whole)


def _published(pairs: tuple[tuple[str, str], ...]) -> Expansion:
    by_system: dict[str, set[str]] = {}
    for system, code in pairs:
        by_system.setdefault(system, set()).add(code)
    return Expansion({system: Known.exactly(frozenset(codes)) for system, codes in by_system.items()})


def _included(
    include: Include, code_system: Callable[[str], CodeSystem | None], nested: Callable[[str], Expansion]
) -> Expansion:
    """One include: the system's part, narrowed by every value set that it names."""
    parts = [nested(canonical) for canonical in include.value_sets]
    if include.system is not None:
        # A code system's version has an element of its own; some write it into the system's address all the same.
        parts.append(Expansion({split(include.system)[0]: _of_system(include, code_system)}))
    if not parts:
        return Expansion()
    return reduce(lambda one, other: one.combined(other, Known.intersection), parts)


def _of_system(include: Include, code_system: Callable[[str], CodeSystem | None]) -> Known:
    if include.codes is not None:
        return Known.exactly(frozenset(include.codes))
    canonical = f"{include.system}|{include.version}" if include.version else include.system
    system = code_system(canonical or "")
    if system is None or system.content in {"not-present", "supplement"}:
        return Known.at_least(frozenset())
    every = frozenset(concept.code for concept in system.concepts)
    whole = Known.exactly(every) if system.content == "complete" else Known.at_least(every)
    hierarchy = Hierarchy(system)
    for wanted in include.filters:
        found = matching(system, hierarchy, wanted)
        if found is None:
            passed = Known.at_least(frozenset())
        elif system.content == "complete":
            passed = Known.exactly(found)
        else:  # of a code that isn't at hand it can't be said whether it passes; nor what is above it in the whole
            passed = Known.at_least(found)
        whole = whole.intersection(passed)
    return whole
