"""Records mapped by several processes; outcomes come in the order of the records, and memory holds a few batches."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from concurrent.futures import Future

    from fhir_iop.cli.map.mapper import Item, Mapper, Outcome

_ALONE: Final = 0.5  # seconds of work that this process does before others are started: most calls are done by then
_FEW: Final = 20  # records of a batch while it is alone, so that what is amiss is told soon
_MANY: Final = 200
_AHEAD: Final = 3  # batches a process that may wait for it, or for an earlier one to be told

_mapper: Mapper | None = None  # a process's own: a fork's is its parent's


def outcomes(mapper: Mapper, items: Iterator[Item], jobs: int | None) -> Generator[Outcome]:
    """Yield what becomes of ``items``, batch by batch: here for half a second, then by ``jobs`` processes.

    Where processes can't be forked (elsewhere than on Linux), this one does all. Raises click.ClickException where one
    ends before its work is done.
    """
    jobs = jobs or processors()
    spent = 0.0
    while spent <= _ALONE or jobs == 1 or sys.platform != "linux":
        batch = list(islice(items, _FEW))
        if not batch:
            return
        began = perf_counter()
        yield mapper.mapped(batch)
        spent += perf_counter() - began
    yield from _shared(mapper, items, jobs)


def _shared(mapper: Mapper, items: Iterator[Item], jobs: int) -> Iterator[Outcome]:
    global _mapper  # noqa: PLW0603  # what a fork takes with it needn't be sent
    _mapper = mapper
    context = multiprocessing.get_context("fork")
    waiting: deque[Future[Outcome]] = deque()
    with ProcessPoolExecutor(jobs, context, initializer=_deaf) as pool:
        try:
            while True:
                while len(waiting) < jobs * _AHEAD and (batch := list(islice(items, _MANY))):
                    waiting.append(pool.submit(_mapped, batch))
                if not waiting:
                    return
                yield waiting.popleft().result()
        except BrokenProcessPool:
            words = "A worker process ended before its work was done. If memory ran out, try --jobs 1."
            raise click.ClickException(words) from None
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            _mapper = None


def _deaf() -> None:
    """Leave Ctrl-C to the process that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _mapped(batch: list[Item]) -> Outcome:
    if _mapper is None:
        raise RuntimeError  # a fork has it
    return _mapper.mapped(batch)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
