"""Times as records give them: with an offset, or local to the program."""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from fhir_iop.issue import Issue, issue

if TYPE_CHECKING:
    from collections.abc import Callable
    from zoneinfo import ZoneInfo

_FORM = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d(?:\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)
_REMEMBERED = 4096


class TimeFault(ValueError):
    """A time that can't be said in FHIR: the rule that it breaks, and the program's zone."""

    def __init__(self, rule: str, zone: str) -> None:
        super().__init__(rule)
        self.rule = rule
        self.zone = zone

    def told(self, pointer: str) -> Issue:
        """Return the finding for the record's field at ``pointer``."""
        return issue(self.rule, pointer, zone=self.zone)


def normaliser(zone: ZoneInfo) -> Callable[[str], str]:
    """Return the function that gives a record's time seconds and an offset, as FHIR's dateTime and instant need them.

    A time without an offset is taken as local to ``zone``. The function raises TimeFault for a day that doesn't exist,
    and for a local time that the change of the clocks skips or repeats: guessing would move a dose by an hour.
    """

    @lru_cache(_REMEMBERED)
    def normal(text: str) -> str:
        found = _FORM.fullmatch(text)
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            found = None
        if found is None:
            raise TimeFault("mapping-time-none", zone.key)
        minutes, seconds, offset = found.groups()
        return f"{minutes}{seconds or ':00'}{offset or _offset(moment, zone)}"

    return normal


def _offset(local: datetime, zone: ZoneInfo) -> str:
    before = local.replace(tzinfo=zone, fold=0).utcoffset()
    after = local.replace(tzinfo=zone, fold=1).utcoffset()
    if before is None or after is None or before != after:
        skipped = before is None or after is None or before < after
        raise TimeFault("mapping-time-skipped" if skipped else "mapping-time-twice", zone.key)
    minutes, seconds = divmod(int(before.total_seconds()), 60)
    if seconds:  # zones before standard time, which FHIR can't write
        raise TimeFault("mapping-time-offset", zone.key)
    hours, minutes = divmod(abs(minutes), 60)
    return f"{'-' if before.days < 0 else '+'}{hours:02}:{minutes:02}"


def exists(day: str) -> str:
    """Return ``day`` (a year, a month or a day). Raises TimeFault where there is no such day."""
    try:
        datetime.fromisoformat(day if len(day) == 10 else (day + "-01-01")[:10])
    except ValueError:
        raise TimeFault("mapping-date-none", "") from None
    return day
