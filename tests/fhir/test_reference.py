"""References and canonicals taken apart."""

import pytest

from fhir_iop.fhir.reference import canonical, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Patient/p1", (None, "Patient", "p1", None)),
        ("Patient/p1/_history/3", (None, "Patient", "p1", "3")),
        ("https://ehr.example/fhir/r4/Patient/p-1.a", ("https://ehr.example/fhir/r4", "Patient", "p-1.a", None)),
        ("http://ehr.example/Patient/p1/_history/2", ("http://ehr.example", "Patient", "p1", "2")),
    ],
)
def test_restful_references(text: str, expected: tuple[str | None, str, str, str | None]) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    ["#contained", "urn:uuid:c757873d-ec9a-4326-a141-556f43239520", "Patient", "patient/p1", "Patient/", "Patient/a b",
     "Patient/p1\n", "Patient?identifier=x|y", "ftp://ehr.example/Patient/p1", "Patient/" + "a" * 65],
)  # fmt: skip
def test_other_forms_are_none(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://a/b", ("http://a/b", None)),
        ("http://a/b|1.0.0", ("http://a/b", "1.0.0")),
        ("http://a/b|1.0#part", ("http://a/b", "1.0")),
        ("http://a/b#part", ("http://a/b", None)),
    ],
)
def test_canonical(text: str, expected: tuple[str, str | None]) -> None:
    assert canonical(text) == expected
