"""Formats asked for and sent: https://hl7.org/fhir/R4/http.html#mime-type."""

import pytest
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from fhir_iop.web.errors import NotAcceptable, WrongContent
from fhir_iop.web.negotiation import answer_type, check_body_type


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("", "application/fhir+json"),
        ("*/*", "application/fhir+json"),
        ("application/fhir+json", "application/fhir+json"),
        ("application/fhir+json; fhirVersion=4.0", "application/fhir+json"),
        ("application/json", "application/json"),
        ("text/json", "text/json"),
        ("APPLICATION/FHIR+JSON", "application/fhir+json"),
        ("application/fhir+xml, application/json;q=0.9", "application/json"),
        ("application/json;q=0.5, application/fhir+json;q=0.9", "application/fhir+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/fhir+json"),
    ],
)
def test_the_answer_is_in_what_the_client_likes_best(accept: str, answered: str) -> None:
    assert answer_type(parse_accept_header(accept, MIMEAccept), []) == answered


@pytest.mark.parametrize(
    "accept",
    [
        "application/fhir+xml",
        "text/html",
        "application/fhir+json; fhirVersion=3.0",
        "application/fhir+json;q=0",
        "image/*, text/turtle",
    ],
)
def test_what_is_not_spoken_is_not_acceptable(accept: str) -> None:
    with pytest.raises(NotAcceptable):
        answer_type(parse_accept_header(accept, MIMEAccept), [])


@pytest.mark.parametrize("written", ["json", "application/json", "application/fhir+json", "application/fhir json"])
def test_format_counts_before_the_header(written: str) -> None:
    assert answer_type([("application/fhir+xml", 1)], [written]).endswith("json")


@pytest.mark.parametrize("written", ["xml", "html", "", "application/fhir+json; fhirVersion=5.0", "ttl"])
def test_a_format_that_is_not_spoken_is_refused_whatever_the_header_says(written: str) -> None:
    with pytest.raises(NotAcceptable):
        answer_type([("application/fhir+json", 1)], [written])


@pytest.mark.parametrize(
    "content_type",
    [
        "application/fhir+json",
        "application/json",
        "text/json",
        "application/fhir+json; charset=UTF-8",
        'application/fhir+json; charset="utf-8"; fhirVersion=4.0',
    ],
)
def test_a_body_of_fhir_json_is_read(content_type: str) -> None:
    check_body_type(content_type)


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/fhir+xml",
        "application/json; charset=iso-8859-1",
        "application/fhir+json; fhirVersion=3.0",
        "application/x-www-form-urlencoded",
        "application/json-patch+json",
        "multipart/form-data; boundary=x",
    ],
)
def test_any_other_body_is_wrong_content(content_type: str | None) -> None:
    with pytest.raises(WrongContent):
        check_body_type(content_type)
