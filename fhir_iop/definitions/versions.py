"""Versions of canonicals: which one is newest, and which ones ``url|1.0`` means (https://hl7.org/fhir/R4/references.html#canonical)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_PART: Final = re.compile(r"(\d+)|([A-Za-z]+)")

_Part = tuple[int, int, str]


def order(version: str) -> tuple[int, tuple[_Part, ...], int, tuple[_Part, ...]]:
    """Return a key that sorts versions from old to new: by their numbers, and a pre-release before its release."""
    release, _, pre = version.partition("+")[0].partition("-")
    if release.isdigit() and len(release) == 4:  # a date, 2018-08-12: no pre-release
        release, pre = f"{release}-{pre}", ""
    return int(bool(version)), _parts(release), int(not pre), _parts(pre)


def _parts(text: str) -> tuple[_Part, ...]:
    return tuple((1, int(number), "") if number else (0, 0, word) for number, word in _PART.findall(text))


def newest(versions: Iterable[str]) -> str | None:
    """Return the newest of ``versions``; None where there is none."""
    return max(versions, key=order, default=None)


def fitting(versions: Iterable[str], wanted: str | None) -> str | None:
    """Return the newest of ``versions`` that ``wanted`` names: all of it, or its first parts (``6.1`` → ``6.1.0``)."""
    if wanted is None:
        return newest(versions)
    known = list(versions)
    if wanted in known:
        return wanted
    beginning = wanted.removesuffix("x") if wanted.endswith(".x") else wanted + "."
    return newest(version for version in known if version.startswith(beginning))
