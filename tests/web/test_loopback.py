"""Bodies over real HTTP, as no test client sends them: chunked, endless, cut off."""

import json
import socket
import threading
from collections.abc import Iterator

import pytest
import requests
from werkzeug.serving import WSGIRequestHandler, make_server

from fhir_iop import app
from fhir_iop.web import fhir_endpoint
from tests.web.conftest import clock, ids, settings_in

FHIR = {"Content-Type": "application/fhir+json"}
LIMIT = 5_000


class Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002  # as the class above has it
        """Say nothing."""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    services = app.join(settings_in(tmp_path_factory.mktemp("http"), body_limit=LIMIT), clock=clock(), ids=ids())
    server = make_server("127.0.0.1", 0, fhir_endpoint(services), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    services.store.close()


def rule(answer: requests.Response) -> str:
    outcome = answer.json()
    assert outcome["resourceType"] == "OperationOutcome"
    code: str = outcome["issue"][0]["details"]["coding"][0]["code"]
    return code


def test_a_resource_goes_in_and_comes_out(url: str) -> None:
    answer = requests.put(
        f"{url}/fhir/Patient/http", data=b'{"resourceType":"Patient","id":"http"}', headers=FHIR, timeout=9
    )
    assert answer.status_code == 201
    assert requests.get(f"{url}/fhir/Patient/http", timeout=9).json() == answer.json()


def test_links_never_follow_the_host_header(url: str) -> None:
    bundle = requests.get(f"{url}/fhir/Patient?_count=1", timeout=9).json()
    assert bundle["link"][0]["url"].startswith("http://fhir.example/fhir/")


def chunks(count: int) -> Iterator[bytes]:
    yield b'{"resourceType":"Patient"'
    for _ in range(count):
        yield b" " * 100
    yield b"}"


def test_a_chunked_body_is_read(url: str) -> None:
    answer = requests.post(f"{url}/fhir/Patient", data=chunks(3), headers=FHIR, timeout=9)
    assert answer.status_code == 201


def test_a_chunked_body_over_the_limit_is_refused(url: str) -> None:
    answer = requests.post(f"{url}/fhir/Patient", data=chunks(60), headers=FHIR, timeout=9)
    assert (answer.status_code, rule(answer)) == (413, "web-body-too-large")


def test_a_body_that_is_announced_too_large_is_refused_unread(url: str) -> None:
    status, outcome = raw(
        url, b"POST /fhir/Patient HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 99999\r\n\r\n"
    )
    assert (status, outcome) == (413, "web-body-too-large")


def test_a_body_that_ends_early_is_not_taken_for_whole(url: str) -> None:
    head = b"POST /fhir/Patient HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n"
    assert raw(url, head + b'{"resourceType":"Patient"}') == (400, "web-body-truncated")


def raw(url: str, request: bytes) -> tuple[int, str]:
    """Send ``request`` as it stands, say that no more comes, and return the answer's status and rule."""
    host, _, port = url.removeprefix("http://").partition(":")
    head, _, rest = request.partition(b"\r\n")
    with socket.create_connection((host, int(port)), timeout=9) as connection:
        connection.sendall(head + b"\r\nHost: localhost\r\n" + rest)
        connection.shutdown(socket.SHUT_WR)
        with connection.makefile("rb") as stream:
            answer = stream.read()
    start, _, body = answer.partition(b"\r\n\r\n")
    return int(start.split()[1]), json.loads(body)["issue"][0]["details"]["coding"][0]["code"]
