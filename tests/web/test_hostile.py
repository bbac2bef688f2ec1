"""Whatever is sent: no 500, no stack trace, and every refusal an OperationOutcome."""

import copy
import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from fhir_iop import data as bundled
from tests.web.conftest import Services

STORIES = sorted(bundled.folder("examples").glob("0*/records.json"))
FHIR = {"Content-Type": "application/fhir+json"}

# the client is shared on purpose: what one request leaves behind must not harm the next
hostile = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])

WORDS = [
    *("Patient", "Bundle", "Parameters", "Observation", "transaction", "batch", "GET", "PUT", "POST", "DELETE"),
    *("Patient/1", "urn:uuid:1", "Patient?identifier=x|y", "../../etc/passwd", "'--1=1", "2026-02-30", "\x00", "é" * 9),
]
NAMES = [
    *("resourceType", "id", "meta", "type", "entry", "request", "resource", "method", "url", "fullUrl", "parameter"),
    *("name", "valueUri", "valueCode", "identifier", "subject", "reference", "contained", "extension", "text", "div"),
]
words = st.sampled_from(WORDS) | st.text(max_size=8)
names = st.sampled_from(NAMES) | st.text(max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=5),
    max_leaves=20,
)
KINDS = ["Patient", "Bundle", "Parameters", "Observation", "MedicationRequest", "Consent", "QuestionnaireResponse"]
kinds = st.sampled_from(KINDS)
resources = st.dictionaries(names, values, max_size=6).flatmap(
    lambda found: kinds.map(lambda kind: {**found, "resourceType": kind})
)


def check(answer: TestResponse) -> None:
    assert answer.status_code < 500, answer.text
    assert b"Traceback" not in answer.data
    if answer.status_code >= 400:
        assert answer.json["resourceType"] == "OperationOutcome"
        assert answer.json["issue"]


@pytest.mark.parametrize("path", ["/fhir", "/fhir/Patient", "/fhir/Patient/$validate", "/fhir/Bundle"])
@hostile
@example(body=b'{"resourceType":"Bundle","type":[]}')
@given(body=st.binary(max_size=60) | resources.map(lambda value: json.dumps(value).encode()))
def test_any_body(client: FlaskClient, path: str, body: bytes) -> None:
    check(client.post(path, data=body, headers=FHIR))


@hostile
@given(kind=st.sampled_from(["batch", "transaction"]), entries=st.lists(values, max_size=4))
def test_any_bundle(client: FlaskClient, kind: str, entries: list[Any]) -> None:
    answer = client.post("/fhir", json={"resourceType": "Bundle", "type": kind, "entry": entries}, headers=FHIR)
    check(answer)
    for entry in answer.json.get("entry", []):
        assert not entry["response"]["status"].startswith("5"), entry


requests = st.fixed_dictionaries(
    {"request": st.fixed_dictionaries({"method": st.sampled_from(["GET", "PUT", "POST", "DELETE"]), "url": words})},
    optional={"resource": resources, "fullUrl": words},
)


@hostile
@given(kind=st.sampled_from(["batch", "transaction"]), entries=st.lists(requests, max_size=4))
def test_any_requests_in_a_bundle(client: FlaskClient, kind: str, entries: list[Any]) -> None:
    test_any_bundle.hypothesis.inner_test(client, kind, entries)


@hostile
@given(names=st.lists(st.tuples(words, words), max_size=4), headers=st.dictionaries(
    st.sampled_from(["If-Match", "If-None-Match", "If-Modified-Since", "If-None-Exist", "Prefer", "Accept"]),
    st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=12),
))  # fmt: skip
def test_any_query_and_headers(client: FlaskClient, names: list[tuple[str, str]], headers: dict[str, str]) -> None:
    for path in ("/fhir/Patient", "/fhir/Patient/1", "/fhir/metadata"):
        check(client.get(path, query_string=dict(names), headers=headers))
    check(client.post("/fhir/Patient", json={"resourceType": "Patient"}, headers={**headers, **FHIR}))


@hostile
@given(path=st.text(max_size=20))
def test_any_address(client: FlaskClient, path: str) -> None:
    check(client.get("/fhir/" + path))


@hostile
@given(raw=st.binary(max_size=40))
def test_any_raw_query(client: FlaskClient, raw: bytes) -> None:
    check(client.get("/fhir/Patient", environ_overrides={"QUERY_STRING": raw.decode("latin-1")}))


@pytest.fixture(scope="module")
def valid(services: Services) -> list[dict[str, Any]]:
    """Everything that the example stories hold, as it is stored."""
    records = [record for path in STORIES for record in json.loads(path.read_text("utf-8"))]
    receipt = services.flow.submit_records(records, "a test")
    return [stored.resource for stored in receipt.stored if stored.resource]


@hostile
@given(data=st.data(), value=values)
def test_any_change_to_what_was_valid(client: FlaskClient, valid: list[Any], data: st.DataObject, value: Any) -> None:
    resource = copy.deepcopy(data.draw(st.sampled_from(valid)))
    place: Any = resource
    while True:
        key = data.draw(st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place))))
        if not place[key] or not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = value
    raw = json.dumps(resource, default=float).encode()
    for path in ("/fhir", f"/fhir/{resource['resourceType']}", f"/fhir/{resource['resourceType']}/$validate"):
        check(client.post(path, data=raw, headers=FHIR))
