"""The contract of a store: the audit trail."""

from datetime import timedelta
from typing import Any

from fhir_iop.store import AuditRecord, Store, Submission, Write
from tests.store.examples import order


def test_records_are_kept_in_order_with_their_time(store: Store, clock: Any) -> None:
    first = AuditRecord("create", "Organization/iop", ("MedicationRequest/rx-1", "Patient/p1"), detail="from a record")
    second = AuditRecord("read", "client-7", ("Patient/p1",), outcome="refused")
    store.submit(Submission([Write(order())], audit=[first]))
    began = clock.now
    clock.move(minutes=5)
    store.submit(Submission(audit=[second, AuditRecord("export", "client-7")]))
    trail = list(store.audit())
    assert [record for _, record in trail] == [first, second, AuditRecord("export", "client-7")]
    assert [at for at, _ in trail] == [began, began + timedelta(minutes=5), began + timedelta(minutes=5)]


def test_the_trail_of_one_resource(store: Store) -> None:
    for number in range(6):
        store.submit(
            Submission(audit=[AuditRecord("read", f"client-{number}", (f"Patient/p{number % 2}", "Patient/x"))])
        )
    assert [record.agent for _, record in store.audit("Patient/p1")] == ["client-1", "client-3", "client-5"]
    assert len(list(store.audit("Patient/x"))) == 6
    assert list(store.audit("Patient/none")) == []


def test_going_through_a_long_trail(store: Store) -> None:
    store.submit(Submission(audit=[AuditRecord("read", str(number)) for number in range(1203)]))
    assert [record.agent for _, record in store.audit()] == [str(number) for number in range(1203)]
