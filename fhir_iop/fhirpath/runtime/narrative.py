"""What a narrative's XHTML may hold (https://hl7.org/fhir/R4/narrative.html#xhtml)."""

from __future__ import annotations

import re
from html.entities import name2codepoint
from xml.parsers import expat

_NAMESPACE = "http://www.w3.org/1999/xhtml"
_LONGEST = 5_000_000
_ELEMENTS = frozenset(
    """a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn div dl dt em h1 h2 h3
    h4 h5 h6 hr i img kbd li map ol p pre q samp small span strong sub sup table tbody td tfoot th thead tr tt ul
    var""".split()  # noqa: SIM905  a list of words reads better than a list of strings
)
_ATTRIBUTES = frozenset(
    """abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset
    cite class colspan coords dir frame headers height href hreflang id ismap lang longdesc name nohref rel rev rowspan
    rules scope shape span src start style summary tabindex title type usemap valign value
    width""".split()  # noqa: SIM905
)
_IMPLIED = frozenset({"lt", "gt", "amp", "quot", "apos"})
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]*);")
# An address that runs code isn't formatting.
_ACTIVE = re.compile(r"\s*(?:javascript|vbscript|data\s*:\s*text/html)\s*:?", re.IGNORECASE)


class _Forbidden(ValueError):
    """The narrative holds what it may not."""


def html_checks(text: str) -> bool:
    """Whether a ``div`` is well-formed, holds formatting only (no script, form, frame, event) and says something."""
    if len(text) > _LONGEST:
        return False
    checker = _Checker()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = checker.start
    parser.CharacterDataHandler = checker.characters
    parser.StartDoctypeDeclHandler = checker.forbidden
    parser.ProcessingInstructionHandler = checker.forbidden
    try:
        parser.Parse(_ENTITY.sub(_entity, text), True)
    except (expat.ExpatError, _Forbidden, UnicodeEncodeError):
        return False
    return checker.says_something


def _entity(match: re.Match[str]) -> str:
    """Write the entities that XHTML defines as the characters that they are."""
    name = match[1]
    return match[0] if name in _IMPLIED or name not in name2codepoint else chr(name2codepoint[name])


class _Checker:
    def __init__(self) -> None:
        self.is_root = True
        self.says_something = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        if namespace != _NAMESPACE or local not in _ELEMENTS or (self.is_root and local != "div"):
            raise _Forbidden(local)
        self.is_root = False
        for attribute, value in attributes.items():
            plain = attribute.removeprefix("http://www.w3.org/XML/1998/namespace ")
            if plain not in _ATTRIBUTES or (plain in ("href", "src") and _ACTIVE.match(value)):
                raise _Forbidden(attribute)
        if local == "img":
            self.says_something = True

    def characters(self, text: str) -> None:
        if not text.isspace():
            self.says_something = True

    def forbidden(self, *_: object) -> None:
        raise _Forbidden("a declaration or processing instruction")
