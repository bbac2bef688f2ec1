"""string: text, names and addresses."""

import pytest

from fhir_iop.store import Store
from tests.store.examples import put
from tests.store.search.conftest import Found


@pytest.fixture(autouse=True)
def patients(store: Store) -> None:
    put(
        store,
        {
            "resourceType": "Patient",
            "id": "jose",
            "name": [{"family": "García Márquez", "given": ["José", None, "Ma"], "prefix": ["Dr."]}],
            "address": [{"line": ["12 Elm  Street"], "city": "Springfield", "use": "home", "postalCode": "01101"}],
        },
        {"resourceType": "Patient", "id": "gar", "name": [{"family": "GAR_CIA%"}, {"text": "Strasse Test"}]},
        {"resourceType": "Patient", "id": "nameless"},
    )


TEXTS: dict[str, list[str]] = {
    "family=garcia": ["jose"],
    "family=GARC%C3%8DA+m": ["jose"],
    "family=marquez": [],
    "family:contains=MARQ": ["jose"],
    "family:contains=_": ["gar"],
    "family:contains=a%25": ["gar"],
    "family:exact=Garc%C3%ADa+M%C3%A1rquez": ["jose"],
    "family:exact=Garcia+Marquez": [],
    "family:exact=Garc%C3%ADa": [],
    "family=gar": ["gar", "jose"],
    "family=gar_": ["gar"],
    "given=jose": ["jose"],
    "given=ma&family=gar": ["jose"],
    "name=dr.": ["jose"],
    "name=STRA%C3%9FE": ["gar"],
    "name=garcia,strasse": ["gar", "jose"],
    "name:missing=true": ["nameless"],
    "address=12+elm+street": ["jose"],
    "address=home": [],
    "address-city=spring": ["jose"],
    "address-postalcode=01101": ["jose"],
}


def test_texts(found: Found) -> None:
    assert {query: found(f"Patient?{query}") for query in TEXTS} == TEXTS


def test_a_very_long_text_is_found_by_its_beginning(store: Store, found: Found) -> None:
    put(store, {"resourceType": "Patient", "id": "long", "name": [{"family": "Ł" * 5000 + "\x00"}]})
    assert found("Patient?family=" + "ł" * 300) == ["long"]
    assert found("Patient?family:exact=" + "Ł" * 5000) == ["long"]
