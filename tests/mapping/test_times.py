"""A record's times: seconds and offset are added, and a time that can't be meant is told."""

from zoneinfo import ZoneInfo

import pytest

from fhir_iop.mapping.times import TimeFault, exists, normaliser

new_york = normaliser(ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("2026-03-02T15:04", "2026-03-02T15:04:00-05:00"),
        ("2026-07-02T15:04:05", "2026-07-02T15:04:05-04:00"),
        ("2026-07-02T15:04:05.250", "2026-07-02T15:04:05.250-04:00"),
        ("2026-03-02T15:04Z", "2026-03-02T15:04:00Z"),
        ("2026-03-02T15:04:00+05:30", "2026-03-02T15:04:00+05:30"),
        ("2028-02-29T00:00", "2028-02-29T00:00:00-05:00"),
        ("2026-03-08T01:59", "2026-03-08T01:59:00-05:00"),
        ("2026-03-08T03:00", "2026-03-08T03:00:00-04:00"),
        ("2026-11-01T00:59", "2026-11-01T00:59:00-04:00"),
        ("2026-11-01T02:00", "2026-11-01T02:00:00-05:00"),
        ("2026-11-01T01:30-04:00", "2026-11-01T01:30:00-04:00"),
    ],
)
def test_normal_form(given: str, normal: str) -> None:
    assert new_york(given) == normal
    assert new_york(normal) == normal


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ("2026-03-08T02:30", "mapping-time-skipped"),
        ("2026-11-01T01:30", "mapping-time-twice"),
        ("2026-02-30T12:00", "mapping-time-none"),
        ("2026-02-30T12:00:00Z", "mapping-time-none"),
        ("yesterday", "mapping-time-none"),
        ("2026-03-02", "mapping-time-none"),
    ],
)
def test_times_that_cannot_be_meant(given: str, rule: str) -> None:
    with pytest.raises(TimeFault) as raised:
        new_york(given)
    assert raised.value.told("/at").rule == rule
    assert raised.value.told("/at").expression == "/at"


def test_other_zones() -> None:
    assert normaliser(ZoneInfo("Asia/Kolkata"))("2026-03-02T15:04") == "2026-03-02T15:04:00+05:30"
    assert normaliser(ZoneInfo("America/St_Johns"))("2026-01-02T15:04") == "2026-01-02T15:04:00-03:30"
    with pytest.raises(TimeFault, match="mapping-time-offset"):
        normaliser(ZoneInfo("Africa/Monrovia"))("1970-01-01T12:00")


def test_days() -> None:
    for day in ("2024", "2024-11", "2024-02-29"):
        assert exists(day) == day
    with pytest.raises(TimeFault, match="mapping-date-none"):
        exists("2023-02-29")
