"""FHIR's partial dates and times: what they say, how two compare, and arithmetic that keeps their precision.

A value is text as FHIR writes it: ``2012``, ``2012-04``, ``2012-04-15T10:30:00.125+02:00``, ``10:30:00``
(https://hl7.org/fhir/R4/datatypes.html#dateTime). FHIRPath adds hours and minutes alone (``2012-04-15T10``, ``10``).
Seconds and their fraction are one precision, as FHIRPath has it (https://hl7.org/fhirpath/N1/#comparison).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from fhir_iop.fhir.remembered import remembered

_MOMENT = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d))?)?"
    r"(?P<time>T(?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d(?:\.\d+)?))?)?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?",
    re.ASCII,
)
_TIME = re.compile(r"(?P<hour>\d\d)(?::(?P<minute>\d\d)(?::(?P<second>\d\d(?:\.\d+)?))?)?", re.ASCII)
_FIELDS = ("year", "month", "day", "hour", "minute", "second")
_START = (1, 1, 1, 0, 0, 0)
# A minute of 61 seconds exists now and then, and FHIR's own pattern accepts it.
_CLOCK_ENDS = (24, 60, 61)

# How far a local time without its zone can be from UTC, in minutes (UTC-12:00 to UTC+14:00).
_WESTMOST, _EASTMOST = -12 * 60, 14 * 60
_MOST_FRACTION = 20  # digits; more say nothing about time and cost much


class Moment(NamedTuple):
    """A parsed value. ``fields`` are year, month, day, hour, minute, second as far as given (a time's start at hour).

    ``offset`` is in minutes east of UTC, None where no zone is given.
    """

    fields: tuple[int | Decimal, ...]
    offset: int | None
    is_time: bool

    @property
    def has_time(self) -> bool:
        """Whether an hour is given."""
        return self.is_time or len(self.fields) > 3


@remembered(4096)
def parse(text: str) -> Moment | None:
    """Take a date or dateTime apart, of any precision; None for other text and for dates that don't exist."""
    match = _MOMENT.fullmatch(text)
    if match is None or not _plausible(match["second"]):
        return None
    fields = _given(match, _FIELDS)
    if (match["time"] or match["zone"]) and len(fields) < 4:
        return None
    year, month, day = (*map(int, fields[:3]), 1, 1)[:3]
    exists = year >= 1 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    offset = _offset(match["zone"])
    if not exists or not _is_clock(fields[3:]) or (offset is not None and abs(offset) > _EASTMOST):
        return None
    return Moment(fields, offset, is_time=False)


@remembered(1024)
def parse_time(text: str) -> Moment | None:
    """Take a time of day apart; None for other text."""
    match = _TIME.fullmatch(text)
    if match is None or not _plausible(match["second"]):
        return None
    fields = _given(match, _FIELDS[3:])
    return Moment(fields, None, is_time=True) if _is_clock(fields) else None


def is_date(text: str) -> bool:
    """Whether ``text`` is a date that exists: year, month or day precision."""
    return len(text) <= 10 and parse(text) is not None


def is_date_time(text: str) -> bool:
    """Whether ``text`` is a date or dateTime of any precision, the FHIRPath-only ones included."""
    return parse(text) is not None


def is_time(text: str) -> bool:
    """Whether ``text`` is a time of day, hours or minutes alone included."""
    return parse_time(text) is not None


def compare(left: Moment, right: Moment) -> int | None:
    """Return -1, 0 or 1 as ``left`` lies before, at or after ``right``; None where their precision can't tell.

    Fields are compared from the year on; the first that differs decides, and a field that only one side has leaves it
    open. Zones are levelled first. Where only one side has a zone, a local time without one is somewhere in UTC-12:00
    to UTC+14:00; a date without a time has no zone to miss.
    """
    if left.offset != right.offset and left.has_time and right.has_time:
        if left.offset is None:
            return _compare_unzoned(left, right)
        if right.offset is None:
            order = _compare_unzoned(right, left)
            return order and -order
        left, right = _in_utc(left), _in_utc(right)
    if left.fields == right.fields:
        return 0
    for ours, theirs in zip(left.fields, right.fields, strict=False):
        if ours != theirs:
            return -1 if ours < theirs else 1
    return None


def same_precision(left: Moment, right: Moment) -> bool:
    """Whether both are given down to the same field."""
    return len(left.fields) == len(right.fields)


def shifted(moment: Moment, **amount: float) -> Moment | None:
    """Move a moment by a timedelta's ``days``, ``hours``, ``minutes`` …; None beyond the years 1 to 9999.

    A time of day wraps at midnight.
    """
    padded = (2000, 1, 1, *moment.fields) if moment.is_time else moment.fields
    full = (*padded, *_START[len(padded) :])
    whole, fraction = divmod(Decimal(full[5]), 1)
    micro, tail = divmod(fraction.scaleb(6), 1)
    try:
        start = datetime(*map(int, full[:5]))  # type: ignore[arg-type]  # noqa: DTZ001  local fields
        moved = start + timedelta(seconds=int(whole), microseconds=int(micro)) + timedelta(**amount)
    except OverflowError:
        return None
    fields = (*moved.timetuple()[:5], _seconds(moved.second, moved.microsecond + tail, full[5]))
    kept = fields[3:] if moment.is_time else fields
    return moment._replace(fields=kept[: len(moment.fields)])


def moved_by_months(moment: Moment, months: int) -> Moment | None:
    """Move a date by calendar months; the day becomes the month's last where the month is shorter."""
    year, month = divmod(int(moment.fields[0]) * 12 + int((*moment.fields, 1)[1]) - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    fields: list[int | Decimal] = [year, month + 1, *moment.fields[2:]]
    if len(fields) > 2:
        fields[2] = min(fields[2], monthrange(year, month + 1)[1])
    return moment._replace(fields=tuple(fields[: len(moment.fields)]))


def text_of(moment: Moment) -> str:
    """Write a moment as FHIR does, with the digits of its seconds."""
    clock = moment.fields if moment.is_time else moment.fields[3:]
    hours = ":".join(_two_digits(field) for field in clock)
    if moment.is_time:
        return hours
    day = "-".join((f"{int(moment.fields[0]):04}", *(f"{int(field):02}" for field in moment.fields[1:3])))
    return f"{day}T{hours}{_zone(moment.offset)}" if hours else day


def _given(match: re.Match[str], names: tuple[str, ...]) -> tuple[int | Decimal, ...]:
    texts = [match[name] for name in names if match[name] is not None]
    return tuple(Decimal(text) if "." in text else int(text) for text in texts)


def _plausible(second: str | None) -> bool:
    return second is None or len(second) <= _MOST_FRACTION


def _is_clock(fields: tuple[int | Decimal, ...]) -> bool:
    return all(field < end for field, end in zip(fields, _CLOCK_ENDS, strict=False))


def _offset(zone: str | None) -> int | None:
    if zone is None:
        return None
    if zone == "Z":
        return 0
    minutes = int(zone[1:3]) * 60 + int(zone[4:6])
    return -minutes if zone[0] == "-" else minutes


def _zone(offset: int | None) -> str:
    if offset is None:
        return ""
    hours, minutes = divmod(abs(offset), 60)
    return f"{'-' if offset < 0 else '+'}{hours:02}:{minutes:02}" if offset else "Z"


def _two_digits(field: int | Decimal) -> str:
    whole, dot, fraction = f"{field:f}".partition(".") if isinstance(field, Decimal) else (str(field), "", "")
    return whole.zfill(2) + dot + fraction


def _seconds(second: int, micro: Decimal, before: int | Decimal) -> int | Decimal:
    """Seconds and their microseconds, with at least the digits that they had ``before``."""
    if not micro and isinstance(before, int):
        return second
    exact = second + micro.scaleb(-6).normalize()
    digits = -before.as_tuple().exponent if isinstance(before, Decimal) else 0  # type: ignore[operator]  # finite
    return exact if -exact.as_tuple().exponent >= digits else exact.quantize(Decimal(1).scaleb(-digits))  # type: ignore[operator]


def _in_utc(moment: Moment) -> Moment:
    moved = shifted(moment, minutes=-(moment.offset or 0))
    return moment if moved is None else moved._replace(offset=0)


def _compare_unzoned(local: Moment, zoned: Moment) -> int | None:
    """Compare a local time of an unknown zone with a zoned one: only what holds in every zone is known."""
    utc = _in_utc(zoned)
    earliest, latest = shifted(local, minutes=-_EASTMOST), shifted(local, minutes=-_WESTMOST)
    if earliest is None or latest is None:
        return None
    orders = {compare(bound._replace(offset=0), utc) for bound in (earliest, latest)}
    return orders.pop() if len(orders) == 1 and 0 not in orders else None
