"""Where in a JSON text a few values stand, told without scanning all of it in Python.

For text in which no property comes twice: what a full scan (``positions.py``) says of it, told sooner. In compact text,
as this project and most servers write it, a value stands where those before it end, and how long they are is known by
writing them again. In other text what lies beside the paths is read past by the standard library's reader.
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
_BRACKET, _END_BRACKET = b"[]"


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
    """Return the same in bytes, for the text that ``fhir_iop.fhir.json`` writes of ``value``.

    Of a path whose last property stands only once in the text no other part is looked for.
    """
    found: dict[JsonPath, int] = {}
    others = []
    for path in paths:
        offset = _only(raw, path)
        if offset is None:
            others.append(path)
        else:
            found[path] = offset
    if others:
        _measure(value, 0, _wanted(others), (), found)
    return found


def _only(raw: bytes, path: JsonPath) -> int | None:
    """Return the offset of a property, or of the first item of its array, where no other has the property's name."""
    name = path[-1] if path else None
    is_first_item = name == 0 and len(path) > 1
    if is_first_item:
        name = path[-2]
    if not isinstance(name, str):
        return None
    written = _encode(name) + b":"  # a quote inside a string is escaped: this can only be a property
    at = raw.find(written)
    if at < 0 or raw.find(written, at + 1) >= 0:
        return None
    if not is_first_item:
        return at
    at += len(written)
    return at + 1 if raw[at] == _BRACKET and raw[at + 1] != _END_BRACKET else None


def _wanted(paths: Iterable[JsonPath]) -> Wanted:
    wanted: Wanted = {}
    for path in paths:
        below = wanted
        for part in path:
            below = below.setdefault(part, {})
    return wanted


def _measure(value: Any, at: int, wanted: Wanted, path: JsonPath, found: dict[JsonPath, int]) -> None:
    missing = len(wanted)
    is_object = type(value) is dict
    if not missing or not (is_object or type(value) is list):
        return
    for part, inner in value.items() if is_object else enumerate(value):
        at += 1  # the bracket or comma before it
        below = wanted.get(part)
        name = len(_encode(part)) + 1 if is_object else 0
        if below is not None:
            here = (*path, part)
            found[here] = at
            if below:
                _measure(inner, at + name, below, here, found)
            missing -= 1
            if not missing:
                return
        at += name + len(_encode(inner))


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
