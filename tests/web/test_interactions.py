"""Each interaction over Flask's client, the paragraph it implements beside it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fhir_iop.web import fhir_endpoint
from tests.web.conftest import BASE, Services

FHIR = {"Content-Type": "application/fhir+json"}
PATIENT = {"resourceType": "Patient", "active": True}
WRONG = {"resourceType": "Patient", "birthDate": "2026-02-30"}


def put(client: FlaskClient, id_: str, /, **elements: Any) -> TestResponse:
    headers = {name.replace("_", "-"): elements.pop(name) for name in list(elements) if name[0].isupper()}
    resource = {**PATIENT, "id": id_, **elements}
    return client.put(f"/fhir/Patient/{id_}", json=resource, headers={**FHIR, **headers})


def parameters(*given: Any) -> dict[str, Any]:
    return {"resourceType": "Parameters", "parameter": list(given)}


def rules(answer: TestResponse) -> list[str]:
    assert answer.json["resourceType"] == "OperationOutcome"
    return [told["details"]["coding"][0]["code"] for told in answer.json["issue"]]


class TestRead:
    """https://hl7.org/fhir/R4/http.html#read, #cread."""

    def test_a_resource_is_answered_with_its_version_and_time(self, client: FlaskClient) -> None:
        put(client, "read-1")
        answer = client.get("/fhir/Patient/read-1")
        assert answer.status_code == 200
        assert answer.headers["ETag"] == 'W/"1"'
        assert answer.headers["Last-Modified"].endswith("GMT")
        assert answer.content_type.startswith("application/fhir+json")
        assert answer.json["meta"]["versionId"] == "1"

    def test_a_client_that_has_it_gets_no_copy(self, client: FlaskClient) -> None:
        put(client, "read-2")
        answer = client.get("/fhir/Patient/read-2", headers={"If-None-Match": 'W/"1"'})
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (304, b"", 'W/"1"')

    def test_what_never_was_is_not_found(self, client: FlaskClient) -> None:
        answer = client.get("/fhir/Patient/nobody")
        assert answer.status_code == 404
        assert rules(answer)

    def test_head_is_get_without_a_body(self, client: FlaskClient) -> None:
        put(client, "read-3")
        answer = client.head("/fhir/Patient/read-3")
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (200, b"", 'W/"1"')

    def test_decimals_keep_their_digits(self, client: FlaskClient) -> None:
        raw = (
            b'{"resourceType":"Observation","id":"exact","status":"final","code":{"text":"dose"},'
            b'"valueQuantity":{"value":1.10,"unit":"mg"}}'
        )
        assert client.put("/fhir/Observation/exact", data=raw, headers=FHIR).status_code == 201
        assert b'"value":1.10' in client.get("/fhir/Observation/exact").data

    def test_pretty_is_for_people(self, client: FlaskClient) -> None:
        put(client, "read-4")
        assert b'\n  "resourceType"' in client.get("/fhir/Patient/read-4?_pretty=true").data


class TestVread:
    """https://hl7.org/fhir/R4/http.html#vread."""

    def test_every_version_stays_readable(self, client: FlaskClient) -> None:
        put(client, "vread-1", active=True)
        put(client, "vread-1", active=False)
        first, second = (client.get(f"/fhir/Patient/vread-1/_history/{version}") for version in (1, 2))
        assert (first.json["active"], second.json["active"]) == (True, False)
        assert first.headers["ETag"] == 'W/"1"'

    @pytest.mark.parametrize("version", ["3", "0", "x", "-1", "1.0", "9" * 30, "²"])
    def test_a_version_that_never_was_is_not_found(self, client: FlaskClient, version: str) -> None:
        put(client, "vread-2")
        assert client.get(f"/fhir/Patient/vread-2/_history/{version}").status_code == 404


