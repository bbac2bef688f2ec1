"""POST /records: a program's own records, each kept whole or told why not."""

import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from fhir_iop import data

NDJSON = {"Content-Type": "application/x-ndjson"}
STORIES = sorted(data.folder("examples").glob("0*/records.json"))


@pytest.fixture(scope="module")
def story() -> list[dict[str, Any]]:
    records: list[dict[str, Any]] = json.loads(STORIES[0].read_text("utf-8"))
    return records


def test_a_story_is_taken_and_can_be_read_as_fhir(client: FlaskClient, story: list[dict[str, Any]]) -> None:
    answer = client.post("/records", json=story)
    assert answer.status_code == 200, answer.json
    assert (answer.json["accepted"], answer.json["refused"]) == (len(story), 0)
    for told, record in zip(answer.json["records"], story, strict=True):
        assert (told["record"], told["id"]) == (record["record"], record["id"])
        for reference in told["resources"]:
            assert client.get(f"/fhir/{reference}").status_code == 200


def test_sending_it_again_makes_nothing_twice(client: FlaskClient, story: list[dict[str, Any]]) -> None:
    first = client.post("/records", json=story).json
    total = client.get("/fhir/MedicationRequest?_summary=count").json["total"]
    assert client.post("/records", json=story).json == first
    assert client.get("/fhir/MedicationRequest?_summary=count").json["total"] == total


def test_one_bad_line_doesn_t_keep_the_others_out(client: FlaskClient, story: list[dict[str, Any]]) -> None:
    lines = [json.dumps(story[0]), "", "{", "7", json.dumps({**story[0], "id": "example-other", "bogus": 1})]
    answer = client.post("/records", data="\n".join(lines), headers=NDJSON)
    assert answer.status_code == 207
    assert [(told["place"], told["status"]) for told in answer.json["records"]] == [
        (1, "accepted"), (3, "refused"), (4, "refused"), (5, "refused"),
    ]  # fmt: skip
    assert all(told["outcome"]["issue"] for told in answer.json["records"][1:])


def test_one_record_needs_no_array(client: FlaskClient, story: list[dict[str, Any]]) -> None:
    assert client.post("/records", json=story[0]).json["accepted"] == 1


def test_a_record_that_is_refused_alone_is_an_error(client: FlaskClient) -> None:
    answer = client.post("/records", json={"record": "bogus"})
    assert (answer.status_code, answer.json["accepted"], answer.json["refused"]) == (422, 0, 1)


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"Content-Type": "application/json"}, b"[]", 400),
        ({"Content-Type": "application/json"}, b"{", 400),
        (NDJSON, b"\n\n", 400),
        ({"Content-Type": "text/csv"}, b"a,b", 415),
    ],
)
def test_a_body_that_holds_no_records_is_refused(
    client: FlaskClient, headers: dict[str, str], body: bytes, status: int
) -> None:
    answer = client.post("/records", data=body, headers=headers)
    assert (answer.status_code, answer.json["resourceType"]) == (status, "OperationOutcome")
