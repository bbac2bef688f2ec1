"""Why a text can't be read as JSON, and where: looked for once reading has failed, so that reading stays quick."""

from __future__ import annotations

import json as standard_json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from fhir_iop.errors import BadInput
from fhir_iop.fhir import json
from fhir_iop.issue import issue
from fhir_iop.validation.positions import position

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.issue import Issue

_UTF_16_OR_32 = (b"\xff\xfe", b"\xfe\xff", b"{\x00", b"\x00{", b"\x00\x00\x00{", b"\x00\x00\xfe\xff")
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[{\[]|[}\]]|[^\s,:{}\[\]"]+', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_NOT_JSON = frozenset({"NaN", "Infinity", "-Infinity"})


class _Fault(NamedTuple):
    offset: int
    reason: str | None = None


def placed(raw: bytes | str, found: Issue) -> Issue:
    """Return the refusal of a text with line and column of what is wrong, and a better reason where there is one."""
    text, fault = _text(raw)
    if fault is None:
        look = {"json-number": _number, "json-depth": _deepest, "json-malformed": _malformed}.get(
            found.rule, _beginning
        )
        fault = look(text)
    if fault is None:
        return found
    line, column = position(text, fault.offset)
    if fault.reason is None:
        return replace(found, line=line, column=column)
    return issue(found.rule, line=line, column=column, reason=fault.reason)


def _text(raw: bytes | str) -> tuple[str, _Fault | None]:
    """Return the text, up to where its bytes are no text."""
    if isinstance(raw, str):
        lone = re.search("[\ud800-\udfff]", raw)
        return raw, _Fault(lone.start(), "there is half of a character (a lone surrogate)") if lone else None
    if raw.startswith(_UTF_16_OR_32):
        return "", _Fault(0, "it is UTF-16 or UTF-32, where FHIR has UTF-8")
    try:
        return raw.decode(), None
    except UnicodeDecodeError as error:
        text = raw[: error.start].decode()
        return text, _Fault(len(text), "it is not UTF-8")


def _beginning(text: str) -> _Fault:
    return _Fault(len(text) - len(text.lstrip()))


def _malformed(text: str) -> _Fault | None:
    """Find where the standard library stops reading, or what it takes although it isn't JSON."""
    try:
        standard_json.loads(text)
    except standard_json.JSONDecodeError as error:
        return _Fault(error.pos)
    except (ValueError, RecursionError):  # a number of too many digits, nesting: told as such
        pass
    for token in _TOKEN.finditer(text):
        if token[0] in _NOT_JSON:
            return _Fault(token.start(), f"{token[0].lstrip('-')} is no value in JSON")
        if token[0].startswith('"'):
            for offset in _lone_surrogates(token[0]):
                return _Fault(token.start() + offset, "there is half of a character (a lone surrogate)")
    return None


def _lone_surrogates(string: str) -> Iterator[int]:
    """Yield where a string has an escape for one half of a character without the other."""
    high = None  # where a first half begins that waits for its second
    for escape in _ESCAPE.finditer(string):
        code = int(escape[1], 16) if escape[1] else 0
        if high is not None and not (0xDC00 <= code < 0xE000 and escape.start() == high + 6):
            yield high
            return
        if high is None and 0xDC00 <= code < 0xE000:
            yield escape.start()
        high = escape.start() if 0xD800 <= code < 0xDC00 else None
    if high is not None:
        yield high


def _number(text: str) -> _Fault | None:
    """Find the number that can't be taken."""
    for token in _TOKEN.finditer(text):
        if token[0][0] in "-0123456789":
            try:
                json.decode(token[0])
            except BadInput as refused:
                if refused.issues[0].rule == "json-number":
                    return _Fault(token.start())
    return None


def _deepest(text: str) -> _Fault | None:
    """Find where the text nests more deeply than is allowed."""
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "{[":
            depth += 1
            if depth > json.DEPTH_LIMIT:
                return _Fault(token.start())
        elif token[0] in "}]":
            depth -= 1
    return None


_LOOK: dict[str, Callable[[str], _Fault | None]] = {
    "json-depth": _deepest,
    "json-malformed": _malformed,
    "json-number": _number,
}