class TestCreate:
    """https://hl7.org/fhir/R4/http.html#create, #ccreate."""

    def test_the_server_gives_the_id(self, client: FlaskClient) -> None:
        answer = client.post("/fhir/Patient", json={**PATIENT, "id": "mine"}, headers=FHIR)
        id_ = answer.json["id"]
        assert answer.status_code == 201
        assert id_ != "mine"
        assert answer.headers["Location"] == f"{BASE}/Patient/{id_}/_history/1"
        assert client.get(f"/fhir/Patient/{id_}").json == answer.json

    @pytest.mark.parametrize("prefer", ["return=minimal", "return=OperationOutcome", "return=representation"])
    def test_the_client_says_what_it_wants_back(self, client: FlaskClient, prefer: str) -> None:
        answer = client.post("/fhir/Patient", json=PATIENT, headers={**FHIR, "Prefer": prefer})
        assert answer.status_code == 201
        kinds = {"return=OperationOutcome": "OperationOutcome", "return=representation": "Patient"}
        assert (answer.json["resourceType"] if answer.data else None) == kinds.get(prefer)

    def test_what_is_there_already_is_not_created_again(self, client: FlaskClient) -> None:
        resource = {**PATIENT, "identifier": [{"system": "http://program.example/pt", "value": "once"}]}
        headers = {**FHIR, "If-None-Exist": "identifier=http://program.example/pt|once"}
        first = client.post("/fhir/Patient", json=resource, headers=headers)
        again = client.post("/fhir/Patient", json=resource, headers=headers)
        assert (first.status_code, again.status_code) == (201, 200)
        assert again.json == first.json
        assert again.headers["Location"] == first.headers["Location"]

    def test_a_condition_that_several_meet_is_refused(self, client: FlaskClient) -> None:
        resource = {**PATIENT, "identifier": [{"system": "http://program.example/pt", "value": "twins"}]}
        for id_ in ("twin-1", "twin-2"):
            client.put(f"/fhir/Patient/{id_}", json={**resource, "id": id_}, headers=FHIR)
        headers = {**FHIR, "If-None-Exist": "identifier=http://program.example/pt|twins"}
        answer = client.post("/fhir/Patient", json=resource, headers=headers)
        assert (answer.status_code, rules(answer)) == (412, ["web-several-match"])

    def test_a_deleted_match_doesn_t_stand_in_the_way(self, client: FlaskClient) -> None:
        resource = {**PATIENT, "identifier": [{"system": "http://program.example/pt", "value": "back"}]}
        headers = {**FHIR, "If-None-Exist": "identifier=http://program.example/pt|back"}
        first = client.post("/fhir/Patient", json=resource, headers=headers).json["id"]
        client.delete(f"/fhir/Patient/{first}")
        second = client.post("/fhir/Patient", json=resource, headers=headers)
        assert second.status_code == 201
        assert second.json["id"] != first

    def test_of_many_at_the_same_moment_one_creates(self, services: Services) -> None:
        resource = {**PATIENT, "identifier": [{"system": "http://program.example/pt", "value": "race"}]}
        headers = {**FHIR, "If-None-Exist": "identifier=http://program.example/pt|race"}
        endpoint = fhir_endpoint(services)

        def create(_: int) -> int:
            return endpoint.test_client().post("/fhir/Patient", json=resource, headers=headers).status_code

        with ThreadPoolExecutor(8) as pool:
            statuses = Counter(pool.map(create, range(16)))
        assert statuses[201] == 1
        assert set(statuses) <= {200, 201, 409}
        found = endpoint.test_client().get("/fhir/Patient?identifier=http://program.example/pt|race").json
        assert found["total"] == 1

    @pytest.mark.parametrize("condition", ["", "identifier=", "bogus=1", "&&&", "_count=1", "_sort=_id"])
    def test_a_condition_that_says_nothing_is_refused(self, client: FlaskClient, condition: str) -> None:
        answer = client.post("/fhir/Patient", json=PATIENT, headers={**FHIR, "If-None-Exist": condition})
        assert answer.status_code == 400
        assert rules(answer)


class TestUpdate:
    """https://hl7.org/fhir/R4/http.html#update, #concurrency."""

    def test_a_new_version_replaces_the_old(self, client: FlaskClient) -> None:
        assert put(client, "update-1").status_code == 201
        answer = put(client, "update-1", active=False)
        assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"2"')

    def test_saying_it_again_makes_no_version(self, client: FlaskClient) -> None:
        put(client, "update-2")
        answer = put(client, "update-2")
        assert (answer.status_code, answer.headers["ETag"]) == (200, 'W/"1"')

    def test_a_version_that_moved_on_is_not_overwritten(self, client: FlaskClient) -> None:
        put(client, "update-3")
        assert put(client, "update-3", active=False, If_Match='W/"1"').status_code == 200
        answer = put(client, "update-3", gender="other", If_Match='W/"1"')
        assert answer.status_code == 412
        assert rules(answer)
        assert client.get("/fhir/Patient/update-3").json["active"] is False

    @pytest.mark.parametrize("id_", [None, "other", 7])
    def test_the_body_has_the_id_of_the_address(self, client: FlaskClient, id_: Any) -> None:
        answer = client.put("/fhir/Patient/update-4", json={**PATIENT, "id": id_}, headers=FHIR)
        assert (answer.status_code, rules(answer)) == (400, ["web-id-mismatch"])

    def test_the_body_has_the_type_of_the_address(self, client: FlaskClient) -> None:
        answer = client.put("/fhir/Observation/update-5", json={**PATIENT, "id": "update-5"}, headers=FHIR)
        assert (answer.status_code, rules(answer)) == (400, ["web-type-mismatch"])


