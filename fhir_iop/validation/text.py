"""JSON text in: what can't be read, and what reading would hide, become findings with a line and a column."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from fhir_iop.errors import BadInput
from fhir_iop.fhir import json
from fhir_iop.issue import Issue, issue
from fhir_iop.validation.place import Place, told
from fhir_iop.validation.positions import position, positions, values
from fhir_iop.validation.seeking import offsets_in_compact
from fhir_iop.validation.unreadable import placed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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


def read(raw: bytes | str) -> Read:
    """Read one JSON object; report text that isn't one, and properties that come twice in an object."""
    text = raw.removeprefix(_MARK) if isinstance(raw, str) else raw.removeprefix(_MARK_IN_BYTES)
    marked = [issue("json-byte-order-mark", line=1, column=1)] if len(text) < len(raw) else []
    try:
        resource = json.decode_object(text)
    except BadInput as refused:
        return Read(None, marked + [placed(text, found) for found in refused.issues])
    written = text.encode() if isinstance(text, str) else text
    compact = json.encode(resource)
    if written == compact:
        return Read(resource, marked, is_compact=True, repeats=False)
    # Where a property comes twice reading keeps the last, and the text has more colons than its value. An escaped colon
    # could make up for one that was lost, so a text with such an escape is looked at as well.
    repeats = written.count(b":") != compact.count(b":") or b"\\u003" in written
    return Read(resource, marked + (_duplicates(_text(text)) if repeats else []), repeats=repeats)


def with_positions(raw: bytes | str, was_read: Read, found: Sequence[Finding]) -> list[Issue]:
    """Return the Issues of ``found`` with the line and column of each in the text that ``was_read``."""
    if not found:
        return []
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


def _duplicates(text: str) -> list[Issue]:
    found = []
    told_paths = set()
    for value in values(text):
        if value.is_duplicate and value.path not in told_paths:
            told_paths.add(value.path)
            line, column = position(text, value.offset)
            name = told(str(value.path[-1]))
            found.append(issue("json-duplicate", _expression(value.path), line=line, column=column, name=name))
    return found


def _expression(path: JsonPath) -> str:
    place = Place("$this")
    for part in path:
        if isinstance(part, int):
            place.index = part
        else:
            place = place.down(told(part), part)
    return place.expression.removeprefix("$this.")


def _text(raw: bytes | str) -> str:
    return (raw if isinstance(raw, str) else raw.decode()).removeprefix(_MARK)
