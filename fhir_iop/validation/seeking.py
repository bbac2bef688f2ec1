"""Where in a JSON text a few values stand, told without scanning all of it in Python.

For text in which no property comes twice: what a full scan (``positions.py``) says of it, told sooner. In compact text,
as this project and most servers write it, a value stands where those before it end, and how long they are is known by
writing them again, all at once. In other text what lies beside the paths is read past by the standard library's reader.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecoder, scanstring  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir import json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fhir_iop.validation.place import JsonPath

    Wanted = dict[str | int, "Wanted"]  # the parts of paths, and what is wanted below each

_encode: Final = json.encode
_read: Final[Callable[[str, int], tuple[Any, int]]] = JSONDecoder(strict=False).scan_once  # type: ignore[attr-defined]
_past_space: Final = re.compile(r"[ \t\n\r]*+").match
_plain_name: Final = re.compile(r'"([^"\\]*+)"[ \t\n\r]*+:[ \t\n\r]*+').match
_past_separator: Final = re.compile(r"[ \t\n\r]*+,?[ \t\n\r]*+").match

# What the standard library's own reader runs into where msgspec reads on: numbers of thousands of digits.
_UNREADABLE: Final = (ValueError, StopIteration, IndexError, RecursionError)
_ALL: Final = -1
_FEW: Final = 8
"""So many names are looked for one by one; of more, each costs less where all are measured in one pass."""


def offsets_in(text: str, paths: Iterable[JsonPath]) -> dict[JsonPath, int] | None:
    """Return where each part of each of ``paths`` begins that exists: the offset of the property's name or the item.

    None where the text can't be read so.
    """
    found: dict[JsonPath, int] = {}
    try:
        _seek(text, _end(_past_space, text, 0), _wanted(paths), (), found)
    except _UNREADABLE:
        return None
    return found


def offsets_in_compact(raw: bytes, value: Any, paths: Iterable[JsonPath]) -> dict[JsonPath, int]:
    """Return the same, in bytes, for ``raw``, the text that ``fhir_iop.fhir.json`` writes of ``value``."""
    by_name: dict[str | int, list[JsonPath]] = {}
    for path in dict.fromkeys(paths):
        if path:
            by_name.setdefault(path[-1], []).append(path)
    found: dict[JsonPath, int] = {}
    left = []
    for name, wanted in by_name.items():
        is_found = type(name) is str and len(by_name) <= _FEW and _all_of_name(raw, value, name, wanted, found)
        left += [] if is_found else wanted
    if left:
        _measure(value, 0, _wanted(left), (), found)
    return found


def _all_of_name(raw: bytes, value: Any, name: str, paths: list[JsonPath], found: dict[JsonPath, int]) -> bool:
    """Find all properties of one name, if each that the text has is wanted: then they come in the order of indices."""
    written = b"%b:" % _encode(name)  # a quote inside a string is escaped: this can only be a property
    at = -1
    offsets = []
    for _ in paths:
        at = raw.find(written, at + 1)
        offsets.append(at)
        if at < 0:
            return False
    if raw.find(written, at + 1) >= 0 or not all(_exists(value, path) for path in paths):
        return False
    if len(paths) > 1:
        names = {tuple(part for part in path if type(part) is str) for path in paths}
        if len(names) > 1:
            return False
        paths = sorted(paths, key=lambda path: [part for part in path if type(part) is int])
    found.update(zip(paths, offsets, strict=True))
    return True


def _exists(value: Any, path: JsonPath) -> bool:
    try:
        for part in path:
            value = value[part]
    except (LookupError, TypeError):
        return False
    return True


def _measure(holder: Any, at: int, wanted: Wanted, path: JsonPath, found: dict[JsonPath, int]) -> None:
    """Find what is wanted in a value whose text begins at ``at``: each part stands where those before it end."""
    if type(holder) is dict:
        names = list(holder)
        parts: list[Any] = [part for part in names if part in wanted]
        places = [names.index(part) for part in parts]
    elif type(holder) is list:
        parts = places = sorted(part for part in wanted if type(part) is int and 0 <= part < len(holder))
    else:
        return
    at += 1
    before = 0
    for part, place in zip(parts, places, strict=True):
        if place > before:
            # As long as alone in brackets, but for one of these: the other is the comma.
            at += len(_encode(_between(holder, before, place))) - 1
            before = place
        here = (*path, part)
        found[here] = at
        if wanted[part]:
            inside = at + len(_encode(part)) + 1 if type(part) is str else at
            _measure(holder[part], inside, wanted[part], here, found)


def _between(holder: Any, begin: int, end: int) -> Any:
    """Return some entries of an object or array as one of their own."""
    return holder[begin:end] if type(holder) is list else dict([*holder.items()][begin:end])


def _wanted(paths: Iterable[JsonPath]) -> Wanted:
    wanted: Wanted = {}
    for path in paths:
        below = wanted
        for part in path:
            below = below.setdefault(part, {})
    return wanted


def _end(match: Callable[[str, int], re.Match[str] | None], text: str, at: int) -> int:
    return match(text, at).end()  # type: ignore[union-attr]  # these always match


def _seek(text: str, at: int, wanted: Wanted, path: JsonPath, found: dict[JsonPath, int]) -> int:
    """Find what is wanted in the value that begins at ``at``; return where it ends, or _ALL as soon as all is found."""
    opened = text[at]
    if not wanted or opened not in "{[":
        return _read(text, at)[1]
    missing = len(wanted)
    index = -1
    at = _end(_past_space, text, at + 1)
    while text[at] not in "}]":
        value = at
        part: str | int
        if opened == "{":
            part, value = _name(text, at)
        else:
            part = index = index + 1
        below = wanted.get(part)
        if below is not None:
            here = (*path, part)
            found[here] = at
            missing -= 1
            after = _seek(text, value, below, here, found) if below else _ALL
            if not missing and after == _ALL:
                return _ALL
            at = _read(text, value)[1] if after == _ALL else after
        else:
            at = _read(text, value)[1]
        at = _end(_past_separator, text, at)
    return at + 1


def _name(text: str, at: int) -> tuple[str, int]:
    """Return the property's name that begins at ``at``, and where its value begins."""
    plain = _plain_name(text, at)
    if plain is not None:
        return plain[1], plain.end()
    name, after = scanstring(text, at + 1, False)
    return name, _end(_past_space, text, _end(_past_space, text, after) + 1)
