"""The contract of a store: messages that wait, are sent, and are answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from fhir_iop.errors import Conflict, NotFound
from fhir_iop.store import Settled, Store, Submission, Write
from tests.store.examples import message, order, put, queue

MINUTE = timedelta(minutes=1)


def settle(store: Store, *settled: Settled) -> None:
    store.submit(Submission(settled=settled))


def ids(queued: list[Any]) -> list[str]:
    return [each.message.id for each in queued]


def test_a_message_waits_and_is_due_at_once(store: Store, clock: Any) -> None:
    assert queue(store, message()).messages == (message(),)
    (queued,) = store.due(clock.now)
    assert queued.message == message()
    assert (queued.state, queued.attempts, queued.answer) == ("waiting", 0, None)
    assert queued.queued_at == queued.next_attempt_at == clock.now
    assert store.message("msg-1") == queued
    assert store.message("msg-2") is None


def test_the_same_message_again_is_queued_once(store: Store) -> None:
    queue(store, message())
    assert queue(store, message(), message()).messages == ()
    assert len(list(store.outbox())) == 1


@pytest.mark.parametrize("change", ["body", "kind", "about", "destination"])
def test_an_id_with_another_message_is_a_conflict(store: Store, change: str) -> None:
    queue(store, message())
    other: Any = {"dose": 2} if change == "body" else "other"
    with pytest.raises(Conflict):
        queue(store, replace(message(), **{change: other}))
    assert store.message("msg-1").message == message()  # type: ignore[union-attr]


def test_an_answer_is_kept_with_what_it_wrote(store: Store, clock: Any) -> None:
    queue(store, message())
    clock.move(minutes=1)
    answered = Settled("msg-1", "answered", answer={"code": "accepted"})
    store.submit(Submission([Write(order(status="completed"))], settled=[answered]))
    queued = store.message("msg-1")
    assert queued is not None
    assert (queued.state, queued.attempts, queued.answer) == ("answered", 1, {"code": "accepted"})
    assert store.read("MedicationRequest", "rx-1").version == 1
    assert store.due(clock.now + timedelta(days=9)) == []

    settle(store, answered)  # heard twice
    assert store.message("msg-1") == queued


@pytest.mark.parametrize(
    "settled",
    [
        Settled("msg-1", "answered", answer={"code": "rejected"}),
        Settled("msg-1", "answered"),
        Settled("msg-1", "waiting"),
        Settled("msg-1", "failed"),
    ],
)
def test_an_answer_stays(store: Store, settled: Settled) -> None:
    queue(store, message())
    settle(store, Settled("msg-1", "answered", answer={"code": "accepted"}))
    with pytest.raises(Conflict):
        settle(store, settled)
    assert store.message("msg-1").answer == {"code": "accepted"}  # type: ignore[union-attr]


def test_a_delivery_that_failed_is_tried_again_later(store: Store, clock: Any) -> None:
    queue(store, message())
    later = clock.now + MINUTE
    settle(store, Settled("msg-1", "waiting", next_attempt_at=later))
    assert store.due(later - timedelta(microseconds=1)) == []
    (queued,) = store.due(later)
    assert (queued.attempts, queued.next_attempt_at) == (1, later)
    settle(store, Settled("msg-1", "waiting", next_attempt_at=later))
    settle(store, Settled("msg-1", "failed"))
    assert store.due(later + MINUTE) == []
    assert store.message("msg-1").attempts == 3  # type: ignore[union-attr]


def test_a_message_that_is_sent_is_not_due(store: Store, clock: Any) -> None:
    queue(store, message())
    settle(store, Settled("msg-1", "sent"))
    assert store.due(clock.now + timedelta(days=1)) == []
    settle(store, Settled("msg-1", "answered", answer={}))
    assert store.message("msg-1").answer == {}  # type: ignore[union-attr]


def test_nobody_settles_what_was_never_queued(store: Store) -> None:
    with pytest.raises(NotFound):
        settle(store, Settled("msg-1", "sent"))


def test_the_oldest_is_due_first(store: Store, clock: Any) -> None:
    for number in (3, 1, 2):
        queue(store, message(f"msg-{number}"))
        clock.move(seconds=1)
    assert ids(store.due(clock.now)) == ["msg-3", "msg-1", "msg-2"]
    assert ids(store.due(clock.now, limit=2)) == ["msg-3", "msg-1"]
    assert ids(list(store.outbox())) == ["msg-3", "msg-1", "msg-2"]


def test_what_one_claims_another_does_not_get(store: Store, clock: Any) -> None:
    queue(store, message("msg-1"), message("msg-2"))
    until = clock.now + MINUTE
    (claimed,) = store.claim(clock.now, until, limit=1)
    assert (claimed.message.id, claimed.next_attempt_at, claimed.attempts) == ("msg-1", until, 0)
    assert ids(store.claim(clock.now, until)) == ["msg-2"]
    assert store.claim(clock.now, until) == []
    assert ids(store.due(until)) == ["msg-1", "msg-2"], "whoever claimed them may have died"


def test_a_submission_may_queue_and_settle(store: Store) -> None:
    store.submit(Submission(messages=[message()], settled=[Settled("msg-1", "sent")]))
    assert store.message("msg-1").state == "sent"  # type: ignore[union-attr]


def test_going_through_a_long_outbox(store: Store) -> None:
    many = [f"msg-{number}" for number in range(450)]
    queue(store, *map(message, many))
    going = store.outbox()
    assert next(going).message.id == "msg-0"
    queue(store, message("late"))
    put(store, order())
    assert [each.message.id for each in going] == [*many[1:], "late"]
