"""reference: links to other resources."""

from collections.abc import Callable
from typing import Any

import pytest

from fhir_iop.settings import Settings
from fhir_iop.store import Store, parse_query
from tests.store.examples import order, put
from tests.store.search.conftest import Found

OWN = "https://iop.example.org/fhir"


@pytest.fixture
def store(opened: Callable[..., Store]) -> Store:
    return opened(base_url=OWN)


@pytest.fixture(autouse=True)
def orders(store: Store) -> None:
    put(
        store,
        order("local", subject={"reference": "Patient/p1"}),
        order("versioned", subject={"reference": "Patient/p1/_history/3"}),
        order("own", subject={"reference": f"{OWN}/Patient/p1"}),
        order("elsewhere", subject={"reference": "https://ehr.example.org/fhir/Patient/p1"}),
        order("group", subject={"reference": "Group/p1"}),
        order("known", subject={"identifier": {"system": "http://example.org/mrn", "value": "M-1"}}),
        order("urn", subject={"reference": "urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7"}),
        order("named", subject={"display": "somebody"}),
    )


REFERENCES: dict[str, list[str]] = {
    "subject=Patient/p1": ["local", "own", "versioned"],
    f"subject={OWN}/Patient/p1": ["local", "own", "versioned"],
    "subject=https://ehr.example.org/fhir/Patient/p1": ["elsewhere"],
    "subject=p1": ["group", "local", "own", "versioned"],
    "subject:Patient=p1": ["local", "own", "versioned"],
    "subject:Group=p1": ["group"],
    "subject:Patient=Patient/p1": ["local", "own", "versioned"],
    "patient=p1": ["local", "own", "versioned"],
    "patient=Patient/p1": ["local", "own", "versioned"],
    "patient=Patient/p1,Patient/p2": ["local", "own", "versioned"],
    "patient=https://ehr.example.org/fhir/Patient/p1": ["elsewhere"],
    "patient=Patient/P1": [],
    "subject=urn:uuid:53fefa32-fcbb-4ff8-8a92-55ee120877b7": ["urn"],
    "subject:identifier=http://example.org/mrn|M-1": ["known"],
    "subject:identifier=M-2": [],
    "subject:missing=true": [],
    "encounter:missing=true&subject=Group/p1": ["group"],
}


def test_references(found: Found) -> None:
    assert {query: found(f"MedicationRequest?{query}") for query in REFERENCES} == REFERENCES


def test_an_ehr_asks_for_a_patients_orders(store: Store, found: Found) -> None:
    put(store, order("plan", intent="plan"), order("proposal", intent="proposal"))
    assert found("MedicationRequest?patient=p1&intent=order,plan") == ["local", "own", "plan", "versioned"]


def test_canonicals(store: Store, found: Found) -> None:
    def response(id_: str, canonical: str) -> dict[str, Any]:
        return {"resourceType": "QuestionnaireResponse", "id": id_, "status": "completed", "questionnaire": canonical}

    phq9 = "https://example.org/fhir/iop/Questionnaire/phq-9"
    put(store, response("new", f"{phq9}|2.0"), response("old", f"{phq9}|1.0"), response("any", phq9))
    assert found(f"QuestionnaireResponse?questionnaire={phq9}") == ["any", "new", "old"]
    assert found(f"QuestionnaireResponse?questionnaire={phq9}|2.0") == ["new"]
    assert found(f"QuestionnaireResponse?questionnaire={phq9}|3.0") == []


def test_without_an_address_of_its_own_every_url_is_elsewhere(opened: Callable[..., Store], definitions: Any) -> None:
    query = parse_query("MedicationRequest", [("subject", f"{OWN}/Patient/p1")], definitions, Settings())
    assert [stored.id for stored in opened().search(query).matches] == ["own"]
