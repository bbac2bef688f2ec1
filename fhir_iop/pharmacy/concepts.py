"""Concepts compared with lists of codes and words: what a medication is, and what it is for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


@dataclass(frozen=True, slots=True)
class Kind:
    """A list of what belongs together: codes and beginnings of codes by system, and whole words in any case."""

    codes: Mapping[str, frozenset[str]]
    prefixes: Mapping[str, tuple[str, ...]]
    words: re.Pattern[str]

    @classmethod
    def of(
        cls,
        codes: Mapping[str, Iterable[str]],
        words: Iterable[str],
        prefixes: Mapping[str, Iterable[str]] | None = None,
    ) -> Kind:
        """Build a kind from plain lists; a part that is empty matches nothing."""
        alternatives = "|".join(map(re.escape, words))
        return cls(
            {system: frozenset(known) for system, known in codes.items()},
            {system: tuple(known) for system, known in (prefixes or {}).items()},
            re.compile(rf"\b(?:{alternatives})\b" if alternatives else r"(?!)", re.IGNORECASE),
        )

    def holds(self, concepts: Iterable[Mapping[str, Any]]) -> bool:
        """Whether one of ``concepts``, CodeableConcepts, belongs to the list by a code, its text or a display."""
        return any(self._names(concept) for concept in concepts)

    def _names(self, concept: Mapping[str, Any]) -> bool:
        codings = [coding for coding in concept.get("coding", ()) if isinstance(coding, dict)]
        texts = [concept.get("text"), *(coding.get("display") for coding in codings)]
        if any(isinstance(text, str) and self.words.search(text) for text in texts):
            return True
        return any(self._has(str(coding.get("system")), str(coding.get("code"))) for coding in codings)

    def _has(self, system: str, code: str) -> bool:
        return code in self.codes.get(system, ()) or code.startswith(self.prefixes.get(system, ()))


def of_medication(order: Mapping[str, Any], medications: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Give every concept that says what ``order`` is: its own, and those of ``medications`` and their ingredients."""
    yield from _concept(order.get("medicationCodeableConcept"))
    yield from _display(order.get("medicationReference"))
    for medication in medications:
        yield from _concept(medication.get("code"))
        for ingredient in medication.get("ingredient", ()):
            yield from _concept(ingredient.get("itemCodeableConcept"))
            yield from _display(ingredient.get("itemReference"))


def of_reasons(order: Mapping[str, Any], conditions: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Give every concept that says what ``order`` is for."""
    for reason in order.get("reasonCode", ()):
        yield from _concept(reason)
    for reference in order.get("reasonReference", ()):
        yield from _display(reference)
    for condition in conditions:
        yield from _concept(condition.get("code"))


def _concept(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, dict):
        yield value


def _display(reference: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(reference, dict) and isinstance(reference.get("display"), str):
        yield {"text": reference["display"]}
