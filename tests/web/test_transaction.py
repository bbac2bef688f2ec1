"""batch and transaction: https://hl7.org/fhir/R4/http.html#transaction, #trules."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.conftest import BASE, Services

FHIR = {"Content-Type": "application/fhir+json"}
PATIENT_URN = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"


def entry(method: str, url: str, resource: dict[str, Any] | None = None, /, **rest: Any) -> dict[str, Any]:
    """One entry; ``full_url`` and the request's conditions by name."""
    full_url = rest.pop("full_url", None)
    told: dict[str, Any] = {"request": {"method": method, "url": url, **rest}}
    if resource is not None:
        told["resource"] = resource
    return told if full_url is None else {"fullUrl": full_url, **told}


def send(client: FlaskClient, *entries: Any, kind: str = "transaction", prefer: str = "") -> TestResponse:
    bundle = {"resourceType": "Bundle", "type": kind, "entry": list(entries)}
    headers = {**FHIR, "Prefer": prefer} if prefer else FHIR
    return client.post("/fhir", json=bundle, headers=headers)


def rules(outcome: dict[str, Any]) -> list[str]:
    assert outcome["resourceType"] == "OperationOutcome"
    return [told["details"]["coding"][0]["code"] for told in outcome["issue"]]


def statuses(answer: TestResponse) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [told["response"]["status"] for told in answer.json["entry"]]


def location(answer: TestResponse, index: int) -> str:
    """``type/id`` of what an entry wrote."""
    where: str = answer.json["entry"][index]["response"]["location"]
    return where.removeprefix(f"{BASE}/").partition("/_history")[0]


def patient(**elements: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "active": True, **elements}


def observation(subject: str, **elements: Any) -> dict[str, Any]:
    code = {"text": "mood"}
    return {
        "resourceType": "Observation", "status": "final", "code": code, "subject": {"reference": subject}, **elements,
    }  # fmt: skip


