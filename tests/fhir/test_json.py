"""The JSON door: digits kept, costs bounded, one kind of exception."""

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.errors import BadInput
from fhir_iop.fhir import json

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.text() | DECIMALS,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    again = json.decode(json.encode(value))
    assert again == value
    assert json.encode(again) == json.encode(value)


@pytest.mark.parametrize("text", ["1.10", "0.50", "100.0", "1.0E+2", "-0.00", "3.141592653589793238"])
def test_a_decimal_keeps_its_digits(text: str) -> None:
    value = json.decode(text)
    assert isinstance(value, Decimal)
    assert str(json.encode(value), "ascii") == text


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"", "json-malformed"),
        (b'{"a": 1', "json-malformed"),
        (b'{"a": NaN}', "json-malformed"),
        (b'{"a": "\xff"}', "json-malformed"),
        (b'{"a": "\\ud800"}', "json-malformed"),
        (b'{"a": 1}}', "json-malformed"),
        (b"<Patient/>", "json-malformed"),
        (b"1e99999999", "json-number"),
        (b"0." + b"1" * 5000, "json-number"),
        (b"[" * 100_000, "json-depth"),
        (b'{"a":' * 100_000, "json-depth"),
    ],
)
def test_bad_input_is_one_kind_of_exception(raw: bytes, rule: str) -> None:
    with pytest.raises(BadInput) as caught:
        json.decode(raw)
    assert [found.rule for found in caught.value.issues] == [rule]


@given(st.binary())
def test_no_bytes_get_past_the_door_unrefused(raw: bytes) -> None:
    with suppress(BadInput):
        json.encode(json.decode(raw))


@pytest.mark.parametrize("raw", [b"[]", b'"text"', b"3", b"null", b"true"])
def test_a_resource_is_an_object(raw: bytes) -> None:
    with pytest.raises(BadInput) as caught:
        json.decode_object(raw)
    assert caught.value.issues[0].rule == "json-not-object"


def test_pretty_is_the_same_content_with_a_final_newline() -> None:
    value = {"a": [1, Decimal("0.50")], "b": {"c": "ü"}}
    written = json.pretty(value)
    assert written.endswith(b"}\n")
    assert b"0.50" in written
    assert json.decode(written) == value
