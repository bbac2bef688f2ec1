"""Which values the primitive types have."""

import base64
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.validation.primitives import FORMATS, LONGEST_STRING

GOOD = {
    "date": ["1990", "1990-12", "2024-02-29", "2000-02-29", "0001-01-01"],
    "dateTime": ["1990", "2024-02-29T00:00:00Z", "2024-02-28T23:59:60.123456789+14:00"],
    "instant": ["2024-02-29T00:00:00.000-05:00"],
    "time": ["00:00:00", "23:59:60.5"],
    "code": ["a", "a b", "a-b/c"],
    "id": ["a", "A-1.b", "x" * 64],
    "uri": ["urn:oid:1.2.3", "urn:uuid:0d0e3b6a-3f0c-4f1e-9f1e-0123456789ab", "https://example.org/ä", "x"],
    "oid": ["urn:oid:2.16.840"],
    "uuid": ["urn:uuid:0d0e3b6a-3f0c-4f1e-9f1e-0123456789ab"],
    "string": ["ä\n\t\r", " a ", "x" * LONGEST_STRING],
    "base64Binary": ["SGVsbG8=", "SGVs\nbG8=", "AAAA"],
    "integer": [0, -(2**31), 2**31 - 1],
    "unsignedInt": [0, 2**31 - 1],
    "positiveInt": [1, 2**31 - 1],
}
BAD = {
    "date": [
        "2026-02-30",
        "2023-02-29",
        "1900-02-29",
        "0000",
        "1990-13",
        "1990-04-31",
        "90",
        "1990-1-1",
        "1990-01-01T",
    ],
    "dateTime": [
        "1990-01-01T10:00Z",
        "1990-01-01T10:00:00",
        "1990-01-01T24:00:00Z",
        "1990-01-01T10:60:00Z",
        "1990-01-01T10:00:00+14:01",
        "1990-01T10:00:00Z",
        "2023-02-29T10:00:00Z",
        "1990-01-01\n",
    ],
    "instant": ["2024-02-29", "2024-02-29T00:00:00"],
    "time": ["24:00:00", "10:00", "10:00:61"],
    "code": [" a", "a ", "a  b", "\u00a0a"],
    "id": ["", "x" * 65, "a_b", "ä", "a\n"],
    "uri": ["a b", "urn:oid:3.1", "urn:uuid:0D0E3B6A-3F0C-4F1E-9F1E-0123456789AB", "a\n"],
    "oid": ["1.2.3", "urn:oid:1.02"],
    "uuid": ["0d0e3b6a-3f0c-4f1e-9f1e-0123456789ab"],
    "string": ["a\x00", "\x1f", "x" * (LONGEST_STRING + 1)],
    "base64Binary": ["SGVsbG8", "====", "A===", " ", "SGVs*bG8="],
    "integer": [2**31, -(2**31) - 1],
    "unsignedInt": [-1, 2**31],
    "positiveInt": [0],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_a_value_of_the_type(name: str, value: object) -> None:
    assert FORMATS[name](value)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values])
def test_not_a_value_of_the_type(name: str, value: object) -> None:
    assert not FORMATS[name](value)


@given(st.dates())
def test_every_day_of_the_calendar_is_a_date(day: date) -> None:
    assert FORMATS["date"](day.isoformat())


@given(st.integers(1, 9999), st.integers(1, 12), st.integers(1, 31))
def test_only_days_of_the_calendar_are_dates(year: int, month: int, day: int) -> None:
    try:
        date(year, month, day)
        exists = True
    except ValueError:
        exists = False
    assert FORMATS["date"](f"{year:04}-{month:02}-{day:02}") is exists


@given(st.datetimes(), st.integers(-839, 839))
def test_every_moment_is_a_date_time(moment: datetime, minutes: int) -> None:
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    text = f"{moment.replace(tzinfo=UTC).isoformat()[:-6]}{sign}{hours:02}:{rest:02}"
    assert FORMATS["instant"](text)
    assert FORMATS["dateTime"](text)


@given(st.timedeltas(timedelta(0), timedelta(hours=23, minutes=59)))
def test_every_time_of_day_is_a_time(since_midnight: timedelta) -> None:
    assert FORMATS["time"]((datetime(2000, 1, 1, tzinfo=UTC) + since_midnight).time().isoformat())


@given(st.binary(min_size=1))
def test_everything_encoded_is_base64(content: bytes) -> None:
    assert FORMATS["base64Binary"](base64.b64encode(content).decode())
