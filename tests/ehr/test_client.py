"""Pulling over real connections: all pages, of one server, about one patient."""

from urllib.parse import parse_qs, urlsplit

import pytest

from fhir_iop.ehr import EhrClient
from fhir_iop.errors import BadInput, NotFound, Unavailable
from fhir_iop.fhir.json import encode
from fhir_iop.session import Session
from tests import loopback
from tests.ehr.story import PATIENT, REQUEST
from tests.loopback import cut, reply, silent


@pytest.fixture
def client(peer):
    with Session(timeout=0.3, attempts=2, sleep=lambda _: None) as session:
        yield EhrClient(session, peer.url + "/fhir/")


def page(*resources, following=None):
    links = [{"relation": "self", "url": "x"}, *([{"relation": "next", "url": following}] if following else [])]
    entries = [{"resource": resource} for resource in resources]
    return reply(encode({"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries}))


def request(id_, **more):
    return {**REQUEST, "id": id_, **more}


def rules(found):
    return [issue.rule for issue in found.issues]


def test_pages_are_followed_to_the_end(peer, client):
    peer.answers(
        page(request("1"), following=peer.url + "/fhir?page=2"),
        page(request("2"), following="/fhir?page=3"),
        page(request("3")),
    )
    found = client.medication_requests("123", count=1)
    assert [resource["id"] for resource in found.requests] == ["1", "2", "3"]
    assert found.issues == []
    assert str(found.requests[0]["dosageInstruction"][0]["doseAndRate"][0]["doseQuantity"]["value"]) == "300.00"
    first, second, third = (urlsplit(asked.target) for asked in peer.requests)
    assert first.path == "/fhir/MedicationRequest"
    assert parse_qs(first.query) == {
        "patient": ["123"],
        "intent": ["order,plan"],
        "_include": ["MedicationRequest:medication"],
        "_count": ["1"],
    }
    assert (second.query, third.query) == ("page=2", "page=3")
    assert peer.requests[0].headers["accept"] == "application/fhir+json"


@pytest.mark.parametrize(
    "fault", [reply(status=503), cut(), silent(), cut(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{")]
)
def test_a_page_that_fails_is_asked_for_again(peer, client, fault):
    peer.answers(page(request("1"), following="/fhir?page=2"), fault, page(request("2")))
    assert len(client.medication_requests("123").requests) == 2


@pytest.mark.parametrize(
    "following",
    [
        "https://elsewhere.example/fhir?page=2",
        "http://127.0.0.1:1/fhir?page=2",
        "//elsewhere.example/x",
        "http://127.0.0.1.elsewhere.example/x",
        "file:///etc/passwd",
        "http://[",
    ],
)
def test_a_page_elsewhere_is_not_read(peer, client, following):
    peer.answers(page(request("1"), following=following))
    with pytest.raises(Unavailable) as raised:
        client.medication_requests("123")
    assert raised.value.issues[0].rule == "ehr-link"
    assert "page=2" not in raised.value.issues[0].details
    assert len(peer.requests) == 1


def test_a_redirect_elsewhere_is_not_followed(peer, client):
    elsewhere, stop = loopback.start()
    try:
        elsewhere.answers(page(request("1")))
        peer.answers(reply(status=302, Location=elsewhere.url + "/fhir"))
        with pytest.raises(Unavailable):
            client.medication_requests("123")
        assert elsewhere.requests == []
    finally:
        stop()


def test_pages_in_a_circle_end(peer, client):
    peer.answers(page(request("1"), following="/fhir?page=2"))
    with pytest.raises(Unavailable, match="without an end"):
        client.medication_requests("123")
    assert len(peer.requests) == 2


def test_pages_without_an_end_end(peer, client, monkeypatch):
    monkeypatch.setattr("fhir_iop.ehr.client._MOST_PAGES", 5)
    peer.routes(lambda asked: page(following=f"/fhir?page={len(peer.requests)}"))
    with pytest.raises(Unavailable, match="without an end"):
        client.medication_requests("123")
    assert len(peer.requests) == 5
    monkeypatch.setattr("fhir_iop.ehr.client._MOST_REQUESTS", 2)
    peer.routes(lambda _: page(*(request(str(number)) for number in range(3))))
    with pytest.raises(Unavailable, match="without an end"):
        client.medication_requests("123")


def test_what_goes_with_a_request_and_what_does_not(peer, client):
    outcome = {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": "warning", "code": "informational", "diagnostics": "Jane"}, {"severity": "error"}, 7],
    }
    peer.answers(
        page(
            request("1"),
            {"resourceType": "Medication", "id": "m"},
            outcome,
            {"resourceType": "Practitioner", "id": "p"},
            {"resourceType": "Practitioner", "id": "q"},
            request("2", subject={"reference": "Patient/456"}),
            request("3", subject={"reference": "https://elsewhere.example/fhir/Patient/123"}),
            request("4", subject={"reference": peer.url + "/fhir/Patient/123"}),
            request("../5"),
            request(6),
        )
    )
    found = client.medication_requests("123")
    assert [resource["id"] for resource in found.requests] == ["1", "4"]
    assert list(found.medications) == ["Medication/m"]
    assert rules(found) == [
        "ehr-outcome",
        "ehr-outcome-error",
        "ehr-ignored",
        "ehr-other-patient",
        "ehr-other-patient",
        "ehr-no-id",
        "ehr-no-id",
    ]
    assert not any("Jane" in issue.details for issue in found.issues)


def test_of_a_request_that_comes_twice_the_newer_counts(peer, client):
    older, newer = (request("1", meta={"lastUpdated": f"2026-02-0{day}T00:00:00Z"}) for day in (1, 2))
    peer.answers(page(newer, following="/fhir?page=2"), page(older))
    assert client.medication_requests("123").requests == (newer,)


def test_medications_that_were_not_included_are_read(peer, client):
    def route(asked):
        if asked.target == "/fhir/Medication/m":
            return reply({"resourceType": "Medication", "id": "m", "code": {"text": "x"}})
        if asked.target.startswith("/fhir/Medication/"):
            return reply(status=404)
        return page(
            request("1", medicationReference={"reference": "Medication/m"}),
            request("2", medicationReference={"reference": peer.url + "/fhir/Medication/m"}),
            request("3", medicationReference={"reference": "Medication/gone"}),
            request("4", medicationReference={"reference": "https://elsewhere.example/Medication/x"}),
            request("5", medicationReference={"reference": "#m"}),
        )

    peer.routes(route)
    found = client.medication_requests("123")
    assert found.medications == {"Medication/m": {"resourceType": "Medication", "id": "m", "code": {"text": "x"}}}
    assert [asked.target for asked in peer.requests[1:]] == ["/fhir/Medication/gone", "/fhir/Medication/m"]
    named = [found.medication_of(request) is not None for request in found.requests]
    assert named == [True, True, False, False, False]
    assert found.medication_of({"medicationReference": {"reference": "https://elsewhere.example/Medication/m"}}) is None
    assert found.medication_of({"medicationReference": 3}) is None


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (reply("<html>Log in</html>", media_type="text/html"), "ehr-answer"),
        (reply("<html>Log in</html>"), "ehr-answer"),
        (reply(""), "ehr-answer"),
        (reply("[1]"), "ehr-answer"),
        (reply({"resourceType": "Bundle", "type": "batch"}), "ehr-answer"),
        (reply({"resourceType": "OperationOutcome"}), "ehr-answer"),
        (reply('{"a":' * 400 + "1" + "}" * 400), "ehr-answer"),
        (reply(status=404), "ehr-answer"),
        (reply(status=401), "ehr-refused"),
        (reply({"resourceType": "OperationOutcome"}, status=400), "ehr-refused"),
        (reply(status=503), "ehr-refused"),
        (cut(), "peer-failed"),
    ],
)
def test_what_is_no_searchset_ends_it(peer, client, answer, rule):
    peer.answers(answer)
    with pytest.raises(Unavailable) as raised:
        client.medication_requests("123")
    assert raised.value.issues[0].rule == rule
    assert "123" not in raised.value.issues[0].details.replace(peer.url.rpartition(":")[2], "")


def test_odd_pages_hold_nothing(peer, client):
    peer.answers(reply({"resourceType": "Bundle", "type": "searchset", "link": 3, "entry": {"resource": 1}}))
    assert client.medication_requests("123").requests == ()


def test_a_patient_is_read(peer, client):
    peer.answers(reply(PATIENT))
    assert client.patient("123") == PATIENT
    assert peer.requests[0].target == "/fhir/Patient/123"
    peer.answers(reply({**PATIENT, "id": "456"}))
    with pytest.raises(Unavailable):
        client.patient("123")
    peer.answers(reply(status=404))
    with pytest.raises(NotFound):
        client.patient("123")


@pytest.mark.parametrize("id_", ["", "../metadata", "1?x=y", "a" * 65, "1/2", "é"])
def test_an_id_that_is_none_is_not_asked_for(peer, client, id_):
    with pytest.raises(BadInput):
        client.patient(id_)
    with pytest.raises(BadInput):
        client.medication_requests(id_)
    assert peer.requests == []