class TestDelete:
    """https://hl7.org/fhir/R4/http.html#delete."""

    def test_what_is_deleted_is_gone_and_its_versions_stay(self, client: FlaskClient) -> None:
        put(client, "delete-1")
        answer = client.delete("/fhir/Patient/delete-1")
        assert (answer.status_code, answer.data, answer.headers["ETag"]) == (204, b"", 'W/"2"')
        assert client.get("/fhir/Patient/delete-1").status_code == 410
        assert client.get("/fhir/Patient/delete-1/_history/1").status_code == 200
        assert client.get("/fhir/Patient/delete-1/_history/2").status_code == 410
        assert client.get("/fhir/Patient?_id=delete-1").json["total"] == 0

    def test_it_is_audited(self, client: FlaskClient, services: Services) -> None:
        put(client, "delete-2")
        client.delete("/fhir/Patient/delete-2")
        assert [record.agent for _, record in services.store.audit("Patient/delete-2")] == ["anonymous", "anonymous"]

    def test_deleting_nothing_is_done_already(self, client: FlaskClient) -> None:
        assert client.delete("/fhir/Patient/never-there").status_code == 204

    def test_a_version_that_moved_on_is_not_deleted(self, client: FlaskClient) -> None:
        put(client, "delete-3")
        assert client.delete("/fhir/Patient/delete-3", headers={"If-Match": 'W/"9"'}).status_code == 412
        assert client.get("/fhir/Patient/delete-3").status_code == 200

    def test_what_was_deleted_can_come_back(self, client: FlaskClient) -> None:
        put(client, "delete-4")
        client.delete("/fhir/Patient/delete-4")
        assert put(client, "delete-4").headers["ETag"] == 'W/"3"'
        assert client.get("/fhir/Patient/delete-4").status_code == 200


class TestHistory:
    """https://hl7.org/fhir/R4/http.html#history."""

    def test_all_versions_are_told_newest_first(self, client: FlaskClient, services: Services) -> None:
        put(client, "history-1")
        put(client, "history-1", active=False)
        client.delete("/fhir/Patient/history-1")
        bundle = client.get("/fhir/Patient/history-1/_history").json
        assert (bundle["type"], bundle["total"]) == ("history", 3)
        assert [entry["request"]["method"] for entry in bundle["entry"]] == ["DELETE", "PUT", "PUT"]
        assert [entry["response"]["etag"] for entry in bundle["entry"]] == ['W/"3"', 'W/"2"', 'W/"1"']
        assert "resource" not in bundle["entry"][0]
        assert not [found for found in services.validator.validate(bundle) if found.is_error]

    def test_what_never_was_has_no_history(self, client: FlaskClient) -> None:
        assert client.get("/fhir/Patient/nobody/_history").status_code == 404


@pytest.fixture(scope="module")
def family(client: FlaskClient) -> None:
    for number in range(5):
        put(client, f"search-{number}", identifier=[{"system": "http://program.example/family", "value": "f"}])


@pytest.mark.usefixtures("family")
class TestSearch:
    """https://hl7.org/fhir/R4/http.html#search."""

    def test_matches_come_in_a_searchset(self, client: FlaskClient, services: Services) -> None:
        bundle = client.get("/fhir/Patient?_id=search-1").json
        assert (bundle["type"], bundle["total"]) == ("searchset", 1)
        assert bundle["link"] == [{"relation": "self", "url": f"{BASE}/Patient?_id=search-1"}]
        (entry,) = bundle["entry"]
        assert entry["fullUrl"] == f"{BASE}/Patient/search-1"
        assert entry["search"] == {"mode": "match"}
        assert not [found for found in services.validator.validate(bundle) if found.is_error]

    def test_nothing_found_is_an_empty_searchset(self, client: FlaskClient) -> None:
        bundle = client.get("/fhir/Patient?_id=nobody").json
        assert bundle["total"] == 0
        assert "entry" not in bundle

    def test_a_form_is_searched_for_as_an_address_is(self, client: FlaskClient) -> None:
        answer = client.post("/fhir/Patient/_search?_count=2", data={"identifier": "http://program.example/family|f"})
        assert (answer.status_code, answer.json["total"], len(answer.json["entry"])) == (200, 5, 2)

    def test_pages_follow_each_other_to_the_end(self, client: FlaskClient) -> None:
        url = f"{BASE}/Patient?identifier=http://program.example/family|f&_count=2"
        seen: list[str] = []
        for _ in range(10):
            bundle = client.get(url.removeprefix("http://fhir.example")).json
            seen += [entry["resource"]["id"] for entry in bundle["entry"]]
            following = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
            if not following:
                break
            (url,) = following
            assert url.startswith(BASE)
        assert sorted(seen) == [f"search-{number}" for number in range(5)]

    @pytest.mark.parametrize(
        "query", ["bogus=1", "identifier:bogus=x", "_lastUpdated=yesterday", "_count=x", "_count=-1", "_cursor=x"]
    )
    def test_what_is_not_understood_is_refused(self, client: FlaskClient, query: str) -> None:
        answer = client.get(f"/fhir/Patient?{query}")
        assert answer.status_code == 400, answer.json
        assert rules(answer)

    def test_a_query_that_is_not_utf_8_is_refused(self, client: FlaskClient) -> None:
        answer = client.get("/fhir/Patient?identifier=%ff%fe")
        assert (answer.status_code, rules(answer)) == (400, ["web-query"])


