"""date: dates, times and periods, at their precision and in their zone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.settings import Settings
from fhir_iop.store import Store, parse_query
from fhir_iop.store.instants import to_micros
from fhir_iop.store.search.date import covered
from tests.store.examples import order, put
from tests.store.search.conftest import Found

NEW_YORK = ZoneInfo("America/New_York")


def care(id_: str, **period: str) -> dict[str, Any]:
    return {"resourceType": "CarePlan", "id": id_, "status": "active", "intent": "plan", "period": period}


DATES: dict[str, list[str]] = {
    "2026-03-14": ["day", "evening", "noon"],
    "2026-03-14T12:30": ["noon"],
    "2026-03-14T12:30:15Z": ["noon"],
    "2026-03-14T07:30:15-05:00": ["noon"],
    "2026-03-14T12:31": [],
    "2026-03": ["day", "evening", "month", "noon"],
    "2026": ["day", "evening", "month", "next", "noon"],
    "ne2026-03-14": ["month", "next"],
    "gt2026-03-14": ["month", "next"],
    "ge2026-03-14": ["day", "evening", "month", "next", "noon"],
    "gt2026-03-14T12:30:15Z": ["day", "evening", "month", "next"],
    "lt2026-03-14": ["month"],
    "le2026-03-14": ["day", "evening", "month", "noon"],
    "sa2026-03-14": ["next"],
    "eb2026-03-15": ["day", "evening", "noon"],
    "eb2026-04": ["day", "evening", "month", "noon"],
}


def test_dates(store: Store, found: Found) -> None:
    put(
        store,
        order("noon", authoredOn="2026-03-14T12:30:15.250Z"),
        order("evening", authoredOn="2026-03-14T19:00:00-04:00"),
        order("day", authoredOn="2026-03-14"),
        order("month", authoredOn="2026-03"),
        order("next", authoredOn="2026-04-01T00:00:00Z"),
    )
    assert {value: found(f"MedicationRequest?authoredon={value}") for value in DATES} == DATES


PERIODS: dict[str, list[str]] = {
    "2026-03-14": ["within"],
    "2026": ["march", "within"],
    "gt2026-03-20": ["march", "open", "since"],
    "lt2026-03-14": ["march", "open", "until"],
    "sa2026-02": ["march", "since", "within"],
    "eb2026-03-31": ["until", "within"],
    "ge2026-03-31": ["open", "since"],
    "ap2026-03-14": ["march", "open", "since", "until", "within"],
}


def test_periods(store: Store, found: Found) -> None:
    put(
        store,
        care("within", start="2026-03-14T09:00:00Z", end="2026-03-14T12:00:00Z"),
        care("march", start="2026-03-01", end="2026-03-31"),
        care("since", start="2026-03-14"),
        care("until", end="2026-03-14"),
        care("open", start="2020"),
    )
    assert {value: found(f"CarePlan?date={value}") for value in PERIODS} == PERIODS


def test_days_are_those_of_the_sites_zone(opened: Callable[..., Store], definitions: Any) -> None:
    store = opened(time_zone=NEW_YORK)
    put(store, order("late", authoredOn="2026-03-15T02:00:00Z"), order("day", authoredOn="2026-03-14"))

    def ids(value: str) -> list[str]:
        query = parse_query("MedicationRequest", [("authoredon", value)], definitions, Settings())
        return sorted(stored.id for stored in store.search(query).matches)

    assert ids("2026-03-14") == ["day", "late"]
    assert ids("2026-03-15") == []
    assert ids("2026-03-15T02:00Z") == ["late"]
    assert ids("2026-03-14T22:00") == ["late"]


def test_when_it_was_last_updated(store: Store, found: Found, clock: Any) -> None:
    put(store, order("first"))
    clock.move(hours=1)
    put(store, order("second"))
    assert found("MedicationRequest?_lastUpdated=2026-03-01") == ["first", "second"]
    assert found("MedicationRequest?_lastUpdated=gt2026-03-01T12:00:00Z") == ["second"]
    assert found("MedicationRequest?_lastUpdated=ge2026-03-01T12:00:00Z&_lastUpdated=lt2026-03-01T12:30:00Z") == [
        "first"
    ]
    assert found("MedicationRequest?_lastUpdated=lt2026-03-01T12:00:00Z") == []


def test_timings(store: Store, found: Found) -> None:
    def timed(id_: str, **timing: Any) -> dict[str, Any]:
        return {"resourceType": "Observation", "id": id_, "status": "final", "effectiveTiming": timing}

    put(
        store,
        timed("events", event=["2026-03-01T08:00:00Z", "2026-03-03T08:00:00Z"]),
        timed("bounds", repeat={"boundsPeriod": {"start": "2026-05-01", "end": "2026-05-31"}}),
        timed("code", code={"text": "twice a day"}),
    )
    assert found("Observation?date=2026-03") == ["events"]
    assert found("Observation?date=gt2026-03-02T00:00:00Z") == ["bounds", "events"]
    assert found("Observation?date=2026-05") == ["bounds"]


days = st.dates(date(2, 1, 1), date(9998, 12, 31))
zones = st.sampled_from([UTC, NEW_YORK, ZoneInfo("Asia/Kolkata"), ZoneInfo("Pacific/Auckland")])


@given(days, zones)
def test_a_day_is_covered_from_midnight_to_midnight(day: date, zone: Any) -> None:
    found = covered(day.isoformat(), zone)
    assert found is not None
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    following = day + timedelta(days=1)
    assert found.low == to_micros(midnight)
    assert found.high == to_micros(datetime(following.year, following.month, following.day, tzinfo=zone)) - 1


@given(days, zones)
def test_days_make_up_months_and_months_years(day: date, zone: Any) -> None:
    month, year = (covered(day.isoformat()[:length], zone) for length in (7, 4))
    first, last = day.replace(day=1), (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    opening, closing = covered(first.isoformat(), zone), covered(last.isoformat(), zone)
    assert None not in {month, year, opening, closing}
    assert (month.low, month.high) == (opening.low, closing.high)
    assert year.low <= month.low <= month.high <= year.high


@given(st.datetimes(timezones=st.just(UTC)), zones, st.integers(0, 6))
def test_a_time_is_covered_to_its_last_digit(at: datetime, zone: Any, digits: int) -> None:
    text = at.strftime("%H:%M:%S.%f")[: 8 + digits + bool(digits)]
    found = covered(f"{at.date().isoformat()}T{text}Z", zone)
    assert found is not None
    assert found.low <= to_micros(at) <= found.high
    assert found.high - found.low == 10 ** (6 - digits) - 1


@pytest.mark.parametrize(
    "text", ["", "26", "2026-13", "2026-02-30", "2026-03-01T25:00Z", "yesterday", "2026-3-1", "0000"]
)
def test_what_is_no_date(text: str) -> None:
    assert covered(text, UTC) is None


@pytest.mark.parametrize(
    "text", ["0001", "0001-01-01", "9999", "9999-12", "9999-12-31", "9999-12-31T23:59:59.9999999Z"]
)
@pytest.mark.parametrize("zone", [UTC, NEW_YORK, ZoneInfo("Pacific/Auckland")])
def test_the_ends_of_time(text: str, zone: Any) -> None:
    found = covered(text, zone)
    assert found is not None
    assert found.low <= found.high
