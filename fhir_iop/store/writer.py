"""One writer at a time in a process, and many submissions in one transaction.

Who finds nobody writing writes, for everyone who waits at that moment (group commit): one lock of the database, one
flush to the disk for all of them. Each submission is still done or refused on its own. Then the first who came
meanwhile writes, for all who did.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from fhir_iop.errors import Unavailable
from fhir_iop.issue import issue
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
    """A submission, what came of it, and what wakes its thread: that outcome, or that it is its turn to write."""

    prepared: Prepared
    outcome: Receipt | Exception | None = None
    woken: threading.Event = field(default_factory=threading.Event)


class Writer:
    """Runs everything that changes ``database``; ``now`` gives the time in microseconds."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database = database
        self._now = now
        self._turn = threading.Lock()
        self._state = threading.Lock()
        self._waiting: deque[_Waiting] = deque()
        self._somebody_writes = False

    def submit(self, prepared: Prepared) -> Receipt:
        """Do a submission; it is on the disk on return. Raises what refuses it, and Unavailable."""
        mine = _Waiting(prepared)
        with self._state:
            self._waiting.append(mine)
            if not self._somebody_writes:
                self._somebody_writes = True
                mine.woken.set()
        try:
            mine.woken.wait()
        except BaseException:  # Ctrl-C: nobody must wait for this thread
            self._leave(mine)
            raise
        if mine.outcome is None:
            self._write_for_all()
        if isinstance(mine.outcome, Exception):
            raise mine.outcome
        assert mine.outcome is not None  # noqa: S101 - whoever writes begins with the submission that came first: its own
        return mine.outcome

    def run(self, work: Callable[[Connection], T]) -> T:
        """Do ``work`` in a transaction of its own that holds the database's write lock. Raises Unavailable."""
        with self._turn, self._database.write() as connection:
            return work(connection)

    def _write_for_all(self) -> None:
        group: list[_Waiting] = []
        try:
            with self._turn:
                group = self._next()
                self._write(group)
        finally:
            with self._state:
                self._hand_over()
            for each in group:
                if each.outcome is None:  # the thread was stopped in the middle, which a server does to end
                    each.outcome = Unavailable(issue("store-unavailable", reason="the writer was stopped"))
                each.woken.set()

    def _hand_over(self) -> None:
        """Let the first who waits write; the caller holds ``_state``."""
        self._somebody_writes = bool(self._waiting)
        if self._waiting:
            self._waiting[0].woken.set()

    def _leave(self, mine: _Waiting) -> None:
        with self._state:
            if mine in self._waiting:
                self._waiting.remove(mine)
                if mine.woken.is_set():
                    self._hand_over()

    def _next(self) -> list[_Waiting]:
        """Take those who wait, first come first served, as many as one transaction should hold."""
        taken: list[_Waiting] = []
        writes = 0
        with self._state:
            while self._waiting and len(taken) < _MOST_SUBMISSIONS and writes < _MOST_WRITES:
                taken.append(self._waiting.popleft())
                writes += len(taken[-1].prepared.submission.writes)
        return taken

    def _write(self, group: list[_Waiting]) -> None:
        """Write ``group`` in one transaction and note each one's outcome."""
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
