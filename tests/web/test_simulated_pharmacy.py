"""The simulated pharmacy over real HTTP; what it answers is tested with the pharmacy room."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from fhir_iop.pharmacy import message_id
from fhir_iop.web import simulated_pharmacy

FHIR = {"Content-Type": "application/fhir+json"}
EVENTS = "https://example.org/fhir/iop/CodeSystem/rx-event"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with simulated_pharmacy.running(lambda: datetime(2026, 3, 1, tzinfo=UTC)) as address:
        yield address


def message(number: int, **order: Any) -> dict[str, Any]:
    """A message that lacks much of what a pharmacist needs, which is answered all the same."""
    request = {"resourceType": "MedicationRequest", "id": f"order-{number}", "status": "active", **order}
    header = {
        "resourceType": "MessageHeader",
        "id": message_id(request),
        "eventCoding": {"system": EVENTS, "code": "new-rx"},
        "source": {"endpoint": "http://fhir.example/fhir"},
    }
    entries = [{"resource": header}, {"resource": request}]
    return {"resourceType": "Bundle", "id": header["id"], "type": "message", "entry": entries}


def send(url: str, body: Any) -> requests.Response:
    return requests.post(url, json=body, headers=FHIR, timeout=9)


def test_a_message_is_answered_by_a_message(url: str) -> None:
    sent = message(1)
    answer = send(url, sent)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("application/fhir+json")
    assert answer.json()["entry"][0]["resource"]["response"]["identifier"] == sent["id"]


def test_the_same_message_gets_the_same_answer(url: str) -> None:
    assert send(url, message(2)).content == send(url, message(2)).content


def test_the_same_id_with_another_content_is_a_conflict(url: str) -> None:
    first = send(url, message(3))
    other = send(url, message(3, status="cancelled"))
    assert (other.status_code, other.json()["resourceType"]) == (409, "OperationOutcome")
    assert send(url, message(3)).content == first.content


@pytest.mark.parametrize("body", [{}, {"resourceType": "Bundle"}, {"entry": [{"resource": {"id": 7}}]}])
def test_what_is_no_message_is_refused(url: str, body: Any) -> None:
    answer = send(url, body)
    assert (answer.status_code, answer.json()["resourceType"]) == (400, "OperationOutcome")


def test_what_can_t_be_read_is_refused(url: str) -> None:
    assert requests.post(url, data=b"{", headers=FHIR, timeout=9).status_code == 400
    assert requests.post(url, data=b"{}", headers={"Content-Type": "text/plain"}, timeout=9).status_code == 415
    assert requests.get(url, timeout=9).status_code == 405
    assert requests.post(url.replace("$", ""), json={}, timeout=9).json()["resourceType"] == "OperationOutcome"
