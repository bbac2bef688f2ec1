from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.errors import Conflict
from fhir_iop.fhir.security import labels
from fhir_iop.pharmacy import Schedule, advance, may_become, message_id, open_task
from fhir_iop.pharmacy.task import STATUSES, task_business
from tests.pharmacy.story import AT, FILM, SERTRALINE

LATER = AT + timedelta(hours=1)


def walked(*statuses):
    task = open_task(SERTRALINE, AT)
    for status in statuses:
        task = advance(task, status, LATER)
    return task


def test_a_task_is_opened_with_its_order():
    task = open_task(FILM | {"groupIdentifier": {"value": "visit"}}, AT)
    assert task["status"] == "requested"
    assert task["focus"] == {"reference": "MedicationRequest/film"}
    assert task["for"] == FILM["subject"]
    assert task["requester"] == FILM["requester"]
    assert task["owner"] == FILM["dispenseRequest"]["performer"]
    assert task["groupIdentifier"] == {"value": "visit"}
    assert task["identifier"][0]["value"] == f"urn:uuid:{message_id(FILM)}"
    assert task_business(task) == "queued"
    assert labels(task) == labels(FILM)
    assert task["id"] == open_task(FILM, LATER)["id"] != open_task(SERTRALINE, AT)["id"]


def test_the_usual_way():
    task = walked("received", "accepted", "in-progress", "completed")
    assert task["status"] == "completed"
    assert task["lastModified"] == LATER.isoformat()
    assert task["authoredOn"] == AT.isoformat()
    assert "businessStatus" not in task


def test_a_reason_and_a_more_exact_word():
    task = advance(walked("received"), "rejected", LATER, reason={"text": "unable"})
    assert task["statusReason"] == {"text": "unable"}
    assert task_business(task) == "not-dispensed"
    ready = advance(walked("in-progress"), "in-progress", LATER, business="ready")
    assert task_business(ready) == "ready"
    assert task_business(advance(ready, "in-progress", LATER)) == "ready"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("rejected",), "completed"),
        (("completed",), "rejected"),
        (("cancelled",), "accepted"),
        (("accepted",), "received"),
        (("accepted",), "requested"),
        (("in-progress",), "rejected"),
        (("in-progress",), "accepted"),
    ],
)
def test_a_transition_that_is_none_is_refused(before, after):
    task = walked(*before)
    assert not may_become(task, after)
    with pytest.raises(Conflict):
        advance(task, after, LATER)


@pytest.mark.parametrize("late", ["requested", "accepted", "completed", "rejected"])
def test_a_late_word_counts_after_a_failure(late):
    assert walked("failed", late)["status"] == late


@given(st.lists(st.sampled_from(STATUSES), max_size=8))
def test_what_is_final_stays_and_nothing_goes_back(statuses):
    task = open_task(SERTRALINE, AT)
    order = ["requested", "received", "accepted", "in-progress", "completed"]
    for status in statuses:
        before = task["status"]
        try:
            task = advance(task, status, LATER)
        except Conflict:
            assert task["status"] == before != status
            continue
        assert before not in {"completed", "rejected", "cancelled"} or status == before
        if before in order and status in order:
            assert order.index(status) >= order.index(before)
        assert advance(task, status, LATER + timedelta(days=1)) == task  # to stay changes nothing, not even the time


def test_repeats_come_later_and_later_and_then_a_person():
    schedule = Schedule(first=timedelta(seconds=10), longest=timedelta(minutes=1), attempts=5)
    waits = [(schedule.next_attempt("m", attempts, AT) - AT).total_seconds() for attempts in range(1, 5)]
    for wait, least in zip(waits, (10, 20, 40, 60), strict=True):
        assert least <= wait < least * 1.1
    assert schedule.next_attempt("m", 5, AT) is None
    assert schedule.next_attempt("m", 1, AT) == schedule.next_attempt("m", 1, AT) != schedule.next_attempt("n", 1, AT)
    assert Schedule(attempts=10**9).next_attempt("m", 10**8, AT) <= AT + timedelta(minutes=66)


def test_silence_becomes_an_alarm_once():
    schedule = Schedule(silence=timedelta(hours=4))
    task = walked("received")
    assert schedule.alarm(task, AT + timedelta(hours=3)) is None
    marked, issue = schedule.alarm(task, AT + timedelta(hours=4))
    assert (marked["status"], task_business(marked)) == ("received", "no-answer")
    assert issue.details.startswith("No pharmacist has answered for 4 hours")
    assert schedule.alarm(marked, AT + timedelta(hours=5)) is None
    assert schedule.alarm(walked("accepted"), AT + timedelta(days=5)) is None
    assert task_business(advance(marked, "accepted", LATER)) == "with-pharmacy"
