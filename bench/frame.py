"""The frame of every bench: contenders take turns in one process, and each counts with its best round.

On a shared machine noise only ever adds time, so the minimum over interleaved rounds is the fairest figure there is;
turns are short, so that a busy minute hits every contender alike.
"""

from __future__ import annotations

import gc
import math
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

OURS = "fhir-iop"
ROUNDS = 7
TURN = 0.02
"""Seconds that one contender's turn lasts at least."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: how often a second ``who`` does the unit of ``work``.

    ``ratio`` is its time over the time of the floor: the contender that the bench names as what can hardly be beaten.
    """

    work: str
    who: str
    per_second: float
    ratio: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a bench found: the rows, and lines for people (a peer that isn't installed, a figure's meaning)."""

    rows: list[Row]
    lines: list[str] = field(default_factory=list)


def measure(
    contenders: Mapping[str, Callable[[], object]],
    *,
    rounds: int = ROUNDS,
    turn: float = TURN,
    clock: Callable[[], float] = time.perf_counter,
) -> dict[str, float]:
    """Return the seconds that one call of each contender takes: the best of ``rounds`` interleaved rounds.

    ``clock`` tells them: `time.process_time` where contenders only compute, and others use the machine. Within a turn a
    contender is called until ``turn`` seconds are over, and once at least; the collector of garbage runs between turns,
    not within them.
    """
    calls = {who: _calls(contender, turn, clock) for who, contender in contenders.items()}
    best = dict.fromkeys(contenders, math.inf)
    enabled = gc.isenabled()
    try:
        for _ in range(rounds):
            for who, contender in contenders.items():
                gc.collect()
                gc.disable()
                best[who] = min(best[who], _seconds(contender, calls[who], clock))
                gc.enable()
    finally:
        gc.enable() if enabled else gc.disable()
    return best


def _calls(contender: Callable[[], object], turn: float, clock: Callable[[], float]) -> int:
    """How many calls fill a turn; finding out also warms the contender up."""
    once = _seconds(contender, 1, clock)
    once = min(once, _seconds(contender, 1, clock)) if once < turn else once
    return max(1, math.ceil(turn / max(once, 1e-7)))


def _seconds(contender: Callable[[], object], calls: int, clock: Callable[[], float]) -> float:
    turns = range(calls)
    start = clock()
    for _ in turns:
        contender()
    return (clock() - start) / calls


def rows(work: str, seconds: Mapping[str, float], *, floor: str, units: int = 1) -> list[Row]:
    """Make the rows of one piece of work, of which a call does ``units``; ``floor`` is one of the contenders."""
    return [Row(work, who, units / each, each / seconds[floor]) for who, each in seconds.items()]


def geometric_mean(values: Iterable[float]) -> float:
    """Return the mean that ratios have; NaN of none."""
    logarithms = [math.log(value) for value in values]
    return math.exp(math.fsum(logarithms) / len(logarithms)) if logarithms else math.nan


def table(found: Iterable[Row]) -> str:
    """Return the rows as a plain table, a blank line between two pieces of work."""
    cells = [("work", "who", "per second", "ratio")]
    cells += [(row.work, row.who, f"{row.per_second:,.0f}", f"{row.ratio:.2f}") for row in found]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines: list[str] = []
    last = ""
    for work, who, *figures in cells:
        if work != last and lines:
            lines.append("")
        shown = work if work != last else ""
        numbers = (figure.rjust(width) for figure, width in zip(figures, widths[2:], strict=True))
        lines.append("  ".join([shown.ljust(widths[0]), who.ljust(widths[1]), *numbers]))
        last = work
    return "\n".join(lines)
