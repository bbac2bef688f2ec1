"""In which form a text is, told by its content: JSON, JSON lines, XML, or something that isn't FHIR."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from fhir_iop.cli.sources import is_object
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from fhir_iop.issue import Issue

Form = Literal["json", "lines", "xml"]

LINES_SUFFIXES: Final = (".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz")

_CHARSETS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
    (b"{\0", "UTF-16"),
    (b"\0{", "UTF-16"),
    (b"<\0", "UTF-16"),
    (b"\0<", "UTF-16"),
)

# What is given to a FHIR validator by mistake: by its bytes at a place.
_OTHERS: Final = (
    (0, b"PK\x03\x04", "a ZIP archive"),
    (0, b"%PDF", "a PDF"),
    (0, b"MSH|", "an HL7 version 2 message"),
    (0, b"@prefix", "RDF (Turtle)"),
    (0, b"PAR1", "a Parquet file"),
    (0, b"BZh", "data compressed by bzip2"),
    (0, b"\xfd7zXZ\0", "data compressed by xz"),
    (0, b"\x28\xb5\x2f\xfd", "data compressed by Zstandard"),
    (0, b"SQLite format 3\0", "an SQLite database"),
    (257, b"ustar", "a tar archive that isn't compressed by gzip"),
)

_SHORT: Final = 16  # bytes of content below which more is awaited
_LONG: Final = 65_536  # bytes after the first line in which a second is looked for


class Look(NamedTuple):
    """What the beginning of a text says: its form, where its content begins, and what is amiss.

    ``form`` is None where that can't be told yet. A fatal Issue says that there is nothing to check.
    """

    form: Form | None
    start: int = 0
    issues: tuple[Issue, ...] = ()


def look(head: bytes, name: str, *, is_all: bool) -> Look:
    """Tell the form of a text by its beginning (``is_all``: by all of it) and, where that leaves it open, its name."""
    if not is_all and len(head) < _SHORT:
        return Look(None)
    for sign, charset in _CHARSETS:
        if head.startswith(sign):
            return Look("json", issues=(issue("text-charset", found=charset),))
    for place, sign, found in _OTHERS:
        if head.startswith(sign, place):
            return Look("json", issues=(issue("text-other-form", found=found),))
    has_mark = head.startswith(codecs.BOM_UTF8)
    start = len(codecs.BOM_UTF8) if has_mark else 0
    rest = head[start:].lstrip()
    if not rest:
        if not is_all:
            return Look(None)
        # An export of no resources is a file of no lines.
        return Look("lines") if name.endswith(LINES_SUFFIXES) else Look("json", issues=(issue("text-empty"),))
    if rest.startswith(b"<"):
        return Look("xml", start)
    are_lines = _are_lines(rest, is_said=name.endswith(LINES_SUFFIXES), is_all=is_all)
    if are_lines is None:
        return Look(None)
    marks = (issue("text-bom", line=1, column=1),) if has_mark else ()
    return Look("lines" if are_lines else "json", start, marks)


def _are_lines(text: bytes, *, is_said: bool, is_all: bool) -> bool | None:
    """Whether a text that isn't blank holds one resource a line; None where more of it must be seen.

    It does where the first line is an object in itself. Where that line is broken the second tells: no JSON has a line
    that ends in a brace before one that begins with a brace.
    """
    line, ended, rest = text.partition(b"\n")
    line = line.rstrip()
    if is_said:
        return line not in {b"{", b"["} if ended or is_all or len(line) > 1 else None
    if not ended:
        return False if is_all or not line.startswith(b"{") else None
    if not (line.startswith(b"{") and line.endswith(b"}")):
        return False
    if is_object(line):
        return True
    second = rest.lstrip()
    if not second:
        return False if is_all or len(rest) > _LONG else None
    return second.startswith(b"{")
