"""The CapabilityStatement promises what is there, and nothing else: https://hl7.org/fhir/R4/http.html#capabilities."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from fhir_iop.store import parse_query
from tests.web.conftest import BASE, Services

SAMPLES = {
    "number": "1",
    "date": "2026",
    "quantity": "1||mg",
    "reference": "Patient/p",
    "token": "x",
    "string": "x",
    "uri": "urn:x",
}


@pytest.fixture(scope="module")
def statement(client: FlaskClient) -> dict[str, Any]:
    answer = client.get("/fhir/metadata")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.json
    return told


def test_it_is_valid(statement: dict[str, Any], services: Services) -> None:
    assert not [found for found in services.validator.validate(statement) if found.is_error]


def test_it_names_this_endpoint(statement: dict[str, Any]) -> None:
    assert statement["implementation"]["url"] == BASE
    assert statement["fhirVersion"] == "4.0.1"


def test_every_type_that_it_names_answers_a_search(statement: dict[str, Any], client: FlaskClient) -> None:
    types = [resource["type"] for resource in statement["rest"][0]["resource"]]
    assert {"MedicationRequest", "CarePlan", "Task", "Provenance", "Consent"} <= set(types)
    assert "Parameters" not in types
    for type_ in types:
        assert client.get(f"/fhir/{type_}?_count=0").status_code == 200, type_


def test_every_search_parameter_that_it_names_is_taken(statement: dict[str, Any], services: Services) -> None:
    for resource in statement["rest"][0]["resource"]:
        for parameter in resource["searchParam"]:
            value = SAMPLES[parameter["type"]]
            query = parse_query(resource["type"], [(parameter["name"], value)], services.definitions, services.settings)
            services.store.search(query)


def test_its_interactions_are_the_registered_ones(statement: dict[str, Any]) -> None:
    patient = next(found for found in statement["rest"][0]["resource"] if found["type"] == "Patient")
    codes = {found["code"] for found in patient["interaction"]}
    assert codes == {"read", "vread", "update", "delete", "history-instance", "create", "search-type"}
    assert patient["conditionalCreate"] is True
    assert [found["name"] for found in patient["operation"]] == ["validate"]
    assert {found["code"] for found in statement["rest"][0]["interaction"]} == {"transaction", "batch"}


def test_another_mode_is_refused(client: FlaskClient) -> None:
    assert client.get("/fhir/metadata?mode=full").status_code == 200
    assert client.get("/fhir/metadata?mode=terminology").status_code == 400
