"""Which of the known names was probably meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def closest(name: str, known: Iterable[str]) -> str | None:
    """Return the known name nearest to ``name``, whatever its case; None where none is near."""
    by_lower = {candidate.lower(): candidate for candidate in known}
    found = get_close_matches(name[:60].lower(), by_lower, n=1, cutoff=0.7)
    return by_lower[found[0]] if found else None
