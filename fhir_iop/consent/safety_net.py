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
_CONCEPT: Final = frozenset({"id", "extension", "coding", "text", "_text"})


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
        return cls(
            types=frozenset(found["types"]),
            carriers=frozenset(found["carriers"]),
            codes=codes,
            prefixes={system: tuple(known) for system, known in prefixes.items()},
            words=tuple(words),
            follows={type_: tuple(tuple(p.split(".")) for p in paths) for type_, paths in found["follows"].items()},
        )

    def signs(self, resource: Mapping[str, Any]) -> frozenset[Label]:
        """Return the sensitivities that the concepts in ``resource``, contained resources included, speak of.

        Every object is looked at but notes and meta, with a stack of its own: depth costs nothing.
        """
        found: set[Label] = set()
        waiting: list[Any] = [resource]
        while waiting:
            part = waiting.pop()
            if type(part) is list:
                waiting += part
                continue
            if not isinstance(part, dict):
                continue
            for name, value in part.items():
                kind = type(value)
                if kind is str:
                    if name == "code":
                        found |= self._of_code(part.get("system"), value)
                    elif name == "display" or (name == "text" and part.keys() <= _CONCEPT):
                        found |= self._of_words(value)
                elif (kind is dict or kind is list) and name not in _UNREAD:
                    waiting.append(value)
        return frozenset(found)

    def _of_code(self, system: Any, code: str) -> set[Label]:
        if not isinstance(system, str):
            return set()
        found = {label for prefix, label in self.prefixes.get(system, ()) if code.startswith(prefix)}
        label = self.codes.get((system, code))
        return found if label is None else found | {label}

    def _of_words(self, text: str) -> set[Label]:
        return {label for words, label in self.words if words.search(text)}


def _must(holds: bool, place: str, reason: str) -> None:
    if not holds:
        raise Unusable(issue("safety-net", place=place, reason=reason))


@cache
def bundled() -> SafetyNet:
    """Return the net that comes with fhir-iop."""
    return SafetyNet.read(_FILE.read_text("utf-8"))
