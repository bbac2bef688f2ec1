"""The contract of a store: versions, and what one submission does or doesn't."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from fhir_iop.errors import Conflict, Gone, NotFound
from fhir_iop.store import AuditRecord, Criterion, Query, Settled, Store, Submission, Write
from tests.store.examples import message, order, put


def content(resource: dict[str, Any] | None) -> dict[str, Any]:
    """A resource without what the store stamps."""
    assert resource is not None
    kept = {name: value for name, value in resource.items() if name != "meta"}
    meta = {name: value for name, value in resource["meta"].items() if name not in {"versionId", "lastUpdated"}}
    return kept | ({"meta": meta} if meta else {})


def test_what_was_written_is_read(store: Store) -> None:
    (stored,) = put(store, order(quantity=Decimal("0.50")))
    assert (stored.version, stored.created, stored.changed) == (1, True, True)
    read = store.read("MedicationRequest", "rx-1")
    assert read.resource == stored.resource
    assert content(read.resource) == order(quantity=Decimal("0.50"))
    assert str(read.resource and read.resource["quantity"]) == "0.50"
    assert read.resource is not None
    assert read.resource["meta"] == {"versionId": "1", "lastUpdated": read.last_updated}
    assert read.last_updated == "2026-03-01T12:00:00.000000Z"


def test_meta_is_kept_but_for_what_is_stamped(store: Store) -> None:
    meta = {"versionId": "77", "lastUpdated": "1999-01-01T00:00:00Z", "profile": ["http://example.org/p"]}
    (stored,) = put(store, order(meta=meta))
    assert stored.resource is not None
    assert stored.resource["meta"]["versionId"] == "1"
    assert stored.resource["meta"]["lastUpdated"] == stored.last_updated
    assert stored.resource["meta"]["profile"] == ["http://example.org/p"]


def test_a_change_makes_a_version_and_keeps_the_old(store: Store, clock: Any) -> None:
    put(store, order())
    clock.move(hours=1)
    (second,) = put(store, order(status="stopped"))
    assert (second.version, second.created, second.changed) == (2, False, True)
    assert content(store.vread("MedicationRequest", "rx-1", 1).resource) == order()
    assert content(store.vread("MedicationRequest", "rx-1", 2).resource) == order(status="stopped")
    assert content(store.read("MedicationRequest", "rx-1").resource) == order(status="stopped")
    assert [each.version for each in store.history("MedicationRequest", "rx-1")] == [2, 1]


@pytest.mark.parametrize(
    "again",
    [
        order(),
        dict(reversed(order().items())),
        order(meta={"versionId": "9", "lastUpdated": "2020-01-01T00:00:00Z"}),
        order(meta={}),
    ],
    ids=["same", "other order of names", "other stamps", "empty meta"],
)
def test_the_same_again_makes_no_version(store: Store, clock: Any, again: dict[str, Any]) -> None:
    (first,) = put(store, order())
    clock.move(hours=1)
    (second,) = put(store, again)
    assert (second.version, second.created, second.changed) == (1, False, False)
    assert second.last_updated == first.last_updated
    assert second.resource == first.resource
    assert len(store.history("MedicationRequest", "rx-1")) == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Decimal("1.0"), Decimal("1.00")),
        (1, Decimal("1.0")),
        (1, True),
        (0, False),
        (["a", "b"], ["b", "a"]),
        ({"a": 1}, {}),
        ("x", None),
    ],
)
def test_what_says_otherwise_is_a_change(store: Store, before: object, after: object) -> None:
    put(store, order(note=before))
    assert put(store, order(note=after))[0].version == 2


def test_a_deletion_is_a_version(store: Store) -> None:
    put(store, order())
    deletion = Submission([Write(order(), deleted=True)])
    (gone,) = store.submit(deletion).stored
    assert (gone.version, gone.resource, gone.changed) == (2, None, True)
    with pytest.raises(Gone):
        store.read("MedicationRequest", "rx-1")
    with pytest.raises(Gone):
        store.vread("MedicationRequest", "rx-1", 2)
    assert content(store.vread("MedicationRequest", "rx-1", 1).resource) == order()
    assert [each.resource is None for each in store.history("MedicationRequest", "rx-1")] == [True, False]

    (again,) = store.submit(deletion).stored
    assert (again.version, again.changed) == (2, False)

    (back,) = put(store, order())
    assert (back.version, back.created, back.changed) == (3, False, True)
    assert content(store.read("MedicationRequest", "rx-1").resource) == order()


def test_nothing_is_deleted_that_never_was(store: Store) -> None:
    with pytest.raises(NotFound):
        store.submit(Submission([Write(order(), deleted=True)]))


def test_what_is_not_there_is_not_found(store: Store) -> None:
    put(store, order())
    for asked in [("MedicationRequest", "rx-2"), ("Observation", "rx-1"), ("MedicationRequest", "RX-1")]:
        with pytest.raises(NotFound):
            store.read(*asked)
        with pytest.raises(NotFound):
            store.history(*asked)
    with pytest.raises(NotFound):
        store.vread("MedicationRequest", "rx-1", 2)


@pytest.mark.parametrize("id_", ["", "a\x00b", "rx-1\x00", "'; --", "%", "é" * 300, "../Patient/1"])
def test_no_text_for_an_id_is_more_than_not_found(store: Store, id_: str) -> None:
    put(store, order())
    with pytest.raises(NotFound):
        store.read("MedicationRequest", id_)
    with pytest.raises(NotFound):
        store.history("MedicationRequest", id_)


def test_create_refuses_an_id_that_was_ever_there(store: Store) -> None:
    store.submit(Submission([Write(order(), mode="create")]))
    with pytest.raises(Conflict) as caught:
        store.submit(Submission([Write(order(), mode="create")]))
    assert caught.value.issues[0].rule == "store-taken"
    store.submit(Submission([Write(order(), deleted=True)]))
    with pytest.raises(Conflict):
        store.submit(Submission([Write(order(), mode="create")]))


@pytest.mark.parametrize("deleted", [False, True])
def test_a_write_for_another_version_is_a_conflict(store: Store, deleted: bool) -> None:
    with pytest.raises(Conflict):
        store.submit(Submission([Write(order(), if_match=1)]))
    put(store, order())
    for wrong in (0, 2):
        with pytest.raises(Conflict) as caught:
            store.submit(Submission([Write(order(status="stopped"), if_match=wrong, deleted=deleted)]))
        assert caught.value.issues[0].rule == "store-moved-on"
    (stored,) = store.submit(Submission([Write(order(status="stopped"), if_match=1, deleted=deleted)])).stored
    assert stored.version == 2


def test_a_submission_is_done_whole_or_not_at_all(store: Store) -> None:
    put(store, order("rx-1"))
    store.submit(Submission(messages=[message("msg-1")]))
    fine = {
        "writes": [Write(order("rx-1", status="stopped")), Write(order("rx-9"))],
        "messages": [message("msg-9")],
        "settled": [Settled("msg-1", "sent")],
        "audit": [AuditRecord("create", "tester")],
    }
    refused: list[dict[str, Any]] = [
        {"writes": [*fine["writes"], Write(order("rx-1"), mode="create")]},
        {"writes": [*fine["writes"], Write(order("rx-9"), if_match=5)]},
        {"writes": [*fine["writes"], Write(order("rx-8"), deleted=True)]},
        {"messages": [*fine["messages"], message("msg-1", dose=2)]},
        {"settled": [*fine["settled"], Settled("msg-9999", "sent")]},
    ]
    for part in refused:
        with pytest.raises((Conflict, NotFound)):
            store.submit(Submission(**(fine | part)))
        assert len(store.history("MedicationRequest", "rx-1")) == 1
        with pytest.raises(NotFound):
            store.read("MedicationRequest", "rx-9")
        assert [(queued.message.id, queued.state) for queued in store.outbox()] == [("msg-1", "waiting")]
        assert list(store.audit()) == []
    assert len(store.submit(Submission(**fine)).stored) == 2


def test_one_submission_may_write_a_resource_twice(store: Store) -> None:
    stored = put(store, order(), order(status="stopped"), order(status="stopped"))
    assert [(each.version, each.changed) for each in stored] == [(1, True), (2, True), (2, False)]
    assert len(store.history("MedicationRequest", "rx-1")) == 2
    for status, total in (("stopped", 1), ("active", 0)):
        assert store.search(Query("MedicationRequest", (Criterion("status", (status,)),))).total == total


def test_stamps_grow_though_the_clock_does_not(store: Store, clock: Any) -> None:
    stamps = []
    for number in range(3):
        stored = put(store, order(f"a-{number}"), order(f"b-{number}"))
        assert stored[0].last_updated == stored[1].last_updated
        stamps.append(stored[0].last_updated)
        clock.move(seconds=-1)
    assert stamps == sorted(set(stamps))
    clock.move(hours=1)
    assert datetime.fromisoformat(put(store, order("c"))[0].last_updated) == clock.now


def test_hundreds_of_resources_in_one_submission(store: Store) -> None:
    many = [order(f"rx-{number}") for number in range(1203)]
    assert all(each.created for each in put(store, *many))
    assert not any(each.changed for each in put(store, *many))


def test_types_have_ids_of_their_own(store: Store) -> None:
    put(store, order("x"), {"resourceType": "Patient", "id": "x"})
    assert content(store.read("Patient", "x").resource) == {"resourceType": "Patient", "id": "x"}
    assert content(store.read("MedicationRequest", "x").resource) == order("x")


def test_a_submission_of_nothing_does_nothing(store: Store) -> None:
    receipt = store.submit(Submission())
    assert (receipt.stored, receipt.messages) == ((), ())
