"""Definitions that build on each other, made without going round in circles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Made = TypeVar("_Made")

_DEEPEST: Final = 60  # definitions that build on one another; a chain that long is as good as a circle


class Progress:
    """What is being made for one question, from the thing asked for to what that needs, and so on."""

    def __init__(self) -> None:
        self._open: list[str] = []
        self._met: set[str] = set()

    def make(self, key: str, make: Callable[[], _Made]) -> tuple[_Made | None, bool]:
        """Return what ``make`` returns, and whether it is whole.

        Inside of its own making a thing is None. What was made around such a gap is good for the thing that has it,
        but not whole: it mustn't be kept for others.
        """
        if key in self._open or len(self._open) > _DEEPEST:
            self._met.add(key)
            return None, False
        self._open.append(key)
        try:
            made = make()
        finally:
            self._open.pop()
            self._met.discard(key)
        return made, not self._met
