"""The HTTP client against real servers that answer badly in each way a server can."""

import gzip
import logging
import socket

import pytest

from fhir_iop.errors import Unavailable, Unusable
from fhir_iop.session import Session, host_of, same_origin
from tests import loopback
from tests.loopback import cut, drip, reply, silent

QUERY = "/fhir/MedicationRequest?patient=jane-roe"


@pytest.fixture
def waits():
    return []


@pytest.fixture
def session(waits):
    with Session(timeout=0.3, body_limit=100_000, attempts=3, sleep=waits.append) as session:
        yield session


def words(raised):
    return raised.value.issues[0].details


def test_an_answer_is_told_whole(peer, session):
    peer.answers(reply('{"a":1.10}', status=201, media_type="Application/FHIR+json; charset=utf-8", ETag='W/"1"'))
    answer = session.get(peer.url + QUERY, accept="application/fhir+json")
    assert (answer.status, answer.media_type, answer.body, answer.ok) == (
        201,
        "application/fhir+json",
        b'{"a":1.10}',
        True,
    )
    assert answer.headers["etag"] == 'W/"1"'
    assert answer.url == peer.url + QUERY
    assert peer.requests[0].target == QUERY
    assert peer.requests[0].headers["accept"] == "application/fhir+json"


def test_a_refusal_is_an_answer(peer, session):
    peer.answers(reply("no", status=404))
    assert session.get(peer.url).status == 404
    assert len(peer.requests) == 1


