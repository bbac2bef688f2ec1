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


def offset_in_compact(raw: bytes, value: Any, path: JsonPath) -> int:
    """Return where a path begins in the text that ``fhir_iop.fhir.json`` writes of ``value``, in bytes.

    Where it leads nowhere, it is where the last part that exists does.
    """
    if path and type(path[-1]) is str and path[-1].isidentifier():
        name = b'"%b":' % path[-1].encode()  # a quote inside a string is escaped: this can only be a property
        at = raw.find(name)
        if at >= 0 and raw.find(name, at + 1) < 0 and _exists(value, path):
            return at
    offset = _measured(raw, value, path)
    while offset is None and path:
        path = path[:-1]
        offset = _measured(raw, value, path)
    return offset or 0


def _exists(value: Any, path: JsonPath) -> bool:
    """Whether a path that ends in a property leads to one."""
    try:
        for part in path:
            value = value[part]
    except (LookupError, TypeError):
        return False
    return True


def _measured(raw: bytes, value: Any, path: JsonPath) -> int | None:
    """Return where a path that exists begins: measured from its last property whose name stands only once in ``raw``.

    None where it doesn't exist.
    """
    holders = []
    for part in path:
        if type(value) is not (dict if type(part) is str else list):
            return None
        holders.append(value)
        try:
            value = value[part]  # type: ignore[index]  # of the type that the holder takes
        except LookupError:
            return None
    begun, at = 0, 0
    for begun in range(len(path), 0, -1):
        part = path[begun - 1]
        if type(part) is str:
            name = _encode(part) + b":"  # a quote inside a string is escaped: this can only be a property
            at = raw.find(name)
            if raw.find(name, at + 1) < 0:
                if begun == len(path):
                    return at
                at += len(name)
                break
    else:
        begun, at = 0, 0
    for holder, part in zip(holders[begun:-1], path[begun:-1], strict=True):
        at = _measure(holder, part, at) + (len(_encode(part)) + 1 if type(part) is str else 0)
    return _measure(holders[-1], path[-1], at) if path else None


def _measure(holder: Any, wanted: str | int, at: int) -> int:
    """Return where a property's name, or an item, of an object or array begins that begins at ``at``."""
    if type(holder) is list:
        return at + 1 + sum(len(_encode(each)) + 1 for each in holder[: int(wanted)])
    at += 1
    for name, inner in holder.items():
        if name == wanted:
            break
        at += len(_encode(name)) + len(_encode(inner)) + 2
    return at


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
