"""The dosage sentence read back: every form that a prescriber of ours uses, and nothing that isn't ours."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fhir_iop.fhir.dosage import DAYS, EVENTS, TIME_UNITS, sentence
from fhir_iop.fhir.dosage_reading import ROUTE_SYSTEM, dosage_of

UCUM = "http://unitsofmeasure.org"
UNITS = {
    word: {"unit": word, "system": UCUM, "code": code}
    for word, code in {
        "tablet": "{tbl}",
        "film": "{film}",
        "patch": "{patch}",
        "lozenge": "{lozenge}",
        "mg": "mg",
        "mL": "mL",
        "mcg": "ug",
    }.items()
}
WHOLE = st.integers(1, 30)
NUMBERS = WHOLE | st.decimals("0.25", "99.75", places=2)
TIMES = st.sampled_from([*TIME_UNITS])
ROUTES = st.sampled_from(["PO", "SL", "BUC", "NASAL", "TRNSDERM", "SKIN", "IM", "SQ"])
DATES = st.dates().map(str)
WORDS = st.text(st.characters(categories=("L", "N", "P"), include_characters=" "), min_size=1).filter(
    lambda text: text == text.strip() and "at most" not in text
)


def spans() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda value, code: {"value": value, "unit": TIME_UNITS[code], "system": UCUM, "code": code}, NUMBERS, TIMES
    )


def doses(unit: str) -> st.SearchStrategy[dict[str, Any]]:
    return NUMBERS.map(lambda value: {"value": value, **UNITS[unit]})


@st.composite
def frequencies(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {"frequency": draw(WHOLE), "period": draw(NUMBERS), "periodUnit": draw(TIMES)}
    if draw(st.booleans()):
        found["frequencyMax"] = draw(WHOLE)
    if draw(st.booleans()):
        found["periodMax"] = draw(NUMBERS)
    return found


@st.composite
def repeats(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = draw(st.just({}) | frequencies())
    if draw(st.booleans()):
        found["dayOfWeek"] = draw(st.lists(st.sampled_from([*DAYS]), min_size=1, unique=True))
    when = draw(st.sampled_from(["", "when", "timeOfDay"]))
    if when == "when":
        found["when"] = draw(st.lists(st.sampled_from([*EVENTS]), min_size=1, unique=True))
        if draw(st.booleans()):
            found["offset"] = draw(st.integers(1, 1440))
    elif when:
        found["timeOfDay"] = draw(st.lists(st.times().map(lambda time: f"{time:%H:%M:%S}"), min_size=1, unique=True))
    bounds = draw(st.sampled_from(["", "boundsDuration", "boundsPeriod"]))
    if bounds == "boundsDuration":
        found[bounds] = draw(spans())
    elif bounds:
        ends = draw(st.sampled_from([("start",), ("end",), ("start", "end")]))
        found[bounds] = {end: draw(DATES) for end in ends}
    return found


@st.composite
def dosages(draw: st.DrawFn) -> dict[str, Any]:
    """A Dosage in any form that prescriptions of ours have, without what is said in the prescriber's own words."""
    unit = draw(st.sampled_from([*UNITS]))
    amount = draw(doses(unit))
    found: dict[str, Any] = {"doseAndRate": [{"doseQuantity": amount}]}
    if draw(st.booleans()):
        found = {"doseAndRate": [{"doseRange": {"low": amount, "high": draw(doses(unit))}}]}
    repeat = draw(repeats())
    if repeat:
        found["timing"] = {"repeat": repeat}
    if draw(st.booleans()):
        found["route"] = {"coding": [{"system": ROUTE_SYSTEM, "code": draw(ROUTES)}]}
    if draw(st.booleans()):
        found["asNeededCodeableConcept"] = {"text": draw(WORDS)}
        found["maxDosePerPeriod"] = {"numerator": draw(doses(unit)), "denominator": draw(spans())}
    return found


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(dosage=dosages())
def test_a_sentence_is_read_as_what_it_was_said_from(dosage: dict[str, Any]) -> None:
    assert dosage_of(sentence(dosage), UNITS) == dosage


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
@given(dosage=dosages(), advice=st.lists(WORDS, max_size=2), told=st.just("") | WORDS)
def test_advice_comes_back_in_its_words(dosage: dict[str, Any], advice: list[str], told: str) -> None:
    whole = {**dosage, "additionalInstruction": [{"text": text} for text in advice], "patientInstruction": told}
    read = dosage_of(sentence(whole), UNITS)
    assert read is not None
    assert sentence(read) == sentence(whole)
    if "asNeededCodeableConcept" not in dosage:
        assert {name: part for name, part in read.items() if name != "additionalInstruction"} == dosage


@pytest.mark.parametrize("value", [Decimal("0.50"), Decimal("1.10"), Decimal("2.00")])
def test_digits_are_kept(value: Decimal) -> None:
    read = dosage_of(f"Take {value} mg by mouth every 12 hours.", UNITS)
    assert read is not None
    assert str(read["doseAndRate"][0]["doseQuantity"]["value"]) == str(value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Take 1 tablet",
        "take 1 tablet by mouth.",
        "Take one tablet by mouth.",
        "Take 1 tablets by mouth.",
        "Take 2 tablet by mouth.",
        "Take 1 pill by mouth.",
        "Take 1 film inside the cheek.",
        "Take 1 tablet 1 times a day.",
        "Take 1 tablet every 1 hours.",
        "Take 1 tablet  once a day.",
        "Take 1 tablet on Monday, Friday.",
        "Take 1 tablet at 08:00:00.",
        "Take 1 tablet as needed.",
        "Take 1 tablet once a day for 1 days.",
        "Take 1 tablet once a day, or as told.",
        "Take 1 tablet by mouth. " + "x" * 2000,
    ],
)
def test_what_is_not_ours_is_not_guessed(text: str) -> None:
    assert dosage_of(text, UNITS) is None
