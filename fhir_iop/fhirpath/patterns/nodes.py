"""The parts of a regular expression, and what matching each can cost.

Python's engine goes back and tries again, so that an expression which can read the same text in several ways may need
a number of steps that grows with a power of the text's length, or exponentially. Each part knows enough for a bound,
on the safe side: what can't be shown to be read in one way only counts as ambiguous.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations
from typing import Literal

# A part that repeats more often than this counts as repeating without bound.
_FEW = 8
# So many ways to read a text may come from parts that are optional, or that read the same.
_MOST_WAYS = 64
_MOST_COLUMNS = 64


class Explosive(ValueError):
    """The expression can read a text in exponentially many ways."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part with its Python text.

    ``first`` and ``characters`` are the characters it can begin with and all it can read; ``columns`` those at each
    place, None where its length varies. ``degree`` is the power of the text's length that matching costs.
    ``is_unambiguous``: any text is read in one way at most; ``is_prefix_free``: nothing it reads begins another thing
    it reads; ``is_marked``: it begins, or ends, with a character that it reads nowhere else. ``ways``: in how many a
    text may be read for what is optional in it. ``is_optional``: it may be left out. ``made`` says of which ``parts``
    it is made and how; of a repetition, ``least`` how often at least.
    """

    text: str
    first: int = 0
    characters: int = 0
    columns: tuple[int, ...] | None = ()
    nullable: bool = True
    degree: int = 0
    ways: int = 1
    repeats: bool = False
    is_unambiguous: bool = True
    is_prefix_free: bool = True
    is_marked: bool = False
    is_anchored: bool = False
    is_optional: bool = False
    made: Literal["", "sequence", "alternatives", "group", "repetition"] = ""
    parts: tuple[Part, ...] = ()
    least: int = 1


def single(text: str, characters: int) -> Part:
    """One character out of a set."""
    return Part(text, characters, characters, (characters,), nullable=False, is_marked=True)


def assertion(text: str, *, anchored: bool = False) -> Part:
    """Something that reads nothing."""
    return Part(text, is_anchored=anchored)


def sequence(parts: list[Part]) -> Part:
    """Parts one after the other.

    A repetition costs a power of its own where what follows can begin as it goes on: only then are there several
    places to try.
    """
    first, characters, nullable = 0, 0, True
    for part in parts:
        first |= part.first if nullable else 0
        characters |= part.characters
        nullable = nullable and part.nullable
    powers, ways, clear = 0, 1, True
    following = 0  # what may come after the part looked at
    for part in reversed(parts):
        if part.columns is None and part.characters & following:
            powers += part.repeats
            ways *= 1 if part.repeats else 2
            clear = False
        elif part.columns == ():
            powers += part.degree  # a look ahead is done again at each place that is tried
        ways = _few(ways * part.ways)
        following = part.first | (following if part.nullable else 0)
    return Part(
        "".join(part.text for part in parts),
        first,
        characters,
        _columns([part.columns for part in parts]),
        nullable,
        max((part.degree for part in parts if part.columns != ()), default=0) + powers,
        ways,
        repeats=any(part.repeats for part in parts),
        is_unambiguous=clear and all(part.is_unambiguous for part in parts),
        is_prefix_free=all(part.is_prefix_free for part in parts),
        is_marked=_is_marked(parts),
        is_anchored=bool(parts) and parts[0].is_anchored,
        is_optional=all(part.is_optional for part in parts),
        made="sequence",
        parts=tuple(parts),
    )


def _columns(columns: list[tuple[int, ...] | None]) -> tuple[int, ...] | None:
    found: tuple[int, ...] = ()
    for some in columns:
        if some is None:
            return None
        found += some
    return found if len(found) <= _MOST_COLUMNS else None


def _is_marked(parts: list[Part]) -> bool:
    for mark, others in ((parts[:1], parts[1:]), (parts[-1:], parts[:-1])):
        is_single = bool(mark) and mark[0].columns is not None and len(mark[0].columns) == 1
        if is_single and not any(mark[0].characters & other.characters for other in others):
            return True
    return False


def alternatives(parts: list[Part]) -> Part:
    """One of several parts."""
    if len(parts) == 1:
        return parts[0]
    first = characters = 0
    for part in parts:
        first |= part.first
        characters |= part.characters
    apart = all(_are_apart(one, other) for one, other in combinations(parts, 2))
    columns = [part.columns for part in parts]
    known = [some for some in columns if some is not None]
    same_length = len(known) == len(parts) and len({len(some) for some in known}) == 1
    return Part(
        "|".join(part.text for part in parts),
        first,
        characters,
        tuple(_either(place) for place in zip(*known, strict=True)) if same_length else None,
        any(part.nullable for part in parts),
        max(part.degree for part in parts),
        max(part.ways for part in parts) if apart else _few(sum(part.ways for part in parts)),
        repeats=any(part.repeats for part in parts),
        is_unambiguous=apart and all(part.is_unambiguous for part in parts),
        is_prefix_free=apart and all(part.is_prefix_free for part in parts),
        is_anchored=all(part.is_anchored for part in parts),
        is_optional=any(part.is_optional for part in parts),
        made="alternatives",
        parts=tuple(parts),
    )


def _either(sets: tuple[int, ...]) -> int:
    found = 0
    for characters in sets:
        found |= characters
    return found


def _are_apart(one: Part, other: Part) -> bool:
    """Whether some character within both tells them apart."""
    if not one.nullable and not other.nullable and not one.first & other.first:
        return True
    if one.columns is None or other.columns is None:
        return False
    return any(not ours & theirs for ours, theirs in zip(one.columns, other.columns, strict=False))


def group(part: Part, opening: str) -> Part:
    """Put a part in brackets."""
    return replace(part, text=f"{opening}{part.text})", made="group", parts=(part,))


def repeated(part: Part, least: int, most: int | None, text: str) -> Part:
    """Repeat a part. Raises Explosive where the same text can be cut into its repetitions in several ways."""
    found = _repeated(part, least, most, text)
    return replace(found, is_optional=part.is_optional or least == 0, made="repetition", parts=(part,), least=least)


def _repeated(part: Part, least: int, most: int | None, text: str) -> Part:
    whole = f"{part.text}{text}"
    nullable = part.nullable or least == 0
    if most == 0:
        return Part(whole)
    if most == 1:
        columns = part.columns if least == 1 else None
        return replace(part, text=whole, columns=columns, nullable=nullable, is_prefix_free=False, is_marked=False)
    if part.columns is not None and least == most:
        ways = _few(part.ways ** min(least, _MOST_WAYS))
        return replace(part, text=whole, columns=_columns([part.columns] * least), ways=ways, is_marked=False)
    if part.nullable:
        raise Explosive("a repetition of what may be nothing")
    if not part.is_unambiguous or not (part.is_prefix_free or part.is_marked):
        if most is None or most > _FEW:
            raise Explosive("a repetition inside a repetition can be read in too many ways")
        return Part(
            whole,
            part.first,
            part.characters,
            None,
            nullable,
            max(part.degree, 1) * most,
            _few(part.ways**most),
            repeats=True,
            is_unambiguous=False,
            is_prefix_free=False,
        )
    return Part(
        whole, part.first, part.characters, None, nullable, max(part.degree, 1), repeats=True, is_prefix_free=False
    )


def _few(ways: int) -> int:
    if ways > _MOST_WAYS:
        raise Explosive("it can be read in too many ways")
    return ways
