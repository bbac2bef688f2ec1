"""Answers that are remembered for texts, so that what comes again and again is worked out once."""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Final, TypeVar, TypeVarTuple

if TYPE_CHECKING:
    from collections.abc import Callable

_T = TypeVar("_T")
_Texts = TypeVarTuple("_Texts")

LONGEST: Final = 2000
"""Characters of what is remembered: what is longer seldom comes again, and many of it would fill the memory."""


def remembered(most: int) -> Callable[[Callable[[*_Texts], _T]], Callable[[*_Texts], _T]]:
    """Remember the last ``most`` answers of a function of texts (None is one of no length), none of long ones."""

    def remembering(function: Callable[[*_Texts], _T]) -> Callable[[*_Texts], _T]:
        known = lru_cache(most)(function)

        @wraps(function)
        def answer(*texts: *_Texts) -> _T:
            for text in texts:
                if text is not None and len(text) > LONGEST:  # type: ignore[arg-type]  # texts, as said above
                    return function(*texts)
            return known(*texts)

        return answer

    return remembering
