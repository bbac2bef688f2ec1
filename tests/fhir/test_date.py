"""Partial dates and times: what exists, how two compare, and arithmetic."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.fhir.date import (
    compare,
    is_date,
    is_date_time,
    is_time,
    moved_by_months,
    parse,
    parse_time,
    shifted,
    text_of,
)

MOMENTS = st.builds(
    lambda moment, offset: moment.replace(tzinfo=timezone(timedelta(minutes=offset))),
    st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 31)),  # noqa: DTZ001  the zone is added above
    st.integers(-12 * 60, 14 * 60),
)


@pytest.mark.parametrize("text", ["2012", "2012-04", "2012-04-15", "2024-02-29"])
def test_dates(text: str) -> None:
    assert is_date(text)
    assert is_date_time(text)
    assert text_of(parse(text)) == text


@pytest.mark.parametrize(
    "text", ["2012-04-15T10", "2012-04-15T10:30", "2012-04-15T10:30:00.125+02:00", "2016-12-31T23:59:60Z"]
)
def test_times_of_a_day(text: str) -> None:
    assert is_date_time(text)
    assert not is_date(text)
    assert text_of(parse(text)) == text


@pytest.mark.parametrize(
    "text",
    ["", "12", "2012-13", "2012-00", "0000", "2023-02-29", "2012-4", "2012T10", "2012-04-15Z", "2012-04-15T24:00",
     "2012-04-15T10:60",
     "2012-04-15T", "2012-04-15T10:30:61", "2012-04-15T10:00:00+25:00", "2012-04-15\n",
     "٢٠١٢", "2012-04-15T10:00:00." + "1" * 99],
)  # fmt: skip
def test_what_does_not_exist(text: str) -> None:
    assert parse(text) is None


def test_times() -> None:
    assert all(map(is_time, ["10", "10:30", "10:30:59.123"]))
    assert not any(map(is_time, ["", "24", "10:30Z", "1:30", "T10"]))


@pytest.mark.parametrize(
    ("left", "right", "order"),
    [
        ("2012", "2013", -1),
        ("2012", "2012", 0),
        ("2012", "2012-04", None),
        ("2012-03-31", "2012-04", -1),
        ("2012-04-15T10:30:00Z", "2012-04-15T10:30:00.000Z", 0),
        ("2012-04-15T10:30Z", "2012-04-15T10:30:00Z", None),
        ("2012-04-15T15:00:00+02:00", "2012-04-15T16:00:00+03:00", 0),
        ("2012-04-15T15:00:00+02:00", "2012-04-15T16:00:00+02:30", -1),
        ("2012-04-15T15:00:00Z", "2012-04-15T10:00:00", None),
        ("2012-04-15T00:00:00Z", "2012-04-15T13:59:59", None),
        ("2012-04-15T00:00:00Z", "2012-04-15T14:00:01", -1),
        ("2012-04-15", "2012-04-16T00:30:00Z", -1),
        ("2012-04-15", "2012-04-15T00:30:00Z", None),
    ],
)
def test_comparison(left: str, right: str, order: int | None) -> None:
    assert compare(parse(left), parse(right)) == order
    assert compare(parse(right), parse(left)) == (None if order is None else -order)


def test_times_compare() -> None:
    assert compare(parse_time("10:30"), parse_time("10:30:00")) is None
    assert compare(parse_time("10:30:00"), parse_time("10:30:00.0")) == 0


@given(MOMENTS, MOMENTS)
def test_whole_moments_compare_as_time_does(left: datetime, right: datetime) -> None:
    order = (left > right) - (left < right)
    assert compare(parse(left.isoformat()), parse(right.isoformat())) == order


@given(MOMENTS, st.integers(-(10**7), 10**7))
def test_shifting_is_pythons(moment: datetime, seconds: int) -> None:
    moved = shifted(parse(moment.isoformat()), seconds=seconds)
    assert moved is not None
    assert datetime.fromisoformat(text_of(moved)).astimezone(UTC) == (moment + timedelta(seconds=seconds)).astimezone(
        UTC
    )


@pytest.mark.parametrize(
    ("text", "amount", "moved"),
    [
        ("1973-12-25T00:00:00.000+10:00", {"milliseconds": 10}, "1973-12-25T00:00:00.010+10:00"),
        ("2012-12-31T23:59:59.9999999Z", {"seconds": 1}, "2013-01-01T00:00:00.9999999Z"),
        ("2016-12-31T23:59:60Z", {"seconds": 0}, "2017-01-01T00:00:00Z"),
        ("2012-04-15", {"days": 20}, "2012-05-05"),
    ],
)
def test_shifting_keeps_what_was_given(text: str, amount: dict[str, int], moved: str) -> None:
    assert text_of(shifted(parse(text), **amount)) == moved


def test_a_time_wraps_and_a_date_ends() -> None:
    assert text_of(shifted(parse_time("23:30"), hours=1)) == "00:30"
    assert shifted(parse("9999-12-31"), days=1) is None
    assert moved_by_months(parse("9999-12-31"), 1) is None


@pytest.mark.parametrize(
    ("text", "months", "moved"),
    [
        ("2012-01-31", 1, "2012-02-29"),
        ("2013-01-31", 1, "2013-02-28"),
        ("2012-03-31", -13, "2011-02-28"),
        ("2012-11", 3, "2013-02"),
    ],
)
def test_months(text: str, months: int, moved: str) -> None:
    assert text_of(moved_by_months(parse(text), months)) == moved
