"""The safety net: what says by its codes and words that it is about a substance use disorder (``safety_net.toml``)."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.errors import Unusable
from fhir_iop.fhir.security import ACT_CODE, SUBSTANCE_SENSITIVITIES, Label
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Mapping

_FILE: Final = Path(__file__).with_name("safety_net.toml")
_STATUSES: Final = frozenset({"verified", "secondary", "local", "knowledge"})
_FORMS: Final = (
    {"sensitivity", "status", "system", "codes"},
    {"sensitivity", "status", "system", "prefixes"},
    {"sensitivity", "status", "words"},
)
_UNREAD: Final = frozenset({"note", "meta"})
_SPEAKING: Final = frozenset({"code", "display", "text"})
_CONCEPT: Final = frozenset({"id", "extension", "coding", "text", "_text"})

_NOTHING: Final[frozenset[Label]] = frozenset()

_words_in = re.compile(r"\w+").findall


@dataclass(frozen=True, slots=True)
class SafetyNet:
    """The net as read from its file, whose head says what each part means.

    ``follows`` holds, by resource type, the paths of the references that a resource inherits labels through.
    """

    types: frozenset[str]
    carriers: frozenset[str]
    codes: Mapping[tuple[str, str], Label]
    prefixes: Mapping[str, tuple[tuple[str, Label], ...]]
    words: tuple[tuple[re.Pattern[str], Label], ...]
    follows: Mapping[str, tuple[tuple[str, ...], ...]]
    first_words: frozenset[str]
    """How each of ``words`` begins, in lower case: text without any of these needn't be searched."""

    @classmethod
    def read(cls, text: str) -> SafetyNet:
        """Read a net from TOML. Raises Unusable, naming the place, for anything that the grammar doesn't know."""
        try:
            found = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise Unusable(issue("safety-net", place="the file", reason=str(error))) from None
        _must(set(found) == {"types", "carriers", "net", "follows"}, "the file", "its tables are not the grammar's")
        codes: dict[tuple[str, str], Label] = {}
        prefixes: dict[str, list[tuple[str, Label]]] = {}
        words: list[tuple[re.Pattern[str], Label]] = []
        first_words: set[str] = set()
        for number, part in enumerate(found["net"], 1):
            place = f"net {number}"
            _must(set(part) in _FORMS, place, "its keys are not one of the grammar's three forms")
            _must(part["status"] in _STATUSES, place, "its status is unknown")
            label = Label(ACT_CODE, part["sensitivity"])
            _must(label in SUBSTANCE_SENSITIVITIES, place, "its sensitivity is unknown")
            for code in part.get("codes", ()):
                _must((part["system"], code) not in codes, place, f"code {code} is in the net twice")
                codes[part["system"], code] = label
            for prefix in part.get("prefixes", ()):
                prefixes.setdefault(part["system"], []).append((prefix, label))
            if "words" in part:
                words.append((re.compile(rf"\b(?:{'|'.join(map(re.escape, part['words']))})\b", re.IGNORECASE), label))
                first_words.update(_words_in(each.lower())[0] for each in part["words"])
        return cls(
            types=frozenset(found["types"]),
            carriers=frozenset(found["carriers"]),
            codes=codes,
            prefixes={system: tuple(known) for system, known in prefixes.items()},
            words=tuple(words),
            follows={type_: tuple(tuple(p.split(".")) for p in paths) for type_, paths in found["follows"].items()},
            first_words=frozenset(first_words),
        )

    def signs(self, resource: Mapping[str, Any]) -> frozenset[Label]:
        """Return the sensitivities that the concepts in ``resource``, contained resources included, speak of.

        Every object is looked at but notes and meta, with a list of its own of what to look at: depth costs nothing.
        """
        found: set[Label] = set()
        waiting: list[Any] = [resource]
        for part in waiting:
            if not isinstance(part, dict):
                if isinstance(part, list):
                    waiting += part
                continue
            for name, value in part.items():
                if isinstance(value, str):
                    if name not in _SPEAKING:
                        continue
                    if name == "code":
                        found |= self._of_code(part.get("system"), value)
                    elif name == "display" or part.keys() <= _CONCEPT:
                        found |= self._of_words(value)
                elif name not in _UNREAD and isinstance(value, dict | list):
                    waiting.append(value)
        return frozenset(found)

    def _of_code(self, system: Any, code: str) -> frozenset[Label]:
        if not isinstance(system, str):
            return _NOTHING
        label = self.codes.get((system, code))
        if label is None and system not in self.prefixes:
            return _NOTHING
        found = (each for prefix, each in self.prefixes.get(system, ()) if code.startswith(prefix))
        return frozenset(found) if label is None else frozenset((label, *found))

    def _of_words(self, text: str) -> frozenset[Label]:
        # A letter beyond ASCII may be another case of one in it, as the long s is.
        if text.isascii() and self.first_words.isdisjoint(_words_in(text.lower())):
            return _NOTHING
        return frozenset(label for words, label in self.words if words.search(text))


def _must(holds: bool, place: str, reason: str) -> None:
    if not holds:
        raise Unusable(issue("safety-net", place=place, reason=reason))


@cache
def bundled() -> SafetyNet:
    """Return the net that comes with fhir-iop."""
    return SafetyNet.read(_FILE.read_text("utf-8"))