class TestValidate:
    """https://hl7.org/fhir/R4/resource-operation-validate.html."""

    def test_what_is_wrong_is_told_with_status_200(self, client: FlaskClient) -> None:
        answer = client.post("/fhir/Patient/$validate", json=WRONG, headers=FHIR)
        assert answer.status_code == 200
        assert "Patient.birthDate" in [place for told in answer.json["issue"] for place in told.get("expression", [])]

    def test_a_resource_that_is_right_has_no_error(self, client: FlaskClient) -> None:
        answer = client.post("/fhir/Patient/$validate", json=PATIENT, headers=FHIR)
        assert {told["severity"] for told in answer.json["issue"]}.isdisjoint({"error", "fatal"})

    def test_the_resource_comes_as_a_parameter_too(self, client: FlaskClient) -> None:
        profile = "http://profiles.example/none"
        given = [{"name": "resource", "resource": WRONG}, {"name": "profile", "valueUri": profile}]
        answer = client.post("/fhir/Patient/$validate", json=parameters(*given), headers=FHIR)
        assert answer.status_code == 200
        assert profile in answer.text
        assert "Patient.birthDate" in answer.text

    def test_a_name_that_comes_twice_is_found(self, client: FlaskClient) -> None:
        raw = b'{"resourceType":"Patient","active":true,"active":false}'
        answer = client.post("/fhir/Patient/$validate", data=raw, headers=FHIR)
        assert "error" in {told["severity"] for told in answer.json["issue"]}

    def test_what_is_stored_is_checked_at_its_own_address(self, client: FlaskClient) -> None:
        put(client, "validate-1")
        for answer in (
            client.get("/fhir/Patient/validate-1/$validate"),
            client.post("/fhir/Patient/validate-1/$validate?mode=profile&profile=http://profiles.example/none"),
            client.post("/fhir/Patient/validate-1/$validate?mode=delete"),
        ):
            assert (answer.status_code, answer.json["resourceType"]) == (200, "OperationOutcome")
        assert client.get("/fhir/Patient/nobody/$validate").status_code == 404

    def test_an_update_is_checked_against_its_address(self, client: FlaskClient) -> None:
        answer = client.post("/fhir/Patient/validate-2/$validate", json={**PATIENT, "id": "other"}, headers=FHIR)
        assert answer.status_code == 200
        assert rules(answer)[0] == "web-id-mismatch"

    @pytest.mark.parametrize(
        ("query", "body", "rule"),
        [
            ("?mode=destroy", PATIENT, "validate-mode"),
            ("?mode=create&mode=update", PATIENT, "validate-mode"),
            ("?profil=x", PATIENT, "web-parameter"),
            ("", parameters(), "validate-nothing"),
            ("", parameters({"name": "profil", "valueUri": "x"}), "validate-parameter"),
            ("", parameters({"name": "mode", "valueUri": "x"}), "validate-parameter"),
            ("", parameters(1, None, {}), "validate-parameter"),
            ("", {"resourceType": "Observation"}, "web-type-mismatch"),
        ],
    )
    def test_the_operation_s_own_input_must_be_right(
        self, client: FlaskClient, query: str, body: dict[str, Any], rule: str
    ) -> None:
        answer = client.post(f"/fhir/Patient/$validate{query}", json=body, headers=FHIR)
        assert (answer.status_code, rules(answer)) == (400, [rule])
