"""Where in a JSON text its values stand. The text is scanned only when there is something to point at."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from fhir_iop.fhir import json
from fhir_iop.validation import seeking

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from fhir_iop.validation.place import JsonPath

_TOKEN = re.compile(r'[ \t\n\r,:]*+(?:("[^"\\]*+(?:\\.[^"\\]*+)*+")|([{}\[\]])|([^\s,:{}\[\]"]++))', re.DOTALL)


class Position(NamedTuple):
    """A line and a column, both from 1, the column in characters."""

    line: int
    column: int


class Value(NamedTuple):
    """A value in a text: its JSON path, and where it begins (its property's name, where it has one).

    ``is_duplicate`` says that a property of that name came before in the same object.
    """

    path: JsonPath
    offset: int
    is_duplicate: bool


def values(text: str) -> Iterator[Value]:
    """Yield every value of well-formed JSON ``text`` but the outermost, in the order of the text."""
    open_ones: list[_Open] = []
    for match in _TOKEN.finditer(text):
        string, bracket, _ = match.groups()
        offset = match.start(match.lastindex or 0)
        if bracket is not None and bracket in "}]":
            open_ones.pop()
            continue
        outer = open_ones[-1] if open_ones else None
        if outer is not None and outer.names is not None and outer.name is None:
            outer.name = json.decode(string) if string else ""
            outer.offset = offset
            continue
        path: JsonPath = ()
        if outer is not None:
            value = outer.next(offset)
            path = value.path
            yield value
        if bracket is not None:
            open_ones.append(_Open(path, set() if bracket == "{" else None))


class _Open:
    """An object or array that isn't closed yet. ``names`` are an object's properties so far, None for an array."""

    __slots__ = ("index", "name", "names", "offset", "path")

    def __init__(self, path: JsonPath, names: set[str] | None) -> None:
        self.path = path
        self.names = names
        self.name: str | None = None
        self.offset = 0
        self.index = 0

    def next(self, offset: int) -> Value:
        """Take the next value in, which begins at ``offset``."""
        if self.names is None or self.name is None:
            self.index += 1
            return Value((*self.path, self.index - 1), offset, is_duplicate=False)
        value = Value((*self.path, self.name), self.offset, is_duplicate=self.name in self.names)
        self.names.add(self.name)
        self.name = None
        return value


def position(text: str, offset: int) -> Position:
    """Return the line and column of a character of ``text``."""
    return Position(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def positions_of(text: str, offsets: Iterable[int]) -> dict[int, Position]:
    """Return the line and column of each of many characters, found in one pass."""
    found = {}
    line, begins, last = 1, 0, 0
    for offset in sorted(set(offsets)):
        ended = text.count("\n", last, offset)
        if ended:
            line += ended
            begins = text.rfind("\n", last, offset) + 1
        found[offset] = Position(line, offset - begins + 1)
        last = offset
    return found


def positions(text: str, paths: Collection[JsonPath], *, repeats: bool = True) -> dict[JsonPath, Position]:
    """Return where each of ``paths`` stands; where a path leads nowhere, where the last part that exists does.

    ``repeats`` says whether a property may come twice in an object, of which the last is meant.
    """
    offsets = None if repeats else seeking.offsets_in(text, paths)
    if offsets is None:
        wanted = {path[:length] for path in paths for length in range(1, len(path) + 1)}
        offsets = {value.path: value.offset for value in values(text) if value.path in wanted}
    start = len(text) - len(text.lstrip())
    at = {path: _offset(path, offsets, start) for path in paths}
    places = positions_of(text, at.values())
    return {path: places[offset] for path, offset in at.items()}


def _offset(path: JsonPath, offsets: dict[JsonPath, int], start: int) -> int:
    while path and path not in offsets:
        path = path[:-1]
    return offsets[path] if path else start
