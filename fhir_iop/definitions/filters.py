"""The filters of a value set's include (https://hl7.org/fhir/R4/valueset-filter-operator.html), evaluated."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.definitions.vocabulary import CodeSystem, Concept, Filter

# A pattern comes out of a package that anybody may have written, and Python's engine goes back over what it has read.
# No repeated group, two open repetitions at most, and short values keep that from taking the process.
_LONGEST_PATTERN: Final = 200
_LONGEST_VALUE: Final = 200
_MOST_REPETITIONS: Final = 2
_LITERAL: Final = re.compile(r"\\.|\[\^?\]?[^\]]*\]")
_REPEATED_GROUP: Final = re.compile(r"\)[*+{]")
_REPETITION: Final = re.compile(r"[*+]|\{\d*,\d*\}")


class Hierarchy:
    """Which concepts of a code system subsume which."""

    def __init__(self, system: CodeSystem) -> None:
        self._system = system

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = {}
        for concept in self._system.concepts:
            for parent in concept.parents:
                children.setdefault(parent, []).append(concept.code)
        return children

    @cached_property
    def _parents(self) -> dict[str, tuple[str, ...]]:
        return {concept.code: concept.parents for concept in self._system.concepts}

    def descendants(self, code: str) -> frozenset[str]:
        """All codes below ``code``, without it."""
        return _reached(code, lambda each: self._children.get(each, ()))

    def ancestors(self, code: str) -> frozenset[str]:
        """All codes above ``code``, without it."""
        return _reached(code, lambda each: self._parents.get(each, ()))


def _reached(start: str, step: Callable[[str], Any]) -> frozenset[str]:
    found: set[str] = set()
    waiting = list(step(start))
    while waiting:
        code = waiting.pop()
        if code not in found:
            found.add(code)
            waiting += step(code)
    return frozenset(found - {start})


def matching(system: CodeSystem, hierarchy: Hierarchy, wanted: Filter) -> frozenset[str] | None:
    """Return the codes of ``system`` that pass the filter; None for a filter that can't be evaluated."""
    every = frozenset(concept.code for concept in system.concepts)
    match wanted.op:
        case "is-a":
            return every & (hierarchy.descendants(wanted.value) | {wanted.value})
        case "descendent-of":
            return every & hierarchy.descendants(wanted.value)
        case "is-not-a":
            return every - hierarchy.descendants(wanted.value) - {wanted.value}
        case "generalizes":
            return every & (hierarchy.ancestors(wanted.value) | {wanted.value})
    test = _test(wanted)
    if test is None:
        return None
    return frozenset(concept.code for concept in system.concepts if test(list(_values(concept, wanted.property))))


def _test(wanted: Filter) -> Callable[[list[str]], bool] | None:
    value = wanted.value
    match wanted.op:
        case "=":
            return lambda values: value in values
        case "in":
            among = {one.strip() for one in value.split(",")}
            return lambda values: not among.isdisjoint(values)
        case "not-in":
            among = {one.strip() for one in value.split(",")}
            return among.isdisjoint
        case "exists":
            return lambda values: bool(values) is (value == "true")
        case "regex":
            pattern = _pattern(value)
            if pattern is None:
                return None
            return lambda values: any(len(one) <= _LONGEST_VALUE and pattern.fullmatch(one) for one in values)
    return None


def _pattern(text: str) -> re.Pattern[str] | None:
    bare = _LITERAL.sub("x", text)
    if (
        len(text) > _LONGEST_PATTERN
        or _REPEATED_GROUP.search(bare)
        or len(_REPETITION.findall(bare)) > _MOST_REPETITIONS
    ):
        return None
    try:
        return re.compile(text)
    except re.error:
        return None


def _values(concept: Concept, name: str) -> Iterator[str]:
    """Go through the values of a concept's property as text; code, display and the hierarchy are properties too."""
    if name in {"code", "concept"}:
        yield concept.code
    elif name == "display":
        yield concept.display
    elif name == "parent":
        yield from concept.parents
    else:
        for property_, value in concept.properties:
            if property_ == name:
                yield _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):  # a Coding
        return str(value.get("code", ""))
    return str(value)