class TestTransaction:
    def test_resources_find_each_other_under_their_new_ids(self, client: FlaskClient) -> None:
        answer = send(
            client,
            entry("POST", "Observation", observation(PATIENT_URN)),
            entry("POST", "Patient", patient(), full_url=PATIENT_URN),
        )
        assert answer.json["type"] == "transaction-response"
        assert statuses(answer) == ["201 Created", "201 Created"]
        stored = client.get(f"/fhir/{location(answer, 0)}").json
        assert stored["subject"]["reference"] == location(answer, 1)

    def test_the_answer_is_a_valid_bundle(self, client: FlaskClient, services: Services) -> None:
        for prefer in ("return=minimal", "return=representation", "return=OperationOutcome"):
            answer = send(client, entry("POST", "Patient", patient()), entry("GET", "Patient?_count=1"), prefer=prefer)
            assert not [found for found in services.validator.validate(answer.json) if found.is_error]

    def test_a_relative_reference_is_resolved_by_its_entry_s_address(self, client: FlaskClient) -> None:
        answer = send(
            client,
            entry("POST", "Patient", patient(), full_url="http://elsewhere.example/fhir/Patient/77"),
            entry(
                "POST", "Observation", observation("Patient/77"), full_url="http://elsewhere.example/fhir/Observation/1"
            ),
            entry("POST", "Observation", observation("http://elsewhere.example/fhir/Patient/77")),
            entry("POST", "Observation", observation("Patient/77"), full_url="http://third.example/fhir/Observation/1"),
        )
        subjects = [client.get(f"/fhir/{location(answer, at)}").json["subject"]["reference"] for at in (1, 2, 3)]
        assert subjects == [location(answer, 0), location(answer, 0), "Patient/77"]

    def test_nothing_is_kept_where_one_resource_is_wrong(self, client: FlaskClient) -> None:
        before = client.get("/fhir/Patient?_summary=count").json["total"]
        answer = send(
            client,
            entry("POST", "Patient", patient()),
            entry("POST", "Patient", patient(birthDate="2026-02-30")),
            entry("PUT", "Patient/all-or-nothing", patient(id="all-or-nothing")),
        )
        assert answer.status_code == 422
        places = [place for told in answer.json["issue"] for place in told.get("expression", [])]
        assert "Bundle.entry[1].resource.birthDate" in places
        assert client.get("/fhir/Patient?_summary=count").json["total"] == before

    def test_a_version_that_moved_on_stops_all(self, client: FlaskClient) -> None:
        send(client, entry("PUT", "Patient/moved", patient(id="moved")))
        answer = send(
            client,
            entry("PUT", "Patient/beside", patient(id="beside")),
            entry("PUT", "Patient/moved", patient(id="moved", gender="other"), ifMatch='W/"7"'),
        )
        assert answer.status_code == 412
        assert client.get("/fhir/Patient/beside").status_code == 404

    def test_deletions_come_first_and_readings_last(self, client: FlaskClient) -> None:
        send(client, entry("PUT", "Patient/old", patient(id="old")))
        answer = send(
            client,
            entry("GET", "Patient/new"),
            entry("PUT", "Patient/new", patient(id="new")),
            entry("DELETE", "Patient/old"),
            entry("GET", "Patient/old"),
            entry("DELETE", "Patient/never"),
        )
        assert statuses(answer) == ["200 OK", "201 Created", "204 No Content", "410 Gone", "204 No Content"]
        assert answer.json["entry"][0]["resource"]["id"] == "new"

    def test_what_is_there_already_is_referred_to(self, client: FlaskClient) -> None:
        identifier = [{"system": "http://program.example/pt", "value": "conditional"}]
        one = entry(
            "POST", "Patient", patient(identifier=identifier), full_url=PATIENT_URN,
            ifNoneExist="identifier=http://program.example/pt|conditional",
        )  # fmt: skip
        first = send(client, one, entry("POST", "Observation", observation(PATIENT_URN)))
        again = send(client, one, entry("POST", "Observation", observation(PATIENT_URN)))
        assert (statuses(first), statuses(again)) == (["201 Created"] * 2, ["200 OK", "201 Created"])
        stored = client.get(f"/fhir/{location(again, 1)}").json
        assert stored["subject"]["reference"] == location(first, 0)

    def test_a_conditional_reference_is_resolved(self, client: FlaskClient) -> None:
        identifier = [{"system": "http://program.example/pt", "value": "named"}]
        send(client, entry("PUT", "Patient/named", patient(id="named", identifier=identifier)))
        criteria = "Patient?identifier=http://program.example/pt|named"
        answer = send(client, entry("POST", "Observation", observation(criteria)))
        assert client.get(f"/fhir/{location(answer, 0)}").json["subject"]["reference"] == "Patient/named"

    def test_an_identifier_spelt_like_a_full_url_stays(self, client: FlaskClient) -> None:
        identifier = [{"system": "urn:ietf:rfc:3986", "value": PATIENT_URN}]
        answer = send(client, entry("POST", "Patient", patient(identifier=identifier), full_url=PATIENT_URN))
        assert client.get(f"/fhir/{location(answer, 0)}").json["identifier"] == identifier

    def test_an_empty_one_is_answered_with_nothing(self, client: FlaskClient) -> None:
        answer = client.post("/fhir/", json={"resourceType": "Bundle", "type": "transaction"}, headers=FHIR)
        assert (answer.status_code, answer.json) == (200, {"resourceType": "Bundle", "type": "transaction-response"})

    @pytest.mark.parametrize(
        ("entries", "rule"),
        [
            ([entry("PUT", "Patient/t", patient(id="t")), entry("DELETE", "Patient/t")], "bundle-target-twice"),
            (
                [entry("PUT", "Patient/t", patient(id="t")), entry("PUT", "Patient/t", patient(id="t"))],
                "bundle-target-twice",
            ),
            ([entry("POST", "Patient", patient(), full_url="urn:uuid:1")] * 2, "bundle-full-url-twice"),
            ([entry("POST", "Observation", observation("urn:uuid:nowhere"))], "bundle-reference"),
            ([entry("POST", "Observation", observation("Patient?identifier=nobody|x"))], "bundle-no-match"),
            ([entry("POST", "", {"resourceType": "Bundle", "type": "batch"})], "bundle-nested"),
            ([entry("POST", "Bogus", {"resourceType": "Bogus"})], "web-type-unknown"),
            ([entry("PATCH", "Patient/t")], "web-method"),
            ([entry("GET", "http://elsewhere.example/Patient/1")], "web-address"),
            ([entry("PUT", "Patient/t", patient(id="u"))], "web-id-mismatch"),
            ([{}], "bundle-entry"),
        ],
    )
    def test_what_can_t_be_is_refused_whole(self, client: FlaskClient, entries: list[Any], rule: str) -> None:
        answer = send(client, entry("PUT", "Patient/refused-whole", patient(id="refused-whole")), *entries)
        assert 400 <= answer.status_code < 500
        assert rule in rules(answer.json)
        assert client.get("/fhir/Patient/refused-whole").status_code == 404

    @pytest.mark.parametrize(
        "body", [patient(), {"resourceType": "Bundle"}, {"resourceType": "Bundle", "type": ["batch"]}]
    )
    def test_only_a_batch_or_transaction_is_sent_to_the_base(self, client: FlaskClient, body: dict[str, Any]) -> None:
        answer = client.post("/fhir", json=body, headers=FHIR)
        assert (answer.status_code, rules(answer.json)) == (400, ["bundle-type"])


class TestBatch:
    def test_each_entry_stands_alone(self, client: FlaskClient) -> None:
        answer = send(
            client,
            entry("PUT", "Patient/in-batch", patient(id="in-batch")),
            entry("POST", "Patient", patient(birthDate="2026-02-30")),
            entry("GET", "Patient/in-batch"),
            entry("HEAD", "Patient/in-batch"),
            entry("GET", "Patient?_id=in-batch"),
            entry("GET", "Patient/nobody"),
            entry("GET", "Patient/in-batch", ifNoneMatch='W/"1"'),
            entry("POST", "Patient/$validate", patient(birthDate="2026-02-30")),
            "nonsense",
            kind="batch",
        )
        assert answer.json["type"] == "batch-response"
        assert [status[:3] for status in statuses(answer)] == [
            "201", "422", "200", "200", "200", "404", "304", "200", "400",
        ]  # fmt: skip
        assert rules(answer.json["entry"][8]["response"]["outcome"]) == ["bundle-entry"]
        assert answer.json["entry"][4]["resource"]["type"] == "searchset"
        assert answer.json["entry"][7]["resource"]["resourceType"] == "OperationOutcome"
