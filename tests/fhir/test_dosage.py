"""The dosage sentence: one Dosage, then several."""

from decimal import Decimal
from typing import Any

import pytest

from fhir_iop.fhir.dosage import instructions, sentence

UCUM = "http://unitsofmeasure.org"
ROUTE = "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration"
FILM = {"value": 1, "unit": "film", "system": UCUM, "code": "{film}"}
DAY = {"frequency": 1, "period": 1, "periodUnit": "d"}


def dose(value: Any, unit: str = "tablet", code: str = "{tbl}") -> dict[str, Any]:
    return {"doseAndRate": [{"doseQuantity": {"value": value, "unit": unit, "system": UCUM, "code": code}}]}


def route(code: str) -> dict[str, Any]:
    return {"route": {"coding": [{"system": ROUTE, "code": code}]}}


def repeat(**parts: Any) -> dict[str, Any]:
    return {"timing": {"repeat": parts}}


def span(value: Any, code: str) -> dict[str, Any]:
    return {"value": value, "unit": code, "system": UCUM, "code": code}


@pytest.mark.parametrize(
    ("timing", "said"),
    [
        (DAY, "once a day"),
        ({**DAY, "frequency": 2}, "twice a day"),
        ({**DAY, "frequency": 3}, "3 times a day"),
        ({**DAY, "frequencyMax": 2}, "1 to 2 times a day"),
        ({**DAY, "periodUnit": "wk"}, "once a week"),
        ({"frequency": 2, "period": 1, "periodUnit": "h"}, "twice an hour"),
        ({"frequency": 1, "period": 1, "periodUnit": "h"}, "every hour"),
        ({"frequency": 1, "period": 6, "periodUnit": "h"}, "every 6 hours"),
        ({"frequency": 1, "period": 4, "periodMax": 6, "periodUnit": "h"}, "every 4 to 6 hours"),
        ({"frequency": 1, "period": 1, "periodMax": 2, "periodUnit": "d"}, "every 1 to 2 days"),
        ({"frequency": 1, "period": 2, "periodUnit": "d"}, "every 2 days"),
        ({"frequency": 3, "period": 2, "periodUnit": "wk"}, "3 times every 2 weeks"),
        ({"period": 8, "periodUnit": "h"}, "every 8 hours"),
        ({"frequency": 2}, "twice"),
        ({"dayOfWeek": ["mon", "wed", "fri"]}, "on Monday, Wednesday and Friday"),
        ({"when": ["MORN"]}, "in the morning"),
        ({"when": ["ACM", "ACV"], "offset": 30}, "30 minutes before breakfast and before dinner"),
        ({"when": ["PC"], "offset": 120}, "2 hours after meals"),
        ({"when": ["AC"], "offset": 90}, "90 minutes before meals"),
        ({"when": ["HS"], "offset": 60}, "1 hour at bedtime"),
        ({"timeOfDay": ["08:00:00", "20:00:00"]}, "at 08:00 and 20:00"),
        ({**DAY, "boundsDuration": span(7, "d")}, "once a day for 7 days"),
        ({**DAY, "boundsDuration": span(1, "wk")}, "once a day for 1 week"),
        ({**DAY, "boundsRange": {"low": span(7, "d"), "high": span(10, "d")}}, "once a day for 7 to 10 days"),
        ({**DAY, "boundsRange": {"low": span(1, "wk"), "high": span(10, "d")}}, "once a day for 1 week to 10 days"),
        (
            {**DAY, "boundsPeriod": {"start": "2026-03-02", "end": "2026-03-09"}},
            "once a day from 2026-03-02 until 2026-03-09",
        ),
        ({**DAY, "boundsPeriod": {"end": "2026-03-09"}}, "once a day until 2026-03-09"),
        ({**DAY, "duration": 2, "durationUnit": "h"}, "once a day over 2 hours"),
        ({**DAY, "duration": 1, "durationMax": 2, "durationUnit": "h"}, "once a day over 1 to 2 hours"),
        ({**DAY, "count": 3}, "once a day 3 times in all"),
        ({**DAY, "count": 1}, "once a day 1 time in all"),
        ({**DAY, "count": 2, "countMax": 4}, "once a day 2 to 4 times in all"),
    ],
)
def test_when_and_how_long(timing: dict[str, Any], said: str) -> None:
    assert sentence({**dose(1), **repeat(**timing)}) == f"Take 1 tablet {said}."


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (dose(1), "1 tablet"),
        (dose(2), "2 tablets"),
        (dose(Decimal("0.5")), "0.5 tablet"),
        (dose(Decimal("1.50"), "mg", "mg"), "1.50 mg"),
        (dose(5, "patch", "{patch}"), "5 patches"),
        (dose(3, "dose form", "{form}"), "3 dose form"),
        ({"doseAndRate": [{"doseRange": {"low": FILM, "high": {**FILM, "value": 2}}}]}, "1 to 2 films"),
        ({"doseAndRate": [{"doseRange": {"low": FILM}}]}, "at least 1 film"),
        ({"doseAndRate": [{"doseRange": {"high": {**FILM, "value": 2}}}]}, "up to 2 films"),
        ({"doseAndRate": [{"doseRange": {"low": FILM, "high": span(8, "mg")}}]}, "1 film to 8 mg"),
        ({"doseAndRate": [{"doseQuantity": {"value": 1, "code": "TAB", "system": "x"}}]}, "1 TAB"),
        ({"doseAndRate": [{"doseQuantity": {**FILM, "value": 2, "comparator": "<="}}]}, "at most 2 films"),
        ({"doseAndRate": [{"doseQuantity": {"unit": "film"}}]}, "film"),
        ({"doseAndRate": [{"rateQuantity": span(5, "mL/h")}]}, "at 5 mL/h"),
        ({"doseAndRate": [{"rateRange": {"low": span(5, "mL/h"), "high": span(8, "mL/h")}}]}, "at 5 to 8 mL/h"),
        (
            {"doseAndRate": [{"rateRatio": {"numerator": span(5, "mL"), "denominator": span(1, "h")}}]},
            "at 5 mL an hour",
        ),
        ({"doseAndRate": [{"rateRatio": {"numerator": span(5, "mL")}}]}, "at 5 mL"),
        ({"site": {"text": "left arm"}}, "(left arm)"),
    ],
)
def test_how_much(amount: dict[str, Any], said: str) -> None:
    assert sentence(amount) == f"Take {said}."


