"""Texts that match a pattern, at random.

The patterns of record schemas are regular expressions of the plain kind: characters, classes, groups, alternatives and
repetitions, between ``^`` and ``$``. What isn't of that kind is a ValueError, never a text that may not match.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Maker = Callable[[Random], str]

# What a class that leaves characters out, or a dot, is filled from: letters of several scripts, signs, an emoji.
_ANY = [*"abcxyzABCXYZ0189 .,;:-'\"<>&/\\#%()[]{}*+?!=~^|@_$", *"äéñßøÅç€£µ¼×“”’–…", *"ЖλиあA漢한ע", "\U0001f600"]
_ESCAPES = {"d": [*"0123456789"], "w": [*"abcxyzABCXYZ0189_"], "s": [" "], "n": ["\n"], "r": ["\r"], "t": ["\t"]}
_MANY = 6  # how often at most, where a pattern names no end
_OTHER = "no plain pattern"
_CLASS_ITEM = re.compile(r"\\u([0-9a-fA-F]{4})|\\(.)|(.)", re.DOTALL)
_REPEATED = re.compile(r"\{(\d+)(,(\d*))?\}")


@lru_cache(512)
def matching(pattern: str) -> Maker:
    """Return a function that makes texts that ``pattern`` matches. Raises ValueError for a pattern of another kind."""
    text = pattern.removeprefix("^")
    if text.endswith("$") and not text.endswith("\\$"):
        text = text[:-1]
    reader = _Reader(text)
    made = reader.alternatives()
    if reader.position != len(text):
        raise ValueError(_OTHER)
    return made


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self.position = 0

    def _peek(self) -> str:
        return self._text[self.position : self.position + 1]

    def alternatives(self) -> Maker:
        branches = [self._sequence()]
        while self._peek() == "|":
            self.position += 1
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else lambda random: random.choice(branches)(random)

    def _sequence(self) -> Maker:
        parts: list[Maker] = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._repeated(self._one()))
        return lambda random: "".join(part(random) for part in parts)

    def _repeated(self, part: Maker) -> Maker:
        sign = self._peek()
        found = _REPEATED.match(self._text, self.position)
        if sign in {"?", "*", "+"}:
            self.position += 1
            low, high = (1 if sign == "+" else 0), (1 if sign == "?" else _MANY)
        elif found:
            self.position = found.end()
            low = int(found[1])
            high = low if found[2] is None else int(found[3] or low + _MANY)
        else:
            return part
        if self._peek() in {"?", "+", "*"}:
            raise ValueError(_OTHER)
        # seldom more than a few: a text of 64 characters shows no more than one of six
        return lambda random: "".join(part(random) for _ in range(random.randint(low, min(high, low + _MANY))))

    def _one(self) -> Maker:
        sign = self._peek()
        self.position += 1
        if sign == "(":
            if self._text.startswith("?:", self.position):
                self.position += 2
            elif self._peek() == "?":
                raise ValueError(_OTHER)
            made = self.alternatives()
            if self._peek() != ")":
                raise ValueError(_OTHER)
            self.position += 1
            return made
        if sign == "[":
            return _choice(self._class())
        if sign == ".":
            return _choice(_ANY)
        if sign == "\\":
            name = self._peek()
            self.position += 1
            if name in _ESCAPES:
                return _choice(_ESCAPES[name])
            if name.isalnum():
                raise ValueError(_OTHER)
            return lambda _: name
        if sign in "^$*+?{":
            raise ValueError(_OTHER)
        return lambda _: sign

    def _class(self) -> list[str]:
        end = re.compile(r"(?:\\.|[^\]\\])*", re.DOTALL).match(self._text, self.position + (self._peek() == "^"))
        if end is None or self._text[end.end() : end.end() + 1] != "]":
            raise ValueError(_OTHER)
        written = self._text[self.position : end.end()]
        self.position = end.end() + 1
        if written.startswith("^"):
            excluded = re.compile(f"[{written}]")
            return [one for one in _ANY if excluded.fullmatch(one)]
        return _members(written)


def _members(written: str) -> list[str]:
    """Return the characters of a class."""
    found: list[str] = []
    items = list(_CLASS_ITEM.finditer(written))
    position = 0
    while position < len(items):
        one = items[position]
        if one[2] is not None and one[2] in _ESCAPES:
            found += _ESCAPES[one[2]]
        elif position + 2 < len(items) and items[position + 1][0] == "-":
            found += map(chr, range(ord(_character(one)), ord(_character(items[position + 2])) + 1))
            position += 2
        else:
            found.append(_character(one))
        position += 1
    return found


def _character(item: re.Match[str]) -> str:
    return chr(int(item[1], 16)) if item[1] is not None else item[2] if item[2] is not None else item[3]


def _choice(characters: list[str]) -> Maker:
    if not characters:
        raise ValueError(_OTHER)
    return lambda random: random.choice(characters)
