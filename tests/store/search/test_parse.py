"""What a client sends that can't be searched is refused, each thing by its name, and nothing is ignored."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.definitions import Definitions
from fhir_iop.errors import BadInput
from fhir_iop.settings import Settings
from fhir_iop.store import Criterion, Query, parse_query


def parse(*pairs: tuple[str, str], type_: str = "MedicationRequest", **settings: Any) -> Query:
    return parse_query(type_, pairs, Definitions.bundled(), Settings(**settings))


def refused(*pairs: tuple[str, str], type_: str = "MedicationRequest") -> list[tuple[str, str]]:
    with pytest.raises(BadInput) as caught:
        parse(*pairs, type_=type_)
    return [(issue.rule, issue.expression) for issue in caught.value.issues]


def test_what_an_ehr_asks() -> None:
    query = parse(("patient", "p1"), ("intent", "order,plan"), ("_format", "json"), ("_count", "20"))
    assert query == Query(
        "MedicationRequest", (Criterion("patient", ("p1",)), Criterion("intent", ("order", "plan"))), count=20
    )


def test_defaults_and_limits() -> None:
    assert parse().count == 50
    assert parse(page_size=7).count == 7
    assert parse(("_count", "1000"), page_limit=30).count == 30
    assert parse(page_limit=30).count == 30
    assert parse(("_sort", "-authoredon,_id")).sort == ("-authoredon", "_id")
    assert parse(("_total", "none")).total == "none"


def test_escapes_are_kept_and_only_free_commas_separate() -> None:
    assert parse(("code", r"a\,b,c\|d,e")).criteria == (Criterion("code", (r"a\,b", r"c\|d", "e")),)


def test_a_modifier_is_kept() -> None:
    assert parse(("status:not", "stopped"), ("subject:Patient", "1"), ("status:missing", "true")).criteria == (
        Criterion("status", ("stopped",), "not"),
        Criterion("subject", ("1",), "Patient"),
        Criterion("status", ("true",), "missing"),
    )


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("colour", "red", "search-unknown"),
        ("name", "x", "search-unknown"),
        ("", "x", "search-unknown"),
        ("_content", "x", "search-unsupported"),
        ("_text", "x", "search-unsupported"),
        ("_filter", "x", "search-unsupported"),
        ("patient.name", "x", "search-chained"),
        ("subject:Patient.name", "x", "search-modifier"),
        ("_has:Observation:patient:code", "x", "search-chained"),
        ("status:exact", "x", "search-modifier"),
        ("status:", "x", "search-modifier"),
        ("status:in", "http://example.org/vs", "search-modifier"),
        ("subject:Observation", "1", "search-modifier"),
        ("_id:not", "x", "search-modifier"),
        ("_id", "a\x00b", "search-value"),
        ("_id", "x" * 65, "search-value"),
        ("authoredon:missing", "maybe", "search-value"),
        ("authoredon", "soon", "search-value"),
        ("authoredon", "xx2026", "search-value"),
        ("authoredon", "2026-02-30", "search-value"),
        ("_lastUpdated", "gt", "search-value"),
        ("subject", "Patient/", "search-value"),
        ("subject", "not a reference", "search-value"),
        ("subject:Patient", "Group/1", "search-value"),
        ("code", "|", "search-value"),
        ("code", "a|b|c", "search-value"),
        ("identifier:of-type", "a|b", "search-value"),
        ("status", "active,", "search-value"),
        ("status", "", "search-empty"),
        ("_count", "-1", "search-value"),
        ("_count", "many", "search-value"),
        ("_count", "²", "search-value"),
        ("_count", "", "search-empty"),
        ("_total", "perhaps", "search-value"),
        ("_summary", "text", "search-value"),
        ("_sort", "colour", "search-unknown"),
        ("_sort", "status,,_id", "search-unknown"),
        ("_sort", "--status", "search-unknown"),
        ("_include", "MedicationRequest:subject", "search-unknown"),
        ("_cursor", "nonsense", "search-cursor"),
    ],
)
def test_what_is_refused(name: str, value: str, rule: str) -> None:
    ((found, expression),) = refused((name, value))
    assert found == rule
    assert expression.startswith("http.") or rule == "search-cursor"


def test_quantities_and_numbers_that_are_none() -> None:
    for value in ("much", "5|mg", "5|a|b|c", "NaN", "1e999", "0x1", "٣"):
        assert refused(("value-quantity", value), type_="Observation")[0][0] == "search-value"


def test_every_fault_is_told_at_once() -> None:
    rules = [rule for rule, _ in refused(("colour", "red"), ("status", ""), ("authoredon", "soon"), ("_count", "x"))]
    assert sorted(rules) == ["search-empty", "search-unknown", "search-value", "search-value"]


def test_a_misspelt_parameter_is_met_with_the_right_one() -> None:
    with pytest.raises(BadInput) as caught:
        parse(("staus", "active"))
    assert "status" in str(caught.value)


def test_what_may_be_somebodys_data_is_not_repeated() -> None:
    with pytest.raises(BadInput) as caught:
        parse(("Jane Doe, born 1980", "x"), ("authoredon", "Jane Doe"), ("Jane Doe", ""))
    assert "Jane" not in " ".join(issue.details + issue.expression for issue in caught.value.issues)


def test_controls_may_be_given_once() -> None:
    assert refused(("_count", "1"), ("_count", "2")) == [("search-twice", "http._count")]


def test_a_search_for_thousands_of_values_is_refused() -> None:
    assert parse(("_id", ",".join(map(str, range(500)))))
    assert refused(("_id", ",".join(map(str, range(501)))))[0][0] == "search-too-many"


names = st.sampled_from(
    ["status", "code", "authoredon", "patient", "subject:identifier", "_id", "_sort", "_count", "_cursor", "_profile"]
) | st.text(max_size=8)


@given(st.lists(st.tuples(names, st.text(max_size=12)), max_size=4))
def test_any_text_is_read_or_refused(pairs: list[tuple[str, str]]) -> None:
    with suppress(BadInput):
        assert parse(*pairs).type == "MedicationRequest"
