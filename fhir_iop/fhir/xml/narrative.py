"""A narrative's `div`, cut out of the document as it was spelt.

Markup has many spellings (`&quot;`, `<br></br>`); what is stored is the one that came. Namespaces that are declared
outside of the `div` and used in it are declared on it, so that the text stands by itself, as JSON needs it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from fhir_iop.fhir.xml.scanning import DEPTH_LIMIT, too_deep
from fhir_iop.fhir.xml.shape import FHIR

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.parsers.expat import XMLParserType

_NAME = re.compile(rb"[^\s/>]+")
_START_TAG = re.compile(rb"<(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_PREFIX = re.compile(rb"[<\s/]([^\s:<>/=\"']+):")
_DECLARED = re.compile(rb"\sxmlns(?::([^\s=]+))?\s*=")


class Narrative:
    """The narratives of one document, one after the other."""

    def __init__(self, parser: XMLParserType, raw: bytes) -> None:
        self._parser = parser
        self._raw = raw
        self._scope: dict[bytes, list[str | None]] = {}  # the namespaces that each prefix has, the innermost last
        self._open = self._allowed = 0
        self._first = 0
        self._done: Callable[[str], None]
        parser.StartNamespaceDeclHandler = self._enter_namespace
        parser.EndNamespaceDeclHandler = self._leave_namespace

    def begin(self, depth: int, done: Callable[[str], None]) -> None:
        """Begin a narrative at the start tag that the parser is at, ``depth`` elements deep in the document.

        ``done`` is called with its text at its end.
        """
        self._open = 1
        self._allowed = DEPTH_LIMIT - depth + 1
        self._first = self._parser.CurrentByteIndex
        self._done = done
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = None

    def _enter_namespace(self, prefix: str | None, uri: str | None) -> None:
        self._scope.setdefault((prefix or "").encode(), []).append(uri)

    def _leave_namespace(self, prefix: str | None) -> None:
        self._scope[(prefix or "").encode()].pop()

    def _start(self, _name: str, _attributes: list[str]) -> None:
        self._open += 1
        if self._open > self._allowed:
            raise too_deep(self._parser)

    def _end(self, _name: str) -> None:
        self._open -= 1
        if not self._open:
            self._done(self._text())

    def _text(self) -> str:
        raw, first, last = self._raw, self._first, self._parser.CurrentByteIndex
        name = next(_NAME.finditer(raw, first + 1))[0]
        # the end of `<div/>` is told behind it, that of `<div>…</div>` before its end tag
        if raw.startswith(b"</" + name, last):
            last = raw.index(b">", last) + 1
        text = raw[first:last]
        named = 1 + len(name)
        return (text[:named] + self._missing(text) + text[named:]).decode()

    def _missing(self, text: bytes) -> bytes:
        """Return the declarations that ``text`` needs and doesn't make itself."""
        start_tag = next(_START_TAG.finditer(text))[0]
        own = {match[1] or b"" for match in _DECLARED.finditer(start_tag)}
        made = b""
        for prefix in sorted({b"", *_PREFIX.findall(text)} - own):
            uri = next(reversed(self._scope.get(prefix, ())), None)
            if uri is not None and (prefix or uri != FHIR):
                made += b" xmlns" + (b":" + prefix if prefix else b"") + b"=" + quoteattr(uri).encode()
        return made
