"""Processes that check batches, as many at a time as there are processes; results come in the order of the batches.

A pipe to each process rather than an executor: no thread stands beside a fork, whoever dies is known with the batch it
had, and Ctrl-C needs no answer from a process that is busy.
"""

from __future__ import annotations

import multiprocessing
import signal
import sys
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from fhir_iop.cli.validate.checking import checker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from fhir_iop.cli.validate.asked import Asked
    from fhir_iop.cli.validate.checking import Result
    from fhir_iop.cli.validate.pieces import Batch

# A fork has all that this process has learnt; elsewhere than on Linux system libraries don't bear it.
_FORKS: Final = sys.platform == "linux"
_AHEAD: Final = 4  # batches a process whose results may wait for an earlier one


class _Worker(NamedTuple):
    process: BaseProcess
    pipe: Connection


class Workers:
    """At most ``count`` processes for one call, started as they are needed; leaving the context ends them."""

    def __init__(self, count: int, asked: Asked) -> None:
        self._count = count
        self._asked = asked
        self._context = multiprocessing.get_context("fork") if _FORKS else multiprocessing.get_context("spawn")
        self._all: list[_Worker] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_exception: object) -> None:
        for worker in self._all:
            worker.process.terminate()
            worker.pipe.close()
        for worker in self._all:
            worker.process.join()

    def checked(self, batches: Iterator[Batch]) -> Iterator[Result]:
        """Yield the result of each batch, in order; a bounded number of batches is taken ahead.

        Raises click.ClickException where a process ends before its batch is done.
        """
        idle: list[_Worker] = []
        busy: dict[int, tuple[_Worker, Batch]] = {}
        done: dict[int, Result] = {}
        taken = told = 0
        is_over = waits = False
        while True:
            # Where the next may take long to come, first all is told that there is.
            waits = waits and bool(busy)
            while not (is_over or waits) and len(busy) < self._count and taken - told < self._count * _AHEAD:
                batch = next(batches, None)
                if batch is None:
                    is_over = True
                    break
                worker = idle.pop() if idle else self._started()
                busy[taken] = (worker, batch)
                _send(worker, batch)
                taken += 1
                waits = batch.waits
            if not busy:
                return
            ready = wait([worker.pipe for worker, _ in busy.values()])
            for number in [number for number, (worker, _) in busy.items() if worker.pipe in ready]:
                worker, batch = busy.pop(number)
                done[number] = _received(worker, batch)
                idle.append(worker)
            while told in done:
                yield done.pop(told)
                told += 1

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        # What a fork has copied of our ends must be closed there, or no process would ever see that we are gone.
        inherited = [worker.pipe for worker in self._all] + [ours] if _FORKS else []
        process = self._context.Process(target=_work, args=(theirs, self._asked, inherited), daemon=True)
        with _without_interruption():
            process.start()
            theirs.close()
            del theirs  # while a Connection is finalized Ctrl-C would be ignored
        worker = _Worker(process, ours)
        self._all.append(worker)
        return worker


@contextmanager
def _without_interruption() -> Iterator[None]:
    """Hold Ctrl-C back until a process is started, which goes on holding it back: it would end with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection, asked: Asked, inherited: list[Connection]) -> None:
    """Check batches until no more come: what a worker process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one ends the others
    for other in inherited:
        other.close()
    here = checker(asked)
    try:
        while True:
            pipe.send(here.check(pipe.recv()))
            here.validator.definitions.derived.save()  # who waits for the result ends this process without a word
    except (EOFError, OSError):  # nobody is there any more who asks
        return
    except MemoryError:
        sys.exit(1)  # told by the process that waits for the result


def _send(worker: _Worker, batch: Batch) -> None:
    try:
        worker.pipe.send(batch)
    except OSError:
        raise _ended(worker, batch) from None


def _received(worker: _Worker, batch: Batch) -> Result:
    try:
        result: Result = worker.pipe.recv()
    except (EOFError, OSError):
        raise _ended(worker, batch) from None
    return result


def _ended(worker: _Worker, batch: Batch) -> click.ClickException:
    """Say which process died, of what, and over what."""
    worker.process.join(1)
    status = worker.process.exitcode
    how = f"killed by signal {-status}" if status is not None and status < 0 else f"exit status {status}"
    where = "".join(f", while it checked {first.file} from line {first.line} on" for first in batch.parts[:1])
    return click.ClickException(
        f"A worker process ended before its work was done ({how}){where}. If memory ran out, try --jobs 1."
    )
