"""Many threads and several processes at one database."""

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fhir_iop.errors import Conflict
from fhir_iop.store import AuditRecord, Query, Receipt, Settled, Store, Submission, Write
from tests.store.examples import message, order, put, queue


def together(store: Any, submissions: Sequence[Submission]) -> list[Receipt | Exception]:
    """Let all ``submissions`` wait for one writer, so that they are written in as few transactions as possible."""

    def submit(submission: Submission) -> Receipt | Exception:
        try:
            receipt: Receipt = store.submit(submission)
        except Exception as error:  # noqa: BLE001 - what came of each is what is tested
            return error
        return receipt

    put(store, {"resourceType": "MedicationRequest", "id": "before"})
    with ThreadPoolExecutor(len(submissions)) as pool:
        with store._writer._turn:
            waiting = [pool.submit(submit, submission) for submission in submissions]
            while len(store._writer._waiting) < len(submissions):
                time.sleep(0)
        return [each.result() for each in waiting]


def test_threads_at_one_resource_make_versions_without_a_gap(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        writes = [order(note=[{"text": str(number)}]) for number in range(100)]
        versions = [stored.version for (stored,) in pool.map(lambda resource: put(store, resource), writes)]
    assert sorted(versions) == list(range(1, 101))
    history = store.history("MedicationRequest", "rx-1")
    assert [each.version for each in history] == list(range(100, 0, -1))
    stamps = [each.last_updated for each in history]
    assert stamps == sorted(set(stamps), reverse=True)


def test_of_many_that_create_one_id_one_does(store: Store) -> None:
    outcomes = together(store, [Submission([Write(order(note=[{"text": str(n)}]), mode="create")]) for n in range(20)])
    assert sum(isinstance(outcome, Receipt) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 19


def test_more_wait_than_one_transaction_takes(store: Store) -> None:
    outcomes = together(
        store, [Submission([Write(order(f"rx-{n}"))], messages=[message(f"m-{n}")]) for n in range(150)]
    )
    assert all(isinstance(outcome, Receipt) for outcome in outcomes)
    stamps = {outcome.stored[0].last_updated for outcome in outcomes if isinstance(outcome, Receipt)}
    assert len(stamps) == 150, "each submission has its own time"
    assert store.search(Query("MedicationRequest")).total == 151
    assert len(list(store.outbox())) == 150


def test_one_that_is_refused_leaves_the_others_alone(store: Store) -> None:
    put(store, order("taken"))
    queue(store, message("settled"))
    group = [
        Submission([Write(order("a"))], audit=[AuditRecord("create", "a")]),
        Submission([Write(order("b")), Write(order("taken"), mode="create")], audit=[AuditRecord("create", "b")]),
        Submission([Write(order("c"))], settled=[Settled("nowhere", "sent")]),
        Submission([Write(order("d"))], settled=[Settled("settled", "sent")]),
    ]
    outcomes = together(store, group)
    assert [isinstance(outcome, Receipt) for outcome in outcomes] == [True, False, False, True]
    found = {stored.id for stored in store.search(Query("MedicationRequest")).matches}
    assert found == {"taken", "before", "a", "d"}
    assert [record.agent for _, record in store.audit()] == ["a"]


def test_one_that_cannot_be_written_leaves_the_others_alone(store: Store) -> None:
    poison = Submission([Write(order("poison", note="\ud800"))])
    outcomes = together(store, [Submission([Write(order("a"))]), poison, Submission([Write(order("b"))])])
    assert isinstance(outcomes[1], UnicodeEncodeError)
    assert {stored.id for stored in store.search(Query("MedicationRequest")).matches} == {"before", "a", "b"}


def test_two_processes_write_in_turn(opened: Callable[..., Store]) -> None:
    """Two stores on one database share nothing but the database, like two processes."""
    stores = opened(), opened()

    def work(which: int) -> list[str]:
        return [
            put(stores[which], order(f"rx-{which}-{n}"), order("shared", note=[n, which]))[0].last_updated
            for n in range(40)
        ]

    with ThreadPoolExecutor(2) as pool:
        stamps = [stamp for found in pool.map(work, (0, 1)) for stamp in found]
    assert len(set(stamps)) == 80, "no two submissions have one time"
    for store in stores:
        assert store.search(Query("MedicationRequest")).total == 81
        assert [each.version for each in store.history("MedicationRequest", "shared")] == list(range(80, 0, -1))


def test_a_message_is_claimed_once(opened: Callable[..., Store], clock: Any) -> None:
    stores = [opened() for _ in range(3)]
    queue(stores[0], *(message(f"m-{number}") for number in range(60)))
    until = clock.now.replace(hour=23)
    claimed: list[str] = []

    def work(store: Store) -> None:
        while found := store.claim(clock.now, until, limit=3):
            claimed.extend(each.message.id for each in found)

    threads = [threading.Thread(target=work, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted({f"m-{number}" for number in range(60)})


def test_reading_does_not_wait_for_a_writer(store: Any) -> None:
    put(store, order())
    with store._database.write():
        assert store.read("MedicationRequest", "rx-1").version == 1
        assert store.search(Query("MedicationRequest")).total == 1


def test_more_readers_at_once_than_there_are_connections(store: Store) -> None:
    put(store, order())
    with ThreadPoolExecutor(60) as pool:
        found = list(pool.map(lambda _: store.read("MedicationRequest", "rx-1").version, range(300)))
    assert found == [1] * 300


def test_a_thread_that_is_stopped_while_it_waits_holds_up_nobody(store: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    put(store, order())
    writer = store._writer
    wait = threading.Event.wait

    def interrupted(event: threading.Event, timeout: float | None = None) -> bool:
        if threading.current_thread().name == "stopped":
            raise KeyboardInterrupt
        return wait(event, timeout)

    def stopped() -> None:
        with pytest.raises(KeyboardInterrupt):
            put(store, order("never"))

    monkeypatch.setattr(threading.Event, "wait", interrupted)
    for chosen in (False, True):
        writer._somebody_writes = not chosen
        thread = threading.Thread(target=stopped, name="stopped")
        thread.start()
        thread.join()
        assert not writer._waiting
        assert writer._somebody_writes is not chosen
        writer._somebody_writes = False
        assert put(store, order(note=[chosen]))[0].version == 2 + chosen
    assert [stored.id for stored in store.search(Query("MedicationRequest")).matches] == ["rx-1"]
