"""What no interaction sees, hosts, methods, addresses, bodies that can't be read: each told as an OperationOutcome."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import Services

FHIR = {"Content-Type": "application/fhir+json"}


def refused(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type.startswith("application/fhir+json")
    assert answer.json["resourceType"] == "OperationOutcome"
    return answer.status_code, answer.json["issue"][0]["details"]["coding"][0]["code"]


@pytest.mark.parametrize(
    ("method", "path", "told"),
    [
        ("GET", "/", (404, "web-address")),
        ("GET", "/fhir/Patient/a_b", (404, "web-address")),
        ("GET", "/fhir/Patient/1/2/3", (404, "web-address")),
        ("GET", "/fhir/Patient/" + "x" * 65, (404, "web-address")),
        ("GET", "/fhir/Patients", (404, "web-type-unknown")),
        ("GET", "/fhir/Parameters", (404, "web-type-unknown")),
        ("OPTIONS", "/fhir/Patients", (404, "web-type-unknown")),
        ("OPTIONS", "/nowhere", (404, "web-address")),
        ("GET", "/fhir", (405, "web-method")),
        ("PATCH", "/fhir/Patient/1", (405, "web-method")),
        ("DELETE", "/fhir/Patient", (405, "web-method")),
        ("BREW", "/fhir/Patient/1", (405, "web-method")),
        ("GET", "/records", (405, "web-method")),
        ("GET", "/fhir/Patient/1?_summary=text", (400, "web-parameter")),
        ("GET", "/fhir/Patient?_format=xml", (406, "web-not-acceptable")),
    ],
)
def test_an_address_that_leads_nowhere(client: FlaskClient, method: str, path: str, told: tuple[int, str]) -> None:
    assert refused(client.open(path, method=method)) == told


def test_a_method_that_isn_t_possible_is_told_with_those_that_are(client: FlaskClient) -> None:
    assert client.patch("/fhir/Patient/1").headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PUT"


def test_options_tells_what_is_possible(client: FlaskClient) -> None:
    answer = client.options("/fhir/Patient/1")
    assert answer.status_code == 200
    assert set(answer.headers["Allow"].split(", ")) == {"DELETE", "GET", "HEAD", "OPTIONS", "PUT"}


def test_a_misspelt_type_is_suggested(client: FlaskClient) -> None:
    assert "did you mean MedicationRequest?" in client.get("/fhir/medicationrequests").text


@pytest.mark.parametrize(
    ("headers", "body", "told"),
    [
        (FHIR, b"", (400, "web-body-missing")),
        (FHIR, b"{", (400, "json-malformed")),
        (FHIR, b"[]", (400, "json-not-object")),
        (FHIR, b"\xff\xfe", (400, "json-malformed")),
        (FHIR, b'{"resourceType":"Patient","x":NaN}', (400, "json-malformed")),
        (FHIR, b'{"resourceType":"Patient","x":1E+99999999}', (400, "json-number")),
        (FHIR, b'{"a":' * 100_000, (400, "json-depth")),
        (FHIR, b'{"resourceType":"Observation"}', (400, "web-type-mismatch")),
        (FHIR, b'{"resourceType":7}', (400, "web-type-mismatch")),
        ({"Content-Type": "text/plain"}, b"{}", (415, "web-content-type")),
        ({}, b"{}", (415, "web-content-type")),
        ({"Content-Type": "application/fhir+xml"}, b"<Patient/>", (415, "web-content-type")),
        ({**FHIR, "Content-Encoding": "gzip"}, b"{}", (415, "web-content-encoding")),
        ({**FHIR, "Accept": "application/fhir+xml"}, b"{}", (406, "web-not-acceptable")),
    ],
)
def test_a_body_that_can_t_be_read(
    client: FlaskClient, headers: dict[str, str], body: bytes, told: tuple[int, str]
) -> None:
    assert refused(client.post("/fhir/Patient", data=body, headers=headers)) == told


def test_a_body_over_the_limit(client: FlaskClient, services: Services) -> None:
    body = b"{" + b" " * services.settings.body_limit + b"}"
    assert refused(client.post("/fhir/Patient", data=body, headers=FHIR)) == (413, "web-body-too-large")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "[", ""])
def test_another_host_is_not_answered(client: FlaskClient, host: str) -> None:
    assert refused(client.get("/fhir/metadata", headers={"Host": host})) == (421, "web-host")


@pytest.mark.parametrize("host", ["fhir.example", "FHIR.example:443", "127.0.0.1:8000", "localhost", "[::1]:8000"])
def test_its_own_names_are_answered(client: FlaskClient, host: str) -> None:
    assert client.get("/fhir/Patient?_count=0", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("path", ["/fhir/metadata", "/fhir/Patient/nobody", "/nowhere", "/fhir/Patient?_count=0"])
def test_no_answer_is_kept_guessed_at_or_shared(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": "https://evil.example"}).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert not [name for name, _ in headers if name.startswith("Access-Control-")]


def test_what_nobody_expected_is_an_incident(
    services: Services, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: Any) -> None:
        raise ValueError("Jane Example")

    monkeypatch.setattr(type(services.store), "read", fail)
    answer = client.get("/fhir/Patient/1")
    assert refused(answer) == (500, "web-incident")
    assert "Jane" not in answer.text + caplog.text
    assert "incident id-" in caplog.text
