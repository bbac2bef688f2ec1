"""The outbox emptied: each message sent, its answer read, the Task moved on, all of it kept in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from fhir_iop import pharmacy
from fhir_iop.errors import Conflict, Refused
from fhir_iop.flow.lookup import Lookup
from fhir_iop.flow.prescriptions import Prescriptions
from fhir_iop.issue import has_errors
from fhir_iop.session import Session
from fhir_iop.store import AuditRecord, Settled, Submission, Write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.issue import Issue
    from fhir_iop.pharmacy import Event, Reply
    from fhir_iop.settings import Settings
    from fhir_iop.store import Queued, Store
    from fhir_iop.validation import Validator

State = Literal["answered", "failed"]

_AGENT = "outbox"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message: the order it is about, the state it is in now, and what there is to tell."""

    about: str
    state: str
    status: str | None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True, slots=True)
class Delivered:
    """What one run over the outbox did."""

    outcomes: tuple[Outcome, ...]
    alarms: tuple[Outcome, ...] = ()
    """Orders that nobody has answered for too long, each told once."""

    @property
    def all_answered(self) -> bool:
        """Whether every message that was due has its answer, and nobody is silent."""
        return not self.alarms and all(outcome.state == "answered" for outcome in self.outcomes)

    def told(self) -> Iterator[str]:
        """Say what became of each message, a line each; nothing in it tells who the patient is."""
        for outcome in (*self.outcomes, *self.alarms):
            words = "; ".join(found.details for found in outcome.issues)
            yield f"{outcome.about}: {outcome.status or outcome.state}" + (f" ({words})" if words else "")
        yield f"{len(self.outcomes)} messages were due."


@dataclass(frozen=True, slots=True)
class Delivery:
    """One run over the outbox."""

    store: Store
    validator: Validator
    settings: Settings
    clock: Callable[[], datetime]

    def run(self, limit: int) -> Delivered:
        """Send what is due. Raises Unavailable (the store) and Unusable (the address)."""
        with Session(timeout=self.settings.pharmacy_timeout) as session:
            outcomes = tuple(self._send(session, queued) for queued in self._claimed(limit))
        return Delivered(outcomes, tuple(self._silent()))

    def _claimed(self, limit: int) -> Iterator[Queued]:
        """Give at most ``limit`` messages that are due, each claimed just before it is sent.

        The lease outlasts the usual three tries. Where it doesn't, or this process dies, the message is sent again
        under the id that it has, and the pharmacy knows it.
        """
        lease = timedelta(seconds=8 * self.settings.pharmacy_timeout)
        for _ in range(limit):
            now = self.clock()
            claimed = self.store.claim(now, now + lease, 1)
            if not claimed:
                return
            yield claimed[0]

    def _send(self, session: Session, queued: Queued) -> Outcome:
        withheld = self._withheld(queued)
        if withheld:
            return self._failed(queued, withheld)
        message = queued.message
        # The address may have moved since the message was written; what the message says has not.
        address = self.settings.pharmacy_url or message.destination
        found = pharmacy.PharmacyClient(session, address).deliver(message.body)
        if isinstance(found, pharmacy.Undelivered):
            return self._again(queued, found.issue) if found.again else self._failed(queued, (found.issue,))
        reply = pharmacy.read_reply(found, message.body)
        return self._again(queued, *reply.issues) if reply.again else self._settle(queued, "answered", reply)

    def _withheld(self, queued: Queued) -> tuple[Issue, ...]:
        """Report why a message that waits may not go any more: the order ended, or its consent did."""
        lookup = Lookup.of([], self.store)
        order = lookup(queued.message.about)
        if order is None:
            return ()  # a deletion here doesn't take back what was prescribed
        event: Event = "cancel-rx" if queued.message.kind.endswith("cancel-rx") else "new-rx"
        try:
            told_at = datetime.fromisoformat(queued.message.body["timestamp"])
            Prescriptions(lookup, self.store, self.settings, self.clock()).build(order, event, told_at)
        except Refused as refused:
            return refused.issues
        return ()

    def _silent(self) -> Iterator[Outcome]:
        """Mark the Tasks whose pharmacy has been silent for too long: a lost prescription is harm."""
        schedule = pharmacy.Schedule()
        for task in list(Lookup.of([], self.store).search("Task", "status", "requested", "received")):
            alarm = schedule.alarm(task, self.clock())
            if alarm is not None:
                marked, found = alarm
                self.store.submit(Submission([Write(marked, if_match=int(task["meta"]["versionId"]))]))
                yield Outcome(task["focus"]["reference"], "silent", None, (found,))

    def _again(self, queued: Queued, *issues: Issue) -> Outcome:
        """Leave the message waiting for its next time; give it to a person when it had its last."""
        schedule = pharmacy.Schedule(attempts=self.settings.delivery_attempts)
        next_attempt = schedule.next_attempt(queued.message.id, queued.attempts + 1, self.clock())
        if next_attempt is None:
            return self._failed(queued, issues)
        settled = Settled(queued.message.id, "waiting", next_attempt_at=next_attempt)
        self.store.submit(Submission(settled=[settled]))
        return Outcome(queued.message.about, "waiting", None, issues)

    def _failed(self, queued: Queued, issues: tuple[Issue, ...]) -> Outcome:
        reason = {"text": issues[0].details} if issues else None
        return self._settle(queued, "failed", pharmacy.Reply("failed", reason, issues=list(issues)))

    def _settle(self, queued: Queued, state: State, reply: Reply) -> Outcome:
        """Close the delivery, keep the answer, and move the Task on: one transaction.

        An answer that the Task can't follow (completed after rejected) leaves the Task as it is, and is told.
        """
        about = queued.message.about
        issues = list(reply.issues)
        type_, _, id_ = about.partition("/")
        task = Lookup.of([], self.store)(f"Task/{pharmacy.task_id({'resourceType': type_, 'id': id_})}")
        writes: list[Write] = []
        if task is not None and reply.status is not None:
            try:
                moved = pharmacy.advance(task, reply.status, self.clock(), reason=reply.reason, business=reply.business)
            except Conflict as conflict:
                issues += conflict.issues
            else:
                found = self.validator.validate(moved)
                if has_errors(found):
                    raise Refused(*found)
                writes.append(Write(moved, if_match=int(task["meta"]["versionId"])))
        settled = Settled(queued.message.id, state, answer=reply.answer)
        audit = AuditRecord("deliver", _AGENT, (about,), outcome="success" if state == "answered" else "failure")
        self.store.submit(Submission(writes, settled=[settled], audit=[audit]))
        return Outcome(about, state, reply.status, tuple(issues))
