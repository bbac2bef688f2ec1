"""JSON text in: what can't be read, and what reading would hide, become findings with a line and a column."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from fhir_iop.errors import BadInput
from fhir_iop.fhir import json
from fhir_iop.issue import Issue, issue
from fhir_iop.validation.item import MOST_FINDINGS
from fhir_iop.validation.place import told
from fhir_iop.validation.positions import positions, positions_of, values
from fhir_iop.validation.seeking import offsets_in_compact
from fhir_iop.validation.unreadable import placed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fhir_iop.validation.item import Finding
    from fhir_iop.validation.place import JsonPath


_MARK = "\ufeff"  # a byte order mark, which JSON has not (RFC 8259, section 8.1), and readers may pass over
_MARK_IN_BYTES = _MARK.encode()


class Read(NamedTuple):
    """A resource read from text, None where that was impossible, and what was wrong with the text.

    ``is_compact``: the text is the one that this project would write. ``repeats``: a property may come twice.
    """

    resource: dict[str, Any] | None
    issues: list[Issue]
    is_compact: bool = False
    repeats: bool = True


def read(raw: bytes | str, expression: Callable[[dict[str, Any], JsonPath], str]) -> Read:
    """Read one JSON object; report text that isn't one, and properties that come twice in an object.

    ``expression`` says as FHIRPath where in a resource a path leads.
    """
    try:
        return _read(raw, [], expression)
    except BadInput as refused:
        text = raw.removeprefix(_MARK) if isinstance(raw, str) else raw.removeprefix(_MARK_IN_BYTES)
        if len(text) == len(raw):
            return Read(None, [placed(raw, found) for found in refused.issues])
    marked = [issue("json-byte-order-mark", line=1, column=1)]
    try:
        return _read(text, marked, expression)
    except BadInput as refused:
        return Read(None, marked + [placed(text, found) for found in refused.issues])


def _read(text: bytes | str, marked: list[Issue], expression: Callable[[dict[str, Any], JsonPath], str]) -> Read:
    """Read text without a byte order mark. Raises BadInput where it isn't one object."""
    resource = json.decode_object(text)
    written = text.encode() if isinstance(text, str) else text
    compact = json.encode(resource)
    if written == compact:
        return Read(resource, marked, is_compact=True, repeats=False)
    # Where a property comes twice reading keeps the last, and the text has more colons than its value. An escaped colon
    # could make up for one that was lost, so a text with such an escape is looked at as well.
    repeats = written.count(b":") != compact.count(b":") or b"\\u003" in written
    twice = _duplicates(_text(text), partial(expression, resource)) if repeats else []
    return Read(resource, marked + twice, repeats=repeats)


def with_positions(raw: bytes | str, was_read: Read, found: Sequence[Finding]) -> list[Issue]:
    """Return the Issues of ``found`` with the line and column of each in the text that ``was_read``."""
    if not found:
        return []
    if (b'"_' if isinstance(raw, bytes) else '"_') in raw:  # type: ignore[operator]  # of the type that raw is
        found = [one._replace(path=_written(was_read.resource, one.path)) for one in found]
    paths = [finding.path for finding in found]
    where: Mapping[JsonPath, tuple[int, int]]
    if was_read.is_compact:
        written = _text(raw).encode() if isinstance(raw, str) else raw.removeprefix(_MARK_IN_BYTES)
        where = _places_in_compact(written, was_read.resource, paths)
    else:
        where = positions(_text(raw), paths, repeats=was_read.repeats)
    return [finding.told(*where[finding.path]) for finding in found]


def _places_in_compact(raw: bytes, value: Any, paths: Sequence[JsonPath]) -> dict[JsonPath, tuple[int, int]]:
    """Return the line and column of values in text that is one line; of what isn't there, those of what it lacks in."""
    offsets = offsets_in_compact(raw, value, paths)
    if not raw.isascii():
        offsets = _in_characters(raw, offsets)
    places = {}
    for path in paths:
        there = path
        while there and there not in offsets:
            there = there[:-1]
        places[path] = 1, offsets[there] + 1 if there else 1
    return places


def _in_characters(raw: bytes, offsets: dict[JsonPath, int]) -> dict[JsonPath, int]:
    """Return as characters what are offsets in bytes."""
    characters = counted = 0
    found = {}
    for path, offset in sorted(offsets.items(), key=itemgetter(1)):
        characters += len(raw[counted:offset].decode())
        counted = offset
        found[path] = characters
    return found


def _written(value: Any, path: JsonPath) -> JsonPath:
    """Return a path as the text has it: what a primitive has beside its value stands in a property with `_`."""
    written: list[str | int] = []
    for at, part in enumerate(path):
        key: str | int = part
        if isinstance(part, str) and not _leads(value, path[at:]) and _leads(value, (f"_{part}", *path[at + 1 :])):
            key = f"_{part}"
        written.append(key)
        value = value[key] if _leads(value, (key,)) else None
    return tuple(written)


def _leads(value: Any, path: JsonPath) -> bool:
    for part in path:
        if type(value) is not (dict if type(part) is str else list):
            return False
        try:
            value = value[part]  # type: ignore[index]  # of the type that the holder takes
        except LookupError:
            return False
    return True


def _duplicates(text: str, expression: Callable[[JsonPath], str]) -> list[Issue]:
    offsets: dict[JsonPath, int] = {}
    for value in values(text):
        if value.is_duplicate and value.path not in offsets:
            offsets[value.path] = value.offset
            if len(offsets) == MOST_FINDINGS:
                break
    places = positions_of(text, offsets.values())
    found = []
    for path, offset in offsets.items():
        line, column = places[offset]
        found.append(issue("json-duplicate", expression(path), line=line, column=column, name=told(str(path[-1]))))
    if len(found) == MOST_FINDINGS:
        found.append(issue("findings-many", line=found[-1].line, column=found[-1].column, limit=MOST_FINDINGS))
    return found


def _text(raw: bytes | str) -> str:
    return (raw if isinstance(raw, str) else raw.decode()).removeprefix(_MARK)
