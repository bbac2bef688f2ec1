"""Texts as index rows hold them, and the escapes of search values."""

from __future__ import annotations

import re
import unicodedata

import sqlalchemy as sa

MOST = 255
"""Characters of a text that are indexed and compared; PostgreSQL can't index rows of more than about 2,700 bytes."""

LAST = "\U0010ffff"
"""The last code point: no text comes after it."""

_ESCAPED = re.compile(r"\\([\\,|$])")


def clip(text: str) -> str:
    """Return what is kept of ``text``: its beginning, without NUL, which PostgreSQL can't store."""
    return text.replace("\x00", "")[:MOST]


def fold(text: str) -> str:
    """Return ``text`` as it is compared where neither case nor accents nor runs of spaces count."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return clip(" ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split()))


def begins_with(column: sa.ColumnElement[str], start: str) -> sa.ColumnElement[bool]:
    """Test for texts that begin with ``start``, as a range, which an index finds."""
    return sa.and_(column >= start, column <= start + LAST)


def split(value: str, separator: str) -> list[str]:
    """Split at each ``separator`` that isn't escaped; the parts keep their escapes."""
    parts = [""]
    signs = iter(value)
    for sign in signs:
        if sign == separator:
            parts.append("")
        else:
            parts[-1] += sign + (next(signs, "") if sign == "\\" else "")
    return parts


def unescape(value: str) -> str:
    """Return what an escaped value says (https://hl7.org/fhir/R4/search.html#escaping)."""
    return _ESCAPED.sub(r"\1", value)
