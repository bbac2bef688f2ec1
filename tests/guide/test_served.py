"""A server with the guide's examples finds them by what the guide says it can be asked, and refuses the broken ones."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from fhir_iop import app, fhirpath
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.web import fhir_endpoint
from tests.guide.conftest import GUIDE, resources
from tests.guide.test_examples import BROKEN, CONSTRAINTS, TOLD_TWICE, VALID, read
from tests.web.conftest import clock, ids, settings_in

FHIR = "application/fhir+json"
KEPT = [*map(read, VALID), *(each for each in resources() if each["resourceType"] == "Questionnaire")]
(SERVER,) = json.decode_object((GUIDE / "CapabilityStatement-iop-server.json").read_bytes())["rest"]
SEARCHES = [
    pytest.param(served["type"], parameter["name"], id=f"{served['type']}-{parameter['name']}")
    for served in SERVER["resource"]
    for parameter in served.get("searchParam", ())
]
# The endpoint labels what it takes before it looks at it, so what only lacks a label lacks nothing any more.
LABELLED = {"iop-p2-1", "iop-p2-2", "iop-bdl-4"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """An endpoint that keeps the guide's examples and questionnaires."""
    services = app.join(settings_in(tmp_path_factory.mktemp("guide")), clock=clock(), ids=ids())
    served = fhir_endpoint(services).test_client()
    for each in KEPT:
        answer = served.put(f"/fhir/{each['resourceType']}/{each['id']}", data=json.encode(each), content_type=FHIR)
        assert answer.status_code == 201, answer.get_json()
    yield served
    services.store.close()


def asked(value: Any) -> str:
    """A value as a search asks for it."""
    if isinstance(value, dict) and "coding" in value:
        value = value["coding"][0]
    if isinstance(value, dict) and "reference" in value:
        return str(value["reference"])
    if isinstance(value, dict):
        return f"{value.get('system', '')}|{value.get('code') or value['value']}"
    return str(value)


@pytest.mark.parametrize(("type_", "name"), SEARCHES)
def test_what_a_server_can_be_asked_for_is_found(client: FlaskClient, type_: str, name: str) -> None:
    definitions = Definitions.bundled()
    parameter = definitions.search_parameters(type_)[name]
    compiled = fhirpath.compile(parameter.expression, type_, definitions)
    holding = [(each, values) for each in KEPT if each["resourceType"] == type_ and (values := compiled(each))]
    assert holding, "no example has it"
    for each, values in holding:
        found = client.get(f"/fhir/{type_}?{name}={quote(asked(values[0]), safe='')}").get_json()
        assert each["id"] in {entry["resource"]["id"] for entry in found.get("entry", ())}, found


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_what_is_broken_is_refused(client: FlaskClient, path: Path) -> None:
    broken, key = read(path), path.stem
    answer = client.post(f"/fhir/{broken['resourceType']}", data=json.encode(broken), content_type=FHIR)
    if CONSTRAINTS[key] == "warning" or key in LABELLED:
        assert answer.status_code == 201
        return
    assert answer.status_code == 422
    codes = {each["details"]["coding"][0]["code"] for each in answer.get_json()["issue"] if each["severity"] == "error"}
    assert codes - TOLD_TWICE.get(key, set()) == {key}
