"""Delivery over real connections: the same message on each try, and failures told apart."""

import json

import pytest

from fhir_iop.fhir.json import encode
from fhir_iop.pharmacy import PharmacyClient, Undelivered, read_reply, simulate_reply
from fhir_iop.session import Session
from tests.loopback import cut, reply, silent
from tests.pharmacy.story import AT, built

MESSAGE = built().message


@pytest.fixture
def client(peer):
    with Session(timeout=0.3, attempts=2, sleep=lambda _: None) as session:
        yield PharmacyClient(session, peer.url + "/fhir/$process-message")


def simulated(request):
    return reply(encode(simulate_reply(request.json, lambda: AT)))


def test_a_message_is_delivered_and_answered(peer, client):
    peer.routes(simulated)
    answer = client.deliver(MESSAGE)
    assert read_reply(answer, MESSAGE).status == "accepted"
    (request,) = peer.requests
    assert (request.method, request.target) == ("POST", "/fhir/$process-message")
    assert request.headers["content-type"] == request.headers["accept"] == "application/fhir+json"
    assert request.body == encode(MESSAGE)


@pytest.mark.parametrize("fault", [reply(status=503), cut(), silent()])
def test_a_repeat_is_the_very_same_message(peer, client, fault):
    peer.answers(fault, reply(encode(simulate_reply(json.loads(encode(MESSAGE)), lambda: AT))))
    assert read_reply(client.deliver(MESSAGE), MESSAGE).status == "accepted"
    assert [request.body for request in peer.requests] == [encode(MESSAGE)] * 2


@pytest.mark.parametrize(
    ("behaviour", "again", "rule"),
    [
        (reply(status=500), True, "pharmacy-later"),
        (reply("<h1>Bad gateway</h1>", status=502, media_type="text/html"), True, "pharmacy-later"),
        (reply(status=429), True, "pharmacy-later"),
        (reply(status=304), True, "pharmacy-later"),
        (reply(status=404), False, "pharmacy-endpoint"),
        (reply(status=401), False, "pharmacy-endpoint"),
        (reply({"resourceType": "OperationOutcome"}, status=415), False, "pharmacy-endpoint"),
        (cut(), True, "peer-failed"),
        (silent(), True, "peer-failed"),
        (reply(status=302, Location="https://elsewhere.example/"), True, "peer-redirect"),
    ],
)
def test_failures_are_told_apart(peer, client, behaviour, again, rule):
    peer.answers(behaviour)
    found = client.deliver(MESSAGE)
    assert isinstance(found, Undelivered)
    assert (found.again, found.issue.rule) == (again, rule)


@pytest.mark.parametrize("status", [200, 202, 400, 409, 422])
def test_an_answer_that_may_mean_something_is_handed_on(peer, client, status):
    peer.answers(reply({"resourceType": "OperationOutcome"}, status=status))
    assert client.deliver(MESSAGE).status == status