@pytest.mark.parametrize(
    "fault",
    [
        reply(status=500),
        reply(status=503),
        reply(status=429),
        cut(),
        cut(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
        cut(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"),
        silent(),
        silent(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"),
    ],
    ids=["500", "503", "429", "cut", "cut-body", "cut-chunks", "silent", "silent-body"],
)
def test_a_passing_fault_is_tried_again(peer, session, waits, fault):
    peer.answers(fault, fault, reply("whole"))
    assert session.get(peer.url + QUERY).body == b"whole"
    assert len(peer.requests) == 3
    assert len(waits) == 2


@pytest.mark.parametrize("body", [b"once", b""])
def test_a_post_is_repeated_only_where_it_may_be(peer, session, body):
    peer.answers(cut(), reply("done"))
    with pytest.raises(Unavailable):
        session.post(peer.url, body, content_type="application/fhir+json")
    assert len(peer.requests) == 1
    peer.answers(cut(), reply("done"))
    answer = session.post(peer.url, body, content_type="application/fhir+json", repeatable=True)
    assert answer.body == b"done"
    assert [request.body for request in peer.requests] == [body] * 3
    assert peer.requests[-1].headers["content-type"] == "application/fhir+json"


def test_after_the_last_attempt_the_fault_is_told(peer, session):
    peer.answers(reply("busy", status=503))
    assert session.get(peer.url).status == 503
    assert len(peer.requests) == 3
    peer.answers(cut())
    with pytest.raises(Unavailable) as raised:
        session.get(peer.url + QUERY)
    assert len(peer.requests) == 6
    assert words(raised) == f"{host_of(peer.url)} gave no answer: the connection was cut."


@pytest.mark.parametrize(
    ("asked", "waited"),
    [("7", 7), ("86400", 30), ("Wed, 21 Oct 2065 07:28:00 GMT", 30), ("soon", 0), ("9" * 400, 30)],
)
def test_retry_after_is_heeded_within_bounds(peer, session, waits, asked, waited):
    peer.answers(reply(status=503, Retry_After=asked), reply("now"))
    assert session.get(peer.url).body == b"now"
    assert waits == [waited]


def test_a_slow_drip_is_cut_off(peer):
    now = iter(range(0, 1000, 2))
    peer.answers(drip(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"))
    with Session(timeout=0.5, monotonic=lambda: next(now)) as session, pytest.raises(Unavailable) as raised:
        session.get(peer.url)
    assert "longer than 5 s" in words(raised)
    assert len(peer.requests) == 1


@pytest.mark.parametrize("packed", [False, True])
def test_too_long_an_answer_is_refused(peer, session, packed):
    body = b" " * 200_000
    peer.answers(reply(gzip.compress(body), Content_Encoding="gzip") if packed else reply(body))
    with pytest.raises(Unavailable) as raised:
        session.get(peer.url)
    assert "more than 100000 bytes" in words(raised)
    assert len(peer.requests) == 1


def test_a_packed_answer_is_unpacked_and_a_wrongly_packed_one_refused(peer, session):
    peer.answers(reply(gzip.compress(b"{}"), Content_Encoding="gzip"))
    assert session.get(peer.url).body == b"{}"
    peer.answers(reply(b"not gzip", Content_Encoding="gzip"))
    with pytest.raises(Unavailable) as raised:
        session.get(peer.url)
    assert "content coding" in words(raised)


def test_a_redirect_stays_on_its_origin(peer, session):
    elsewhere, stop = loopback.start()
    try:
        elsewhere.answers(reply("stolen"))
        peer.answers(reply(status=302, Location="/other"), reply("here"))
        answer = session.get(peer.url + "/one")
        assert (answer.body, answer.url) == (b"here", peer.url + "/other")
        peer.answers(reply(status=302, Location="http://["))
        with pytest.raises(Unavailable, match="redirects to nowhere"):
            session.get(peer.url)
        peer.answers(reply(status=307, Location=elsewhere.url + QUERY))
        with pytest.raises(Unavailable) as raised:
            session.get(peer.url)
        assert words(raised).startswith(f"{host_of(peer.url)} redirects to {host_of(elsewhere.url)}")
        assert "patient" not in words(raised)
        assert elsewhere.requests == []
    finally:
        stop()


def test_the_body_of_a_redirect_is_not_waited_for(peer, session, waits):
    peer.answers(silent(b"HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 9999999\r\n\r\n"), reply("here"))
    assert session.get(peer.url).body == b"here"
    assert waits == []


def test_redirects_end_and_a_post_follows_none(peer, session):
    peer.answers(reply(status=302, Location="/again"))
    with pytest.raises(Unavailable, match="in a circle"):
        session.get(peer.url)
    asked = len(peer.requests)
    assert asked == 6
    with pytest.raises(Unavailable, match="redirects"):
        session.post(peer.url, b"{}", content_type="application/json", repeatable=True)
    assert len(peer.requests) == asked + 1


def test_nobody_there(session, waits):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(Unavailable) as raised:
        session.get(f"http://127.0.0.1:{port}{QUERY}")
    assert words(raised) == f"127.0.0.1:{port} gave no answer: it refuses connections."
    assert len(waits) == 2


def test_what_is_no_http_is_a_fault(peer, session):
    peer.answers(cut(b"SSH-2.0-server\r\n"))
    with pytest.raises(Unavailable):
        session.get(peer.url)
    with pytest.raises(Unavailable, match="TLS"):
        session.get(peer.url.replace("http:", "https:"))


@pytest.mark.parametrize(
    "url", ["", "ftp://host/x", "file:///etc/passwd", "http://", "https://host:port/", "http://[::1/", "Patient/1"]
)
def test_what_is_no_address_is_refused(session, url):
    with pytest.raises(Unusable):
        session.get(url)


def test_health_data_goes_over_tls(session):
    with pytest.raises(Unusable, match=r"pharmacy\.example would be called without TLS"):
        session.get("http://pharmacy.example/fhir?name=roe")


def test_nothing_is_kept_or_taken_from_the_surroundings(peer, session, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    peer.answers(reply("a", Set_Cookie="who=jane"), reply("b"))
    session.get(peer.url)
    session.get(peer.url)
    assert "cookie" not in peer.requests[1].headers


def test_headers_of_the_session_go_with_every_call(peer):
    peer.answers(reply())
    with Session(timeout=1, headers={"Authorization": "Bearer x"}) as session:
        session.get(peer.url)
    assert peer.requests[0].headers["authorization"] == "Bearer x"
    assert peer.requests[0].headers["user-agent"] == "fhir-iop"


def test_no_log_names_an_address(peer, session, caplog):
    caplog.set_level(logging.DEBUG)
    peer.answers(reply(status=503), cut(), reply("x"))
    session.get(peer.url + QUERY)
    assert "jane" not in caplog.text


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "https://A.example:443/y?z", True),
        ("https://a.example", "http://a.example", False),
        ("http://a.example:81", "http://a.example", False),
        ("https://a.example", "https://a.example.evil.example", False),
        ("https://a.example@evil.example", "https://a.example", False),
        ("nonsense", "nonsense", False),
        ("http://h:x", "http://h:x", False),
    ],
)
def test_same_origin(one, other, same):
    assert same_origin(one, other) is same
