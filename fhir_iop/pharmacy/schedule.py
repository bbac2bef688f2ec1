"""When a message is sent again, and when silence becomes an alarm: a lost prescription is harm."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fhir_iop.issue import issue
from fhir_iop.pharmacy.task import advance, task_business

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir_iop.issue import Issue

_UNANSWERED = frozenset({"requested", "received"})


@dataclass(frozen=True, slots=True)
class Schedule:
    """How patient an exchange is.

    The ``n``-th repeat comes ``first`` × 2ⁿ⁻¹ after the attempt before it, and at most ``longest``; after ``attempts``
    a person must look. Each message waits up to a tenth longer than that, by its id, so that a pharmacy that was away
    isn't met by all at once. ``silence``: how long an order may be without a pharmacist's word.
    """

    first: timedelta = timedelta(seconds=30)
    longest: timedelta = timedelta(hours=1)
    attempts: int = 8
    silence: timedelta = timedelta(hours=4)

    def next_attempt(self, message_id: str, attempts: int, at: datetime) -> datetime | None:
        """Return when to send again after ``attempts`` at ``at`` all failed; None when it is time for a person."""
        if attempts >= self.attempts:
            return None
        wait = min(self.first * (1 << min(max(attempts - 1, 0), 32)), self.longest)
        spread = zlib.crc32(f"{message_id} {attempts}".encode()) % 1000 / 10_000
        return at + wait * (1 + spread)

    def alarm(self, task: Mapping[str, Any], at: datetime) -> tuple[dict[str, Any], Issue] | None:
        """Return the Task marked ``no-answer``, and the Issue to tell, where nobody has answered for too long.

        None where there is nothing to tell, or it has been told already.
        """
        if task["status"] not in _UNANSWERED or task_business(task) == "no-answer":
            return None
        if at - datetime.fromisoformat(task["authoredOn"]) < self.silence:
            return None
        hours = self.silence.total_seconds() / 3600
        return advance(task, task["status"], at, business="no-answer"), issue("rx-silence", "Task", hours=f"{hours:g}")
