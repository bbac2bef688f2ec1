"""A process that submits and delivers until it is killed: ``python -m tests.store.killed URL LOG SUBMISSIONS``.

It prints ``accepted N`` once submission N is in the store, and writes ``message-id about`` to LOG where a real one
would send. Started again, it goes on: everything is submitted anew, and what was claimed by its dead predecessor is
delivered by it.
"""

import os
import sys
import threading
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any

from fhir_iop.store import AuditRecord, Message, Settled, Store, Submission, Write, open_store


class NoSearchParameters:
    """Definitions that make no index rows, so that the process is quickly up."""

    def search_parameters(self, _type: str) -> MappingProxyType[str, Any]:
        return MappingProxyType({})


CLAIM = timedelta(milliseconds=50)
"""Shorter than a process takes to start: what a dead one had claimed is due again."""


def clock() -> datetime:
    return datetime.now(UTC)


def submission(number: int) -> Submission:
    order = {"resourceType": "MedicationRequest", "id": f"rx-{number}", "status": "active"}
    message = Message(f"msg-{number}", "prescription", f"MedicationRequest/rx-{number}", "pharmacy", {"order": order})
    record = AuditRecord("create", "tester", (f"MedicationRequest/rx-{number}",))
    return Submission([Write(order)], [message], audit=[record])


def deliver(store: Store, log: int) -> None:
    """Deliver what is due."""
    now = clock()
    for queued in store.claim(now, now + CLAIM):
        os.write(log, f"{queued.message.id} {queued.message.about}\n".encode())
        task = {"resourceType": "Task", "id": queued.message.id, "status": "accepted"}
        answered = Settled(queued.message.id, "answered", answer={"code": "ok"})
        store.submit(Submission([Write(task)], settled=[answered]))


def main(url: str, log_path: str, submissions: int) -> None:
    known: Any = NoSearchParameters()
    store = open_store(url, known, clock=clock)
    log = os.open(log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    submitted = threading.Event()

    def submit() -> None:
        try:
            for number in range(submissions):
                store.submit(submission(number))
                os.write(1, f"accepted {number}\n".encode())
        finally:
            submitted.set()

    thread = threading.Thread(target=submit)
    thread.start()
    while not submitted.is_set() or any(each.state == "waiting" for each in store.outbox()):
        deliver(store, log)
    thread.join()
    os.write(1, b"done\n")
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
