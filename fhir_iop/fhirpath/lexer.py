"""Text to tokens (https://hl7.org/fhirpath/N1/grammar.html, the lexer's part), by one regular expression."""

from __future__ import annotations

import re
from typing import NamedTuple

from fhir_iop.fhirpath.errors import FhirPathError

# No published expression comes near: the longest of R4 and US Core has about 3,500 characters.
LONGEST = 100_000

_TOKEN = re.compile(
    r"""(?P<space>  (?: \s+ | //[^\r\n]* | /\*.*?\*/ )+ )
      | (?P<datetime> @\d{4}(?:-\d\d(?:-\d\d)?)? T
            (?: \d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)? (?:Z|[+-]\d\d:\d\d)? )? )
      | (?P<time>   @T\d\d(?::\d\d(?::\d\d(?:\.\d+)?)?)? )
      | (?P<date>   @\d{4}(?:-\d\d(?:-\d\d)?)? )
      | (?P<number> \d+(?:\.\d+)? )
      | (?P<string> '(?:[^'\\]|\\.)*' )
      | (?P<quoted> `(?:[^`\\]|\\.)*` )
      | (?P<special> \$(?:this|index|total)\b )
      | (?P<word>   [A-Za-z_][A-Za-z0-9_]* )
      | (?P<sign>   <=|>=|!=|!~|[-+*/&|<>=~.,()\[\]{}%] )""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|.)", re.DOTALL)
_ESCAPED = {"'": "'", '"': '"', "`": "`", "\\": "\\", "/": "/", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Token(NamedTuple):
    """``kind`` is a group of the lexer's expression or ``end``; strings and quoted names are without their quotes."""

    kind: str
    text: str
    position: int


def tokens(text: str) -> list[Token]:
    """Split an expression into tokens, the last one of kind ``end``.

    Raises FhirPathError for a character that starts no token, an unknown escape, a comment or string without an end,
    and for a text that is too long.
    """
    if len(text) > LONGEST:
        raise FhirPathError("fhirpath-limit", limit=f"{LONGEST} characters")
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None or (match.lastgroup != "space" and text.startswith("/*", position)):
            raise FhirPathError("fhirpath-syntax", text=text, position=position, found=_what(text, position))
        kind = match.lastgroup or ""
        if kind in ("string", "quoted"):
            found.append(Token(kind, _unescaped(match.group()[1:-1], text, position + 1), position))
        elif kind != "space":
            found.append(Token(kind, match.group(), position))
        position = match.end()
    found.append(Token("end", "", len(text)))
    return found


def _what(text: str, position: int) -> str:
    for start, what in (("'", "a string without its end"), ("`", "a name without its end"), ("/*", "an open comment")):
        if text.startswith(start, position):
            return what
    return f"the character {text[position]!r}"


def _unescaped(raw: str, text: str, position: int) -> str:
    if "\\" not in raw:
        return raw

    def replaced(match: re.Match[str]) -> str:
        escape = match.group(1)
        if len(escape) == 5:
            return chr(int(escape[1:], 16))
        if escape not in _ESCAPED:
            at = position + match.start()
            raise FhirPathError("fhirpath-syntax", text=text, position=at, found=f"the unknown escape \\{escape}")
        return _ESCAPED[escape]

    value = _ESCAPE.sub(replaced, raw)
    # Characters beyond U+FFFF are written as two escapes, as in JSON; half of one is no character.
    try:
        return value.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise FhirPathError("fhirpath-syntax", text=text, position=position, found="half a character") from None
