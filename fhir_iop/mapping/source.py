"""Python source being written: lines, indentation, names, and where each value of the record is read."""

from __future__ import annotations

import keyword
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fhir_iop.mapping.functions.base import identifier

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fhir_iop.mapping.rules import Scope, Source


class Writer:
    """Lines of Python, indented as their blocks nest; every name handed out is new, and none of ``others``."""

    def __init__(self, others: Iterable[str] = ()) -> None:
        self._lines: list[str] = []
        self._indent = 0
        self._taken = dict.fromkeys(others, 1)

    def line(self, text: str, note: str = "") -> None:
        """Add a line, with the rule it comes from behind it."""
        remark = " ".join(note.split())  # one line, whatever a mapping's file holds
        self._lines.append("    " * self._indent + text + (f"  # {remark}" if remark else ""))

    @contextmanager
    def block(self, head: str, note: str = "") -> Iterator[None]:
        """Indent what is written inside, below ``head``."""
        self.line(head, note)
        self._indent += 1
        start = len(self._lines)
        yield
        if len(self._lines) == start:
            self.line("pass")
        self._indent -= 1

    def name(self, *words: str) -> str:
        """Return a Python name made of ``words`` that nothing has yet."""
        stem = identifier(*words) or "value"
        stem = stem if stem.isidentifier() and stem not in _RESERVED else stem + "_"
        name, count = stem, self._taken.get(stem, 1)
        while name in self._taken:
            count += 1
            name = f"{stem}_{count}"
        self._taken[stem] = count
        self._taken[name] = 1
        return name

    def text(self) -> str:
        """Return all that was written."""
        return "\n".join(self._lines) + "\n"


# What generated code calls by these very names: parameters, what stands in every function, and helpers.
_LOCALS = frozenset({"r", "issues", "id", "record_id", "identity", "made", "found", "known", "label", "x", "number"})
HELPERS = frozenset({"EMPTY", "UCUM", "id_of", "reference_any", "matches", "moment", "day", "sentence", "narrative"})
HELPERS |= {"unread", "unknown", "changed", "differs"}
_RESERVED = frozenset(keyword.kwlist) | {"any", "enumerate", "len"} | _LOCALS | HELPERS


def pointer(source: Source, indexes: dict[Scope, str]) -> str:
    """Return the expression of the JSON pointer of a field, for the names of the positions in the lists around."""
    steps = [*_way(source.scope, indexes), *source.steps]
    text = "".join("/" + step for step in steps)
    return f'f"{text}"' if "{" in text else f'"{text}"'


def _way(scope: Scope, indexes: dict[Scope, str]) -> list[str]:
    if scope.source is None:
        return []
    position = [f"{{{indexes[scope]}}}"] if scope in indexes else []
    return [*_way(scope.source.scope, indexes), *scope.source.steps, *position]
