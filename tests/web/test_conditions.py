"""Conditions read against a version: https://hl7.org/fhir/R4/http.html#versions, RFC 9110 section 13."""

import pytest

from fhir_iop.errors import BadInput
from fhir_iop.store.contract import Stored
from fhir_iop.web.conditions import expected_version, last_modified, unchanged
from fhir_iop.web.exchange import Ask

STORED = Stored("Patient", "p", 3, "2026-03-01T12:00:00.500000Z", {"resourceType": "Patient", "id": "p"})


@pytest.mark.parametrize(("header", "version"), [(None, None), ('W/"3"', 3), ('"12"', 12), (' W/"7" ', 7)])
def test_if_match_names_a_version(header: str | None, version: int | None) -> None:
    assert expected_version(header) == version


@pytest.mark.parametrize(
    "header", ["", "*", "3", "W/3", 'W/"x"', 'W/"1", W/"2"', 'W/"-1"', 'W/"0"', 'W/"' + "9" * 40 + '"']
)
def test_a_condition_that_is_not_understood_is_refused(header: str) -> None:
    with pytest.raises(BadInput):
        expected_version(header)


@pytest.mark.parametrize("header", ['W/"3"', '"3"', "*", 'W/"2", W/"3"'])
def test_a_client_that_has_this_version_is_told_so(header: str) -> None:
    assert unchanged(Ask(if_none_match=header), STORED)


@pytest.mark.parametrize("header", ['W/"2"', "", "nonsense"])
def test_a_client_that_has_another_version_gets_this_one(header: str) -> None:
    assert not unchanged(Ask(if_none_match=header), STORED)


def test_a_date_counts_where_there_is_no_etag() -> None:
    assert unchanged(Ask(if_modified_since="Sun, 01 Mar 2026 12:00:00 GMT"), STORED)
    assert not unchanged(Ask(if_modified_since="Sun, 01 Mar 2026 11:59:59 GMT"), STORED)
    assert not unchanged(Ask(if_modified_since="yesterday"), STORED)
    assert not unchanged(Ask(if_none_match='W/"2"', if_modified_since="Sun, 01 Mar 2026 12:00:00 GMT"), STORED)


def test_last_modified_is_an_http_date() -> None:
    assert last_modified(STORED) == "Sun, 01 Mar 2026 12:00:00 GMT"
