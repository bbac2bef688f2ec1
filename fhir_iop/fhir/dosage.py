"""How a medicine is taken, said in a sentence from a structured Dosage (https://hl7.org/fhir/R4/dosage.html).

The sentence is for a patient and a pharmacist to read; what can't be said in it is never guessed. Its parts stand in
the order of :func:`sentence`, one function each, and each is empty where the Dosage says nothing of it.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

Dosage = dict[str, Any]


def sentence(dosage: Dosage) -> str:
    """Say one Dosage, as in `Take 1 film under the tongue twice a day for 7 days`.

    ``dosage.text`` isn't looked at. A Dosage that holds nothing structured gives the empty string.
    """
    said = _clause(dosage)
    remarks = [_full_stop(remark) for remark in (*_advice(dosage), dosage.get("patientInstruction", "")) if remark]
    return " ".join([*([_capital(said) + "."] if said else []), *remarks])


def instructions(dosages: list[Dosage]) -> str:
    """Say several: steps of one sequence follow each other with `then`, those of one number go on together."""
    ordered = sorted(enumerate(dosages), key=lambda each: (each[1].get("sequence") or each[0] + 1, each[0]))
    steps = [
        [dosage for _, dosage in together]
        for _, together in groupby(ordered, key=lambda each: each[1].get("sequence") or each[0] + 1)
    ]
    clauses = [_joined([_clause(dosage) for dosage in together if _clause(dosage)]) for together in steps]
    said = ", then ".join(clause for clause in clauses if clause)
    remarks = dict.fromkeys(_full_stop(remark) for dosage in dosages for remark in _advice(dosage))
    return " ".join([*([_capital(said) + "."] if said else []), *remarks])


def _clause(dosage: Dosage) -> str:
    repeat = (dosage.get("timing") or {}).get("repeat") or {}
    parts = (
        _dose(dosage),
        _rate(dosage),
        _route(dosage),
        _site(dosage),
        _frequency(repeat),
        _code(dosage),
        _days(repeat),
        _when(repeat),
        _clock(repeat),
        _events(dosage),
        _lasting(repeat),
        _bounds(repeat),
        _count(repeat),
        _as_needed(dosage),
    )
    said = [part for part in parts if part]
    if not said:
        return ""
    return ", ".join([" ".join([_verb(dosage), *said]), *_limits(dosage)])


# --- what is done ----------------------------------------------------------------------------------------------------

VERBS = {
    "IM": "inject",
    "IMD": "inject",
    "SQ": "inject",
    "NASAL": "use",
    "NASINHL": "use",
    "TRNSDERM": "apply",
    "TRNSDERMD": "apply",
    "TOPICAL": "apply",
    "SKIN": "apply",
    "BUC": "place",
}


def _verb(dosage: Dosage) -> str:
    method = _words(dosage.get("method"))
    return method.lower() if method else VERBS.get(_route_code(dosage), "take")


# --- how much --------------------------------------------------------------------------------------------------------


def _dose(dosage: Dosage) -> str:
    for part in dosage.get("doseAndRate", ()):
        if "doseQuantity" in part:
            return _quantity(part["doseQuantity"])
        if "doseRange" in part:
            return _range(part["doseRange"])
    return ""


def _rate(dosage: Dosage) -> str:
    for part in dosage.get("doseAndRate", ()):
        if "rateRatio" in part:
            return "at " + _per(part["rateRatio"])
        if "rateQuantity" in part:
            return "at " + _quantity(part["rateQuantity"])
        if "rateRange" in part:
            return "at " + _range(part["rateRange"])
    return ""


# --- where -----------------------------------------------------------------------------------------------------------

# http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration
ROUTES = {
    "PO": "by mouth",
    "SL": "under the tongue",
    "BUC": "inside the cheek",
    "NASAL": "in the nose",
    "NASINHL": "in the nose",
    "TRNSDERM": "to the skin",
    "TRNSDERMD": "to the skin",
    "SKIN": "on the skin",
    "TOPICAL": "on the skin",
    "IM": "into a muscle",
    "IMD": "deep into a muscle",
    "SQ": "under the skin",
}


def _route_code(dosage: Dosage) -> str:
    codings = (dosage.get("route") or {}).get("coding", ())
    return next((coding["code"] for coding in codings if coding.get("code") in ROUTES), "")


def _route(dosage: Dosage) -> str:
    known = ROUTES.get(_route_code(dosage))
    words = _words(dosage.get("route"))
    return known or (f"({words})" if words else "")


def _site(dosage: Dosage) -> str:
    words = _words(dosage.get("site"))
    return f"({words})" if words else ""


# --- how often -------------------------------------------------------------------------------------------------------

TIME_UNITS = {"s": "second", "min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "a": "year"}
_TIMES = {"1": "once", "2": "twice"}
_EACH = frozenset({"s", "min", "h"})  # "every hour", where of longer periods one says "once a day"


def _frequency(repeat: dict[str, Any]) -> str:
    if "frequency" not in repeat and "period" not in repeat:
        return ""
    period = _period(repeat)
    if "frequency" not in repeat or (repeat["frequency"] == 1 and "frequencyMax" not in repeat and _is_each(repeat)):
        return f"every {period}" if period else ""
    often = _spread(repeat["frequency"], repeat.get("frequencyMax"))
    times = f"{often} times" if "frequencyMax" in repeat else _TIMES.get(often, f"{often} times")
    if not period:
        return times
    alone = repeat.get("period") == 1 and "periodMax" not in repeat
    article = "an" if period == "hour" else "a"
    return f"{times} {article} {period}" if alone else f"{times} every {period}"


def _is_each(repeat: dict[str, Any]) -> bool:
    return repeat.get("period") != 1 or "periodMax" in repeat or repeat.get("periodUnit") in _EACH


def _period(repeat: dict[str, Any]) -> str:
    unit = TIME_UNITS.get(repeat.get("periodUnit", ""), "")
    period, most = repeat.get("period"), repeat.get("periodMax")
    if not unit or period is None:
        return ""
    if period == 1 and most is None:
        return unit
    return f"{_spread(period, most)} {plural(unit, most or period)}"


def _code(dosage: Dosage) -> str:
    return _words((dosage.get("timing") or {}).get("code"))


# --- when ------------------------------------------------------------------------------------------------------------

DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}

# http://hl7.org/fhir/event-timing and http://terminology.hl7.org/CodeSystem/v3-TimingEvent
EVENTS = {
    "MORN": "in the morning",
    "MORN.early": "early in the morning",
    "MORN.late": "late in the morning",
    "NOON": "at noon",
    "AFT": "in the afternoon",
    "AFT.early": "early in the afternoon",
    "AFT.late": "late in the afternoon",
    "EVE": "in the evening",
    "EVE.early": "early in the evening",
    "EVE.late": "late in the evening",
    "NIGHT": "at night",
    "PHS": "after sleep",
    "HS": "at bedtime",
    "WAKE": "on waking",
    "C": "with meals",
    "CM": "with breakfast",
    "CD": "with lunch",
    "CV": "with dinner",
    "AC": "before meals",
    "ACM": "before breakfast",
    "ACD": "before lunch",
    "ACV": "before dinner",
    "PC": "after meals",
    "PCM": "after breakfast",
    "PCD": "after lunch",
    "PCV": "after dinner",
}


def _days(repeat: dict[str, Any]) -> str:
    days = [DAYS.get(day, day) for day in repeat.get("dayOfWeek", ())]
    return f"on {_joined(days)}" if days else ""


def _when(repeat: dict[str, Any]) -> str:
    events = [EVENTS.get(event, event) for event in repeat.get("when", ())]
    offset = repeat.get("offset")
    ahead = f"{_minutes(offset)} " if events and offset else ""
    return ahead + _joined(events)


def _minutes(offset: int) -> str:
    hours, minutes = divmod(offset, 60)
    amount, unit = (offset, "minute") if minutes else (hours, "hour")
    return f"{amount} {plural(unit, amount)}"


def _clock(repeat: dict[str, Any]) -> str:
    hours = [hour.removesuffix(":00") if hour.count(":") == 2 else hour for hour in repeat.get("timeOfDay", ())]
    return f"at {_joined(hours)}" if hours else ""


def _events(dosage: Dosage) -> str:
    events = (dosage.get("timing") or {}).get("event", ())
    return f"at {_joined(list(events))}" if events else ""


# --- how long --------------------------------------------------------------------------------------------------------


def _lasting(repeat: dict[str, Any]) -> str:
    if "duration" not in repeat:
        return ""
    unit, most = TIME_UNITS.get(repeat.get("durationUnit", ""), ""), repeat.get("durationMax")
    return f"over {_spread(repeat['duration'], most)} {plural(unit, most or repeat['duration'])}"


def _bounds(repeat: dict[str, Any]) -> str:
    if "boundsDuration" in repeat:
        return "for " + _quantity(repeat["boundsDuration"])
    if "boundsRange" in repeat:
        return "for " + _range(repeat["boundsRange"])
    period = repeat.get("boundsPeriod") or {}
    said = [f"{word} {period[end]}" for word, end in (("from", "start"), ("until", "end")) if end in period]
    return " ".join(said)


def _count(repeat: dict[str, Any]) -> str:
    if "count" not in repeat:
        return ""
    most = repeat.get("countMax")
    return f"{_spread(repeat['count'], most)} {plural('time', most or repeat['count'])} in all"


# --- if needed, and how much at most ---------------------------------------------------------------------------------


def _as_needed(dosage: Dosage) -> str:
    if dosage.get("asNeededBoolean"):
        return "as needed"
    reason = _words(dosage.get("asNeededCodeableConcept"))
    return f"as needed for {reason}" if reason else ("as needed" if "asNeededCodeableConcept" in dosage else "")


def _limits(dosage: Dosage) -> list[str]:
    found = []
    if "maxDosePerPeriod" in dosage:
        found.append("at most " + _per(dosage["maxDosePerPeriod"]))
    if "maxDosePerAdministration" in dosage:
        found.append(f"at most {_quantity(dosage['maxDosePerAdministration'])} at once")
    if "maxDosePerLifetime" in dosage:
        found.append(f"at most {_quantity(dosage['maxDosePerLifetime'])} in a lifetime")
    return found


def _advice(dosage: Dosage) -> list[str]:
    return [words for words in map(_words, dosage.get("additionalInstruction", ())) if words]


# --- words and numbers -----------------------------------------------------------------------------------------------

UCUM = "http://unitsofmeasure.org"
_TIME_WORDS = frozenset(TIME_UNITS.values())


def _words(concept: dict[str, Any] | None) -> str:
    if not concept:
        return ""
    displays = (coding["display"] for coding in concept.get("coding", ()) if "display" in coding)
    return concept.get("text") or next(displays, "")


def _unit(quantity: dict[str, Any]) -> str:
    code = quantity.get("code", "")
    if quantity.get("system") == UCUM and code in TIME_UNITS:
        return TIME_UNITS[code]
    return str(quantity.get("unit") or code.strip("{}"))


def _counted(quantity: dict[str, Any]) -> bool:
    """Whether the unit is a thing that one counts (a tablet, a day) and not a measure (mg, mL)."""
    code = quantity.get("code", "")
    return quantity.get("system") != UCUM or code.startswith("{") or code in TIME_UNITS


def _quantity(quantity: dict[str, Any]) -> str:
    value, unit = quantity.get("value"), _unit(quantity)
    if value is None:
        return unit
    word = plural(unit, value) if _counted(quantity) else unit
    return f"{_COMPARATORS.get(quantity.get('comparator', ''), '')}{value} {word}".strip()


_COMPARATORS = {"<": "less than ", "<=": "at most ", ">=": "at least ", ">": "more than "}


def _range(range_: dict[str, Any]) -> str:
    low, high = range_.get("low"), range_.get("high")
    if low and high:
        return f"{low.get('value') if _unit(low) == _unit(high) else _quantity(low)} to {_quantity(high)}"
    return f"at least {_quantity(low)}" if low else (f"up to {_quantity(high)}" if high else "")


def _per(ratio: dict[str, Any]) -> str:
    """Say a dose in a length of time: `4 tablets a day`, `2 sprays in 12 hours`, `5 mL per hour`."""
    numerator, denominator = ratio.get("numerator") or {}, ratio.get("denominator") or {}
    unit = _unit(denominator)
    if denominator.get("value") == 1 and unit in _TIME_WORDS:
        return f"{_quantity(numerator)} {'an' if unit == 'hour' else 'a'} {unit}"
    return f"{_quantity(numerator)} in {_quantity(denominator)}" if denominator else _quantity(numerator)


def _spread(low: Any, high: Any) -> str:
    return f"{low} to {high}" if high is not None else str(low)


def plural(word: str, amount: Any) -> str:
    """Return ``word`` as it is said of ``amount`` of it; what isn't a plain word stays."""
    if amount <= 1 or not word.isalpha():
        return word
    return word + ("es" if word.endswith(("ch", "s", "x", "sh")) else "s")


def _joined(words: list[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _full_stop(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."