@pytest.mark.parametrize(
    ("way", "said"),
    [
        (route("PO"), "Take 1 tablet by mouth."),
        (route("SL"), "Take 1 tablet under the tongue."),
        (route("BUC"), "Place 1 tablet inside the cheek."),
        (route("NASAL"), "Use 1 tablet in the nose."),
        (route("TRNSDERM"), "Apply 1 tablet to the skin."),
        (route("SKIN"), "Apply 1 tablet on the skin."),
        (route("IM"), "Inject 1 tablet into a muscle."),
        (route("SQ"), "Inject 1 tablet under the skin."),
        ({"route": {"text": "through a tube"}}, "Take 1 tablet (through a tube)."),
        ({"route": {"coding": [{"system": "x", "code": "y", "display": "Per tube"}]}}, "Take 1 tablet (Per tube)."),
        ({"route": {"coding": [{"system": "x", "code": "y"}]}}, "Take 1 tablet."),
        ({"method": {"text": "Swallow"}, **route("PO")}, "Swallow 1 tablet by mouth."),
        ({"timing": {"code": {"text": "BID"}}}, "Take 1 tablet BID."),
        ({"timing": {"event": ["2026-03-02", "2026-03-09"]}}, "Take 1 tablet at 2026-03-02 and 2026-03-09."),
    ],
)
def test_by_which_way(way: dict[str, Any], said: str) -> None:
    assert sentence({**dose(1), **way}) == said


def per(value: Any, times: Any, code: str) -> dict[str, Any]:
    tablets = {"value": value, "unit": "tablet", "system": UCUM, "code": "{tbl}"}
    return {"maxDosePerPeriod": {"numerator": tablets, "denominator": span(times, code)}}


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"asNeededBoolean": True}, "Take 1 tablet as needed."),
        ({"asNeededBoolean": False}, "Take 1 tablet."),
        ({"asNeededCodeableConcept": {"text": "anxiety"}}, "Take 1 tablet as needed for anxiety."),
        ({"asNeededCodeableConcept": {"coding": [{"display": "Pain"}]}}, "Take 1 tablet as needed for Pain."),
        ({"asNeededCodeableConcept": {"coding": [{"code": "x"}]}}, "Take 1 tablet as needed."),
        (per(4, 1, "d"), "Take 1 tablet, at most 4 tablets a day."),
        (per(2, 1, "h"), "Take 1 tablet, at most 2 tablets an hour."),
        (per(2, 12, "h"), "Take 1 tablet, at most 2 tablets in 12 hours."),
        ({"maxDosePerAdministration": span(5, "mg")}, "Take 1 tablet, at most 5 mg at once."),
        ({"maxDosePerLifetime": span(5, "mg")}, "Take 1 tablet, at most 5 mg in a lifetime."),
        ({"additionalInstruction": [{"text": "With food"}, {}]}, "Take 1 tablet. With food."),
        ({"patientInstruction": "Call us if you feel worse!"}, "Take 1 tablet. Call us if you feel worse!"),
    ],
)
def test_limits_and_advice(limits: dict[str, Any], said: str) -> None:
    assert sentence({**dose(1), **limits}) == said


def test_the_whole_sentence() -> None:
    said = sentence(
        {
            "sequence": 1,
            "text": "not looked at",
            **dose(1, "film", "{film}"),
            **route("SL"),
            **repeat(**{**DAY, "frequency": 2}, boundsDuration=span(7, "d")),
            "additionalInstruction": [{"text": "Don't swallow the film."}],
        }
    )
    assert said == "Take 1 film under the tongue twice a day for 7 days. Don't swallow the film."


def test_nothing_structured_is_nothing_said() -> None:
    assert sentence({"text": "as discussed"}) == ""
    assert sentence({"additionalInstruction": [{"text": "with food"}]}) == "with food."
    assert instructions([]) == ""


def test_steps_follow_each_other() -> None:
    first = {"sequence": 1, **dose(1), **repeat(**DAY, boundsDuration=span(7, "d"))}
    second = {"sequence": 2, **dose(2), **repeat(**DAY), "additionalInstruction": [{"text": "with food"}]}
    said = "Take 1 tablet once a day for 7 days, then take 2 tablets once a day. with food."
    assert instructions([first, second]) == said
    assert instructions([second, first]) == said


def test_steps_without_a_number_keep_their_order() -> None:
    assert instructions([dose(1), dose(2)]) == "Take 1 tablet, then take 2 tablets."


def test_steps_of_one_number_go_on_together() -> None:
    morning = {"sequence": 1, **dose(1), **repeat(when=["MORN"])}
    night = {"sequence": 1, **dose(2), **repeat(when=["HS"])}
    assert instructions([morning, night]) == "Take 1 tablet in the morning and take 2 tablets at bedtime."
