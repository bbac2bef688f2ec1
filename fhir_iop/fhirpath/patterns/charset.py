"""Sets of characters as bits: one for each ASCII character, and one for all others together."""

from __future__ import annotations

OTHER = 1 << 128
ALL = (1 << 129) - 1


def of(characters: str) -> int:
    """Return the set of some characters."""
    found = 0
    for character in characters:
        found |= 1 << ord(character) if ord(character) < 128 else OTHER
    return found


def of_range(first: str, last: str) -> int:
    """Return the set of all characters from ``first`` to ``last``."""
    low, high = ord(first), min(ord(last), 127)
    found = sum(1 << code for code in range(low, high + 1))
    return found | OTHER if ord(last) > 127 else found


def inverted(characters: int) -> int:
    """Return all other characters. Of those beyond ASCII some are always among them."""
    return (ALL & ~characters) | OTHER


DIGIT = of_range("0", "9")
WORD = DIGIT | of_range("a", "z") | of_range("A", "Z") | of("_")
SPACE = of(" \t\n\r\f\v")
CLASSES = {
    "d": DIGIT,
    "w": WORD,
    "s": SPACE,
    "D": inverted(DIGIT),
    "W": inverted(WORD),
    "S": inverted(SPACE),
}
