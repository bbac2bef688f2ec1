"""date: dates, times and periods (https://hl7.org/fhir/R4/search.html#date).

A value covers all the time that its precision leaves open: ``2026-03`` the whole month. What names no zone is taken in
the site's. A period without start or end is open there; of a Timing, its first and last event or its bounds count.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import date as fhir_date
from fhir_iop.store.instants import to_micros
from fhir_iop.store.schema import date_index
from fhir_iop.store.search.interval import TESTS, Range, prefixed
from fhir_iop.store.search.kind import Malformed, Match, Row

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import tzinfo

    import sqlalchemy as sa

    from fhir_iop.fhirpath import TypedValue
    from fhir_iop.store.search.parameters import Parameter
    from fhir_iop.store.search.site import Site

table = date_index
modifiers: frozenset[str] = frozenset()
sorts_by = (table.c.low, table.c.high)

_SECOND = 1_000_000
_DAY = 86_400 * _SECOND

# Before and after every time that a date can name, in whatever zone.
BEGINNING = to_micros(datetime.min.replace(tzinfo=UTC)) - 2 * _DAY
END = to_micros(datetime.max.replace(tzinfo=UTC)) + 2 * _DAY

# "ap" widens by a tenth of the time between the value and now, as the standard proposes.
_APPROXIMATELY = 10


def rows(parameter: str, value: TypedValue, site: Site) -> Iterator[Row]:
    """Make a row for a date, a period or a timing."""
    if isinstance(value.value, str):
        found = covered(value.value, site.time_zone)
    elif value.type == "Period":
        found = _period(value.value, site.time_zone)
    elif value.type == "Timing":
        found = _timing(value.value, site.time_zone)
    else:
        found = None
    if found is not None:
        yield Row(table, parameter, found._asdict())


def match(parameter: Parameter, _modifier: str | None, value: str, site: Site) -> Match:
    """Test for a date."""
    return Match(table, parameter.name, test(value, table.c.low, table.c.high, site))


def test(value: str, low: sa.ColumnElement[int], high: sa.ColumnElement[int], site: Site) -> sa.ColumnElement[bool]:
    """Test a stored range for ``[prefix][date]``."""
    prefix, text = prefixed(value)
    asked = covered(text, site.time_zone)
    if asked is None:
        raise Malformed("a date such as 2026-03-01 or 2026-03-01T08:30:00Z, after eq, ne, gt, lt, ge, le, sa, eb or ap")
    if prefix == "ap":
        leeway = abs(to_micros(site.clock()) - asked.low) // _APPROXIMATELY
        asked = Range(asked.low - leeway, asked.high + leeway)
    return TESTS[prefix](low, high, asked)


def covered(text: str, zone: tzinfo) -> Range | None:
    """Return the first and the last microsecond of a date or time at its precision; None for other text."""
    moment = fhir_date.parse(text)
    if moment is None:
        return None
    here = zone if moment.offset is None else timezone(timedelta(minutes=moment.offset))
    precision = len(moment.fields)
    year, month, day, hour, minute = map(int, (*moment.fields, *(1, 1, 1, 0, 0)[precision:])[:5])
    start = to_micros(datetime(year, month, day, hour, minute, tzinfo=here))
    if precision > 3:
        seconds = moment.fields[5] if precision > 5 else 0
        low = start + int(seconds * _SECOND)
        return Range(low, low + _length(precision, seconds) - 1)
    try:
        if precision == 3:
            following = datetime(year, month, day, tzinfo=here) + timedelta(days=1)
        elif precision == 2:
            following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=here)
        else:
            following = datetime(year + 1, 1, 1, tzinfo=here)
    except (ValueError, OverflowError):  # the year after 9999
        return Range(start, END)
    return Range(start, to_micros(following) - 1)


def _length(precision: int, seconds: int | Decimal) -> int:
    """Return the microseconds that an hour, a minute, a second or a fraction of a second covers."""
    if precision == 4:
        return 3600 * _SECOND
    if precision == 5:
        return 60 * _SECOND
    exponent = seconds.as_tuple().exponent if isinstance(seconds, Decimal) else 0
    return max(1, _SECOND // int(10 ** -int(exponent)))


def _period(period: dict[str, Any], zone: tzinfo) -> Range | None:
    start = covered(period["start"], zone) if "start" in period else Range(BEGINNING, BEGINNING)
    end = covered(period["end"], zone) if "end" in period else Range(END, END)
    return Range(start.low, end.high) if start and end else None


def _timing(timing: dict[str, Any], zone: tzinfo) -> Range | None:
    events = [covered(event, zone) for event in timing.get("event", ()) if event]
    bounds = timing.get("repeat", {}).get("boundsPeriod")
    outer = [each for each in (*events, _period(bounds, zone) if bounds else None) if each]
    return Range(min(each.low for each in outer), max(each.high for each in outer)) if outer else None
