"""A sentence of ours read back into the structured Dosage that it was said from.

For those who keep the words of a Dosage alone (`dosageInstruction.text`): what :func:`sentence` says of ours is read
again, up to 2000 characters. A sentence is ours where what is read says it again, to the letter; nothing is guessed of
any other. Of the routes that are said alike (`on the skin`, `to the skin`, `in the nose`) the first comes back.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.dosage import DAYS, EVENTS, ROUTES, TIME_UNITS, UCUM, VERBS, Dosage, plural, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ROUTE_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration"
_LONGEST = 2000
_N = r"\d+(?:\.\d+)?"
_TIMES = {"once": 1, "twice": 2}
_CODES = {word: code for code, word in TIME_UNITS.items()}
_EVENT_CODES = {phrase: code for code, phrase in EVENTS.items()}
_DAY_CODES = {name: code for code, name in DAYS.items()}
_ROUTE_CODES = {phrase: code for code, phrase in reversed(ROUTES.items())}  # of several said alike, the first


def dosage_of(text: str, units: Mapping[str, Mapping[str, Any]]) -> Dosage | None:
    """Return the Dosage of which ``text`` is the sentence, or None where it isn't one of ours.

    ``units`` has, by the word for one of it (``tablet``), what a Quantity says of its unit (unit, system, code). What
    follows the sentence, such as `With food.`, becomes one additional instruction.
    """
    found = _pattern(frozenset(units)).fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        return None
    said = found.groupdict()
    dosage = {name: part for name, part in _parts(said, units) if part}
    return dosage if sentence(dosage) == text else None


def _parts(said: dict[str, str | None], units: Mapping[str, Mapping[str, Any]]) -> Iterable[tuple[str, Any]]:
    if said["remarks"]:
        yield "additionalInstruction", [{"text": said["remarks"]}]
    yield "timing", _timing(said)
    if said["reason"]:
        yield "asNeededCodeableConcept", {"text": said["reason"]}
    if said["route"]:
        yield "route", {"coding": [{"system": ROUTE_SYSTEM, "code": _ROUTE_CODES[said["route"]]}]}
    yield "doseAndRate", [_dose(said, units)]
    if said["most"]:
        per, unit = said["most_per"], _singular(said["most_time"] or "", TIME_UNITS.values())
        denominator = {"value": _number(per) if per else 1, "unit": unit, "system": UCUM, "code": _CODES[unit]}
        numerator = {"value": _number(said["most"]), **_unit(said["most_unit"], units)}
        yield "maxDosePerPeriod", {"numerator": numerator, "denominator": denominator}


def _dose(said: dict[str, str | None], units: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    unit = _unit(said["unit"], units)
    first = {"value": _number(said["dose"]), **unit}
    if said["dose_max"] is None:
        return {"doseQuantity": first}
    return {"doseRange": {"low": first, "high": {"value": _number(said["dose_max"]), **unit}}}


def _timing(said: dict[str, str | None]) -> dict[str, Any]:
    repeat: dict[str, Any] = {}
    if said["span"]:
        unit = _singular(said["span_unit"] or "", TIME_UNITS.values())
        repeat["boundsDuration"] = {"value": _number(said["span"]), "unit": unit, "system": UCUM, "code": _CODES[unit]}
    period = {name: day for name, day in (("start", said["start"]), ("end", said["end"])) if day}
    if period:
        repeat["boundsPeriod"] = period
    repeat |= _frequency(said)
    if said["days"]:
        repeat["dayOfWeek"] = [_DAY_CODES[name] for name in re.findall("|".join(_DAY_CODES), said["days"])]
    if said["clock"]:
        hours = re.findall(r"\d\d:\d\d(?::\d\d(?:\.\d+)?)?", said["clock"])
        repeat["timeOfDay"] = [hour if hour.count(":") == 2 else f"{hour}:00" for hour in hours]
    if said["when"]:
        repeat["when"] = [_EVENT_CODES[phrase] for phrase in re.findall(_any(_EVENT_CODES), said["when"])]
    if said["offset"]:
        repeat["offset"] = int(said["offset"]) * (60 if (said["offset_unit"] or "").startswith("hour") else 1)
    return {"repeat": repeat} if repeat else {}


def _frequency(said: dict[str, str | None]) -> dict[str, Any]:
    unit = said["each"] or said["period_unit"]
    if unit is None:
        return {}
    often = said["often"]
    found: dict[str, Any] = {"frequency": 1 if often is None else _TIMES.get(often) or int(said["times"] or 1)}
    if said["times_max"]:
        found["frequencyMax"] = int(said["times_max"])
    found["period"] = _number(said["period"]) if said["period"] else 1
    if said["period_max"]:
        found["periodMax"] = _number(said["period_max"])
    return found | {"periodUnit": _CODES[_singular(unit, TIME_UNITS.values())]}


# --- the form of a sentence ------------------------------------------------------------------------------------------


@lru_cache(8)
def _pattern(units: frozenset[str]) -> re.Pattern[str]:
    amount = _any([form for word in units for form in (word, plural(word, 2))])
    times = _any([form for word in TIME_UNITS.values() for form in (word, plural(word, 2))])
    every = rf"every (?:(?P<period>{_N})(?: to (?P<period_max>{_N}))? )?(?P<period_unit>{times})"
    often = r"(?P<often>once|twice|(?P<times>\d+)(?: to (?P<times_max>\d+))? times)"
    event, day, hour = _any(_EVENT_CODES), _any(_DAY_CODES), r"\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
    most = rf"(?P<most>{_N}) (?P<most_unit>{amount}) (?:an?|in (?P<most_per>{_N})) (?P<most_time>{times})"
    parts = [
        rf"(?:{_any([verb.capitalize() for verb in {'take', *VERBS.values()}])})",
        rf" (?P<dose>{_N})(?: to (?P<dose_max>{_N}))? (?P<unit>{amount})",
        rf"(?: (?P<route>{_any(_ROUTE_CODES)}))?",
        rf"(?: {often}(?: an? (?P<each>{times})|(?= every )))?(?: {every})?",
        rf"(?: on (?P<days>{_list(day)}))?",
        rf"(?: (?:(?P<offset>\d+) (?P<offset_unit>minutes?|hours?) )?(?P<when>{_list(event)}))?",
        rf"(?: at (?P<clock>{_list(hour)}))?",
        rf"(?: for (?P<span>{_N}) (?P<span_unit>{times}))?",
        r"(?: from (?P<start>[\d-]+))?(?: until (?P<end>[\d-]+))?",
        rf"(?: as needed for (?P<reason>.+?), at most {most})?",
        r"\.(?: (?P<remarks>.+))?",
    ]
    return re.compile("".join(parts), re.DOTALL)


def _any(words: Iterable[str]) -> str:
    """Return the pattern of one of ``words``, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _list(one: str) -> str:
    return rf"(?:{one})(?:(?:, | and )(?:{one}))*"


def _unit(word: str | None, units: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    return dict(units[_singular(word or "", units)])


def _singular(form: str, words: Iterable[str]) -> str:
    return next(word for word in words if form in {word, plural(word, 2)})


def _number(text: str | None) -> int | Decimal:
    return int(text or "") if "." not in (text or "") else Decimal(text or "")
