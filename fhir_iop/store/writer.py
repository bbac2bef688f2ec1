"""One writer at a time in a process, and many submissions in one transaction.

Who finds nobody writing writes, for everyone who waits at that moment (group commit): one lock of the database, one
flush to the disk for all of them. Each submission is still done or refused on its own.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from fhir_iop.errors import Unavailable
from fhir_iop.store import batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection

    from fhir_iop.store.contract import Receipt
    from fhir_iop.store.database import Database
    from fhir_iop.store.plan import Prepared

T = TypeVar("T")

_MOST_SUBMISSIONS = 64
_MOST_WRITES = 500


@dataclass(slots=True, eq=False)
class _Waiting:
    """A submission that waits for a writer, and what came of it."""

    prepared: Prepared
    outcome: Receipt | Exception | None = None


class Writer:
    """Runs everything that changes ``database``; ``now`` gives the time in microseconds."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now
        self._turn = threading.Lock()
        self._waiting: deque[_Waiting] = deque()

    def submit(self, prepared: Prepared) -> Receipt:
        """Do a submission; it is on the disk on return. Raises what refuses it, and Unavailable."""
        mine = _Waiting(prepared)
        self._waiting.append(mine)
        with self._turn:
            while mine.outcome is None:
                self._write(self._next())
        if isinstance(mine.outcome, Exception):
            raise mine.outcome
        return mine.outcome

    def run(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in a transaction of its own that holds the database's write lock. Raises Unavailable."""
        with self._turn, self._database.write() as connection:
            return work(connection)

    def _next(self) -> list[_Waiting]:
        """Take those who wait, first come first served, as many as one transaction should hold."""
        taken: list[_Waiting] = []
        writes = 0
        while self._waiting and len(taken) < _MOST_SUBMISSIONS and writes < _MOST_WRITES:
            taken.append(self._waiting.popleft())
            writes += len(taken[-1].prepared.submission.writes)
        return taken

    def _write(self, group: list[_Waiting]) -> None:
        """Write ``group`` in one transaction and tell each its outcome."""
        try:
            with self._database.write() as connection:
                outcomes = batch.run(connection, [each.prepared for each in group], self._now)
        except Unavailable as error:
            for each in group:
                each.outcome = Unavailable(*error.issues)
        except Exception as error:  # noqa: BLE001 - one submission's fault must not fail the others of its group
            if len(group) == 1:
                group[0].outcome = error
            for each in group if len(group) > 1 else ():
                self._write([each])
        else:
            for each, outcome in zip(group, outcomes, strict=True):
                each.outcome = outcome
