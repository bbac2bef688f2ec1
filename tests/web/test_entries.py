"""Reading a Bundle's entries: https://hl7.org/fhir/R4/bundle.html#Bundle.entry."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.errors import BadInput
from fhir_iop.web.entries import Entry, entries_of, entry_of

BASE = "http://fhir.example/fhir"
NAMES = ["request", "method", "url", "resource", "fullUrl", "ifMatch"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


def test_an_entry_is_read() -> None:
    resource = {"resourceType": "Patient"}
    value = {
        "fullUrl": "urn:uuid:1",
        "resource": resource,
        "request": {"method": "POST", "url": "Patient", "ifNoneExist": "identifier=a|b"},
    }
    assert entry_of(2, value, BASE) == Entry(
        2, "POST", "/Patient", "", resource, "urn:uuid:1", {"ifNoneExist": "identifier=a|b"}
    )


@pytest.mark.parametrize(
    ("url", "path", "query"),
    [
        ("Patient/1", "/Patient/1", ""),
        ("/Patient/1", "/Patient/1", ""),
        (f"{BASE}/Patient/1", "/Patient/1", ""),
        ("MedicationRequest?patient=1&intent=order", "/MedicationRequest", "patient=1&intent=order"),
        ("Patient/1/_history/2", "/Patient/1/_history/2", ""),
        ("http://elsewhere.example/Patient/1", "/http://elsewhere.example/Patient/1", ""),
    ],
)
def test_a_url_is_read_below_the_base(url: str, path: str, query: str) -> None:
    entry = entry_of(0, {"request": {"method": "GET", "url": url}}, BASE)
    assert (entry.path, entry.query) == (path, query)


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"request": {}},
        {"request": {"method": "GET"}},
        {"request": {"method": "get", "url": "Patient/1"}},
        {"request": {"method": "GET", "url": 1}},
        {"request": {"method": "POST", "url": "Patient"}, "resource": []},
        {"request": {"method": "POST", "url": "Patient"}, "fullUrl": {}},
        {"request": {"method": "PUT", "url": "Patient/1", "ifMatch": 3}},
    ],
)
def test_what_is_no_entry_is_refused_with_its_place(value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        entry_of(3, value, BASE)
    assert refused.value.issues[0].expression.startswith("Bundle.entry[3]")


def test_entries_that_are_no_array_are_refused() -> None:
    with pytest.raises(BadInput):
        entries_of({"entry": {}})


@given(json_values)
def test_anything_is_read_or_refused(value: Any) -> None:
    try:
        entry = entry_of(0, value, BASE)
    except BadInput:
        return
    assert entry.path.startswith("/")
