"""Points in time as the tables keep them: microseconds since 1970 in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Return an aware datetime as microseconds since 1970."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return microseconds since 1970 as an aware datetime in UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def to_instant(micros: int) -> str:
    """Return microseconds since 1970 as a FHIR ``instant`` in UTC, always with six digits of a second."""
    return from_micros(micros).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
