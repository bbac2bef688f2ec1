"""Reads a regular expression in the dialect that FHIR's own use: the common ground of Java, JavaScript and PCRE.

Characters, escapes, classes, groups, alternatives, repetitions (greedy or lazy), anchors and look-ahead. Not taken:
references back to a group, look-behind, flags, Unicode properties.
"""

from __future__ import annotations

import re

from fhir_iop.fhirpath.patterns import charset
from fhir_iop.fhirpath.patterns.nodes import (
    Explosive,
    Part,
    alternatives,
    assertion,
    group,
    repeated,
    sequence,
    single,
)

LONGEST = 2_000
_DEEPEST = 30
_MOST_REPEATS = 1_000

_CONTROLS = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_BRACES = re.compile(r"\{(\d{1,4})(?:(,)(\d{1,4})?)?\}")
_CODE = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")


class Unreadable(ValueError):
    """The text isn't a regular expression of the dialect; the message says why."""


def parse(pattern: str) -> Part:
    """Read a pattern. Raises Unreadable, or Explosive where matching it may never end."""
    if len(pattern) > LONGEST:
        raise Unreadable(f"it has more than {LONGEST} characters")
    parser = _Parser(pattern)
    part = parser.choice(0)
    if parser.at < len(pattern):
        raise Unreadable("a bracket is closed that was never opened")
    return part


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0

    def next(self) -> str:
        return self.pattern[self.at : self.at + 1]

    def take(self) -> str:
        if self.at >= len(self.pattern):
            raise Unreadable("it ends too early")
        self.at += 1
        return self.pattern[self.at - 1]

    def choice(self, depth: int) -> Part:
        if depth > _DEEPEST:
            raise Unreadable(f"it is nested deeper than {_DEEPEST} levels")
        parts = [self.series(depth)]
        while self.next() == "|":
            self.take()
            parts.append(self.series(depth))
        return alternatives(parts)

    def series(self, depth: int) -> Part:
        parts: list[Part] = []
        while self.next() not in ("", "|", ")"):
            parts.append(self.quantified(self.atom(depth)))
        return sequence(parts)

    def quantified(self, part: Part) -> Part:
        bounds = self.bounds()
        if bounds is None:
            return part
        least, most, text = bounds
        if self.next() == "?":
            text += self.take()
        if part.columns == ():
            raise Unreadable("an anchor can't be repeated")
        if self.bounds() is not None:
            raise Explosive("a repetition of a repetition")
        return repeated(part, least, most, text)

    def bounds(self) -> tuple[int, int | None, str] | None:
        simple = {"*": (0, None, "*"), "+": (1, None, "+"), "?": (0, 1, "?")}
        if self.next() in simple and self.next():
            return simple[self.take()]
        match = _BRACES.match(self.pattern, self.at)
        if match is None:
            return None
        self.at = match.end()
        least = int(match[1])
        most = least if match[2] is None else int(match[3]) if match[3] else None
        if most is not None and (most < least or most > _MOST_REPEATS):
            raise Unreadable("the bounds of a repetition make no sense")
        return least, most, match[0]

    def atom(self, depth: int) -> Part:
        character = self.take()
        match character:
            case "(":
                return self.bracket(depth)
            case "[":
                return self.members()
            case ".":
                return single(".", charset.ALL)
            case "^":
                return assertion("^", anchored=True)
            case "$":
                return assertion(r"\Z")
            case "\\":
                return self.escape()
            case "*" | "+" | "?":
                raise Unreadable("there is nothing to repeat")
        return single(re.escape(character), charset.of(character))

    def bracket(self, depth: int) -> Part:
        opening = "("
        if self.next() == "?":
            self.take()
            kind = self.take()
            if kind not in ":=!":
                raise Unreadable("only groups and look-ahead may begin with `(?`")
            opening = f"(?{kind}"
        inner = self.choice(depth + 1)
        if self.next() != ")":
            raise Unreadable("a bracket isn't closed")
        self.take()
        if opening in ("(?=", "(?!"):
            return Part(f"{opening}{inner.text})", degree=inner.degree, is_unambiguous=inner.degree == 0)
        return group(inner, opening)

    def escape(self) -> Part:
        letter = self.take()
        if letter in charset.CLASSES:
            return single("\\" + letter, charset.CLASSES[letter])
        if letter in "bB":
            return assertion("\\" + letter)
        character = self.escaped(letter)
        return single(re.escape(character), charset.of(character))

    def escaped(self, letter: str) -> str:
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if match := _CODE.match(self.pattern, self.at - 1):
            self.at = match.end()
            return chr(int(match[1] or match[2], 16))
        if letter.isalnum():
            raise Unreadable(f"the escape \\{letter} isn't known")
        return letter

    def members(self) -> Part:
        negated = self.next() == "^"
        if negated:
            self.take()
        texts: list[str] = []
        characters = 0
        while self.next() != "]" or not texts:
            first, text, members = self.member()
            if first is not None and self.next() == "-" and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                self.take()
                last, last_text, _ = self.member()
                if last is None or last < first:
                    raise Unreadable("a range of characters makes no sense")
                text, members = f"{text}-{last_text}", charset.of_range(first, last)
            texts.append(text)
            characters |= members
        self.take()
        return single(
            f"[{'^' if negated else ''}{''.join(texts)}]", charset.inverted(characters) if negated else characters
        )

    def member(self) -> tuple[str | None, str, int]:
        """Return the character (None for a class of them), its text, and the set."""
        character = self.take()
        if character == "[":
            if self.next() == ":":
                raise Unreadable("POSIX classes aren't known")
        elif character == "\\":
            letter = self.take()
            if letter in charset.CLASSES:
                return None, "\\" + letter, charset.CLASSES[letter]
            character = self.escaped(letter) if letter != "b" else "\b"
        return character, re.escape(character), charset.of(character)
