"""Whatever text a client sends, it is searched for or refused; no database ever stumbles over it."""

from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fhir_iop.errors import BadInput
from fhir_iop.settings import Settings
from fhir_iop.store import Store, parse_query
from tests.store.examples import order, put

SIGNS = st.sampled_from(
    ["\x00", "%", "_", "'", '"', "\\", "|", ",", "$", "é", "\U0010ffff", "\ud7ff", "a", "1", "-", "/"]
)
TEXTS = st.text(SIGNS, min_size=1, max_size=12) | st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
NAMES = [
    *("_id", "_lastUpdated", "_profile", "_profile:below", "_profile:above", "_security:not", "_sort", "_cursor"),
    *("authoredon", "code", "identifier:of-type", "patient", "subject:identifier", "subject:Patient", "status:missing"),
]


@given(st.lists(st.tuples(st.sampled_from(NAMES), TEXTS), min_size=1, max_size=3))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_orders_by_any_text(store: Store, definitions: Any, pairs: list[tuple[str, str]]) -> None:
    with suppress(BadInput):
        store.search(parse_query("MedicationRequest", pairs, definitions, Settings()))


@given(st.sampled_from(["name", "name:contains", "name:exact", "address", "telecom", "birthdate"]), TEXTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_patients_by_any_text(store: Store, definitions: Any, name: str, text: str) -> None:
    with suppress(BadInput):
        store.search(parse_query("Patient", [(name, text)], definitions, Settings()))


@given(TEXTS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_stored_and_found_by_itself(store: Store, definitions: Any, text: str) -> None:
    put(store, order(identifier=[{"system": text, "value": text}], note=[{"text": text}]))
    escaped = text
    for sign in "\\,|$":
        escaped = escaped.replace(sign, "\\" + sign)
    query = parse_query("MedicationRequest", [("identifier", f"{escaped}|{escaped}")], definitions, Settings())
    assert [stored.id for stored in store.search(query).matches] == ["rx-1"]
    assert (store.read("MedicationRequest", "rx-1").resource or {})["note"] == [{"text": text}]
