"""Regular expressions: what decides whether a text has one somewhere, and that real references are affordable."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.fhirpath.patterns import compiled

PATTERNS = [
    "(^|.*/)ab(ba)?/[ab.-]+.*",
    "(.*/)?a(b|bb|/)/[ab]+.*",
    ".*[/].+",
    "a*b+",
    "a{2,}b{2,3}",
    "(a|b*)/(a?|b)",
    "(^a|b)*",
    "^.*a$",
    "a+(?=b)",
    "(?!a)b*a?",
    r"\ba+",
    "(ab)+b?",
]


@pytest.mark.parametrize("pattern", PATTERNS)
@given(text=st.text("ab/.-\n", max_size=12))
def test_the_part_that_decides_is_found_where_the_whole_is(pattern: str, text: str) -> None:
    found = compiled(pattern)
    assert (found.searched.search(text) is not None) == (found.regex.search(text) is not None)


@pytest.mark.parametrize(
    "pattern",
    [
        "(^|.*/)Practitioner(Role)?/[A-Za-z0-9.-]+.*",
        "(.*/)?Practitioner(Role|Group)?/[A-Za-z0-9.-]+.*",
        ".*Practitioner/.+",
    ],
)
def test_a_long_reference_is_affordable(pattern: str) -> None:
    reference = f"https://a-server-with-a-long-name.example/{'tenant/' * 40}Practitioner/{'0' * 64}"
    assert compiled(pattern).matches(reference)
    assert not compiled(pattern).matches(reference.replace("Practitioner", "Organization"))


def test_what_is_replaced_is_all_of_it() -> None:
    assert compiled("a*b+").replaced("xaabbx", "-") == "x-x"
    assert re.search(compiled("(a)b*").regex, "abb").group() == "abb"  # type: ignore[union-attr]  # it matches
