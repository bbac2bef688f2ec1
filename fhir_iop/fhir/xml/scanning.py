"""XML text scanned once by expat, with everything off that reaches beyond the text: DTDs, entities, the network.

Reading is driven by expat's events instead of a tree, because these tell the byte and the line of every tag: a
narrative is taken as it was written, and no second parse is needed to do so.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

DEPTH_LIMIT = 200
BETWEEN = "}"
"""What stands between namespace and local name in the names that a parser tells."""

_DECLARATION = re.compile(r"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]{0,39})[\"']")
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"<\x00", b"\x00<")
# Those that XML processors agree on (https://www.w3.org/TR/xml/#charencoding); Python knows others that run code's own
# escapes or compress.
_ENCODINGS = re.compile(r"US-ASCII|ISO-8859-[0-9]{1,2}|WINDOWS-125[0-8]")


def utf8(raw: bytes | str) -> tuple[bytes, str]:
    """Return the document in UTF-8 without a byte order mark, and the encoding that it came in.

    Raises BadInput for an encoding that can't be read.
    """
    if isinstance(raw, str):
        return _encoded(raw.removeprefix("\ufeff")), "UTF-8"
    if raw.startswith(_UTF_16):
        encoding = "utf-16" if raw[:2] in _UTF_16[:2] else "utf-16-le" if raw[:1] == b"<" else "utf-16-be"
        return _encoded(_decoded(raw, encoding)), "UTF-16"
    raw = raw.removeprefix(codecs.BOM_UTF8)
    declared = _DECLARATION.match(raw[:200].decode("latin-1"))
    encoding = declared[1].upper() if declared else "UTF-8"
    if encoding in {"UTF-8", "UTF8"}:
        return raw, "UTF-8"
    if not _ENCODINGS.fullmatch(encoding):
        raise BadInput(issue("xml-malformed", line=1, column=1, reason="its encoding can't be read"))
    return _encoded(_decoded(raw, encoding)), encoding


def parser(raw: bytes) -> XMLParserType:
    """Return a parser for one document in UTF-8 that refuses a DOCTYPE, and with it every entity of the document's."""
    made = expat.ParserCreate("UTF-8", BETWEEN)
    made.buffer_text = True
    made.ordered_attributes = True

    def refuse(*_declared: object) -> None:
        at = raw.rfind(b"<!DOCTYPE", 0, made.CurrentByteIndex + 9)  # it is told where its name or its subset ends
        line, column = raw.count(b"\n", 0, at) + 1, at - raw.rfind(b"\n", 0, at)
        raise BadInput(issue("xml-doctype", line=line, column=column))

    made.StartDoctypeDeclHandler = refuse
    return made


def scan(made: XMLParserType, raw: bytes) -> None:
    """Let the parser go through a document. Raises BadInput, with line and column, where it isn't well-formed."""
    try:
        made.Parse(raw, True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise BadInput(issue("xml-malformed", line=error.lineno, column=error.offset + 1, reason=reason)) from None


def too_deep(made: XMLParserType) -> BadInput:
    """Return the exception for an element that lies deeper than any resource."""
    line, column = made.CurrentLineNumber, made.CurrentColumnNumber + 1
    return BadInput(issue("xml-depth", line=line, column=column, limit=DEPTH_LIMIT))


def _decoded(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except (LookupError, UnicodeError):
        raise BadInput(issue("xml-malformed", line=1, column=1, reason="its encoding can't be read")) from None


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeError:
        raise BadInput(issue("xml-malformed", reason="it has half of a character (a lone surrogate)")) from None
