"""How far the command is: one line that is drawn anew on a terminal, nothing elsewhere."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.cli.validate.checking import Result

_DELAY: Final = 0.5  # seconds before it appears: short runs don't flicker
_EVERY: Final = 0.1


class Progress:
    """Draws ``3 of 12 files, 1,234 resources, 5,678 resources/s``, of one file the share of its bytes instead."""

    def __init__(self, files: Sequence[str], out: IO[str]) -> None:
        self._out = out
        self.is_shown = out.isatty()
        self._started = self._drawn = perf_counter()
        self._drawn += _DELAY
        self._width = 0
        self._files = len(files)
        self._size = _size(files[0]) if len(files) == 1 and self.is_shown else 0

    @property
    def seconds(self) -> float:
        """How long it has taken until now."""
        return perf_counter() - self._started

    def show(self, so_far: Result) -> None:
        """Draw how far it is, unless that was done just now."""
        now = perf_counter()
        if not self.is_shown or now < self._drawn + _EVERY:
            return
        self._drawn = now
        import shutil  # few see a line drawn, and start-up time is measured

        rate = so_far.resources / (now - self._started)
        line = f"{self._share(so_far)}{so_far.resources:,} resources, {rate:,.0f} resources/s"
        self._draw(line[: shutil.get_terminal_size().columns - 1])

    def hide(self) -> None:
        """Take the line away, so that other things can be written."""
        if self._width:
            self._draw("")
            self._out.write("\r")
            self._out.flush()

    close = hide

    def _share(self, so_far: Result) -> str:
        if self._files > 1:
            return f"{so_far.files:,} of {self._files:,} files, "
        return f"{so_far.size / self._size:.0%} of {self._size / 1e6:,.0f} MB, " if self._size else ""

    def _draw(self, line: str) -> None:
        self._out.write("\r" + line.ljust(self._width))
        self._out.flush()
        self._width = len(line)


def _size(file: str) -> int:
    try:
        return Path(file).stat().st_size
    except OSError:
        return 0
