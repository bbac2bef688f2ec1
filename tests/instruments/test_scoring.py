"""Scores against the published rules of each questionnaire, and what is said of answers that don't fit."""

import re
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.instruments import instruments, score, scored

FREQUENCY = ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"]
ASKED = sorted(key for key, instrument in instruments().items() if instrument.items)
AUDIT_C = {"68518-0": "LA18928-4", "68519-8": "LA15695-2", "68520-6": "LA6270-8"}  # 3 + 1 + 0


def answered(key: str, total: int) -> list[tuple[str, str]]:
    """Answer all questions that count, so that they add up to ``total``."""
    left, found = total, []
    for item in instruments()[key].items.values():
        if item.scored:
            best = max(min(left, answer.ordinal or 0) for answer in item.answers.values())
            answer = next(answer for answer in item.answers.values() if answer.ordinal == best)
            left -= best
            found.append((item.code, answer.code))
    assert left == 0
    return found


def record(key: str, answers: list[tuple[str, str]], **more: Any) -> dict[str, Any]:
    listed = [{"item": item, "answer": answer} for item, answer in answers]
    return {"record": "questionnaire", "id": "q-1", "patient": "p-1", "instrument": key, "answers": listed, **more}


def rules(issues: list[Any]) -> list[tuple[str, str, str]]:
    return [(found.rule, found.severity, found.expression) for found in issues]


BANDS = {
    "phq-9": "0 minimal 4 minimal 5 mild 9 mild 10 moderate 14 moderate 15 moderately-severe 19 moderately-severe "
    "20 severe 27 severe",
    "gad-7": "0 minimal 4 minimal 5 mild 9 mild 10 moderate 14 moderate 15 severe 21 severe",
    "phq-2": "0 negative 2 negative 3 positive 6 positive",
    "audit-c": "0 negative 2 negative 3 - 4 positive 12 positive",
}


@pytest.mark.parametrize("key", BANDS)
def test_totals_and_bands(key: str) -> None:
    words = BANDS[key].split()
    for total, band in zip(map(int, words[::2]), words[1::2], strict=True):
        found = score(instruments()[key], answered(key, total))
        assert (found.total, found.band or "-") == (total, band)


@pytest.mark.parametrize("key", ASKED)
def test_the_range_is_what_the_answers_allow(key: str) -> None:
    instrument = instruments()[key]
    counting = [item for item in instrument.items.values() if item.scored]
    most = sum(max(answer.ordinal or 0 for answer in item.answers.values()) for item in counting)
    assert instrument.range == (0, most if instrument.total else 0)


@pytest.mark.parametrize(("sex", "band"), [("female", "positive"), ("male", "negative"), ("other", None), (None, None)])
def test_a_cut_off_that_depends_on_the_sex(sex: str | None, band: str | None) -> None:
    found = score(instruments()["audit-c"], answered("audit-c", 3), sex=sex)
    assert (found.total, found.band) == (3, band)
    expected = [] if band else [("instrument-band-open", "information", "/answers")]
    assert rules(found.issues) == expected


def test_one_that_is_not_scored_has_no_total() -> None:
    found = score(instruments()["taps-1"], [("96842-0", "LA6270-8")])
    assert (found.total, found.band, found.issues) == (None, None, [])


def test_an_incomplete_one_has_no_total() -> None:
    found = score(instruments()["phq-9"], answered("phq-9", 5)[:-1])
    assert (found.total, found.band) == (None, None)
    assert rules(found.issues) == [("instrument-incomplete", "information", "/answers")]
    assert "1 of the 9" in found.issues[0].details


def test_the_question_that_does_not_count_may_be_left_out() -> None:
    answers = [*answered("phq-9", 5), ("69722-7", "LA6573-5")]
    assert score(instruments()["phq-9"], answers).total == score(instruments()["phq-9"], answers[:-1]).total == 5


@pytest.mark.parametrize("ordinal", [1, 2, 3])
def test_thoughts_of_self_harm_are_an_alert_whatever_the_total(ordinal: int) -> None:
    answers = [*answered("phq-9", 0)[:-1], ("44260-8", FREQUENCY[ordinal])]
    assert score(instruments()["phq-9"], answers).alerts == ("44260-8",)
    told = scored(record("phq-9", answers))[1]
    assert rules(told) == [("instrument-alert", "warning", "/answers/8")]
    followed = record("phq-9", answers, safety_followup={"action": "called"})
    assert scored(followed)[1] == []


YES, NO = "LA33-6", "LA32-8"
NONE = {"93246-7": NO, "93247-5": NO, "93267-3": NO}
PLANS = {"93247-5": YES, "93248-3": NO, "93249-1": NO, "93250-9": NO}


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        (NONE, None),
        (NONE | {"93246-7": YES}, "low"),
        (NONE | PLANS, "low"),
        (NONE | PLANS | {"93248-3": YES}, "moderate"),
        (NONE | PLANS | {"93249-1": YES}, "high"),
        (NONE | {"93267-3": YES, "93269-9": NO}, "moderate"),
        (NONE | PLANS | {"93250-9": YES}, "high"),
        (NONE | {"93267-3": YES, "93269-9": YES}, "high"),
    ],
)
def test_the_level_of_risk_is_the_gravest_that_an_answer_means(answers: dict[str, str], level: str | None) -> None:
    found = score(instruments()["c-ssrs-screener"], [*answers.items()])
    assert (found.total, found.band, found.issues) == (None, level, [])
    made, issues = scored(record("c-ssrs-screener", [*answers.items()], safety_followup={"action": "called"}))
    assert "score" not in made
    assert rules(issues) == ([("instrument-level", "information", "/answers")] if level else [])


@pytest.mark.parametrize("missing", ["93246-7", "93247-5", "93249-1", "93250-9", "93267-3", "93269-9"])
def test_no_level_while_an_answer_could_mean_a_graver_one(missing: str) -> None:
    answers = NONE | PLANS | {"93248-3": YES, "93267-3": YES, "93269-9": NO}
    assert score(instruments()["c-ssrs-screener"], [*answers.items()]).band == "moderate"
    given = [(item, answer) for item, answer in answers.items() if item != missing]
    if missing == "93267-3":  # after which the last isn't asked
        given = [pair for pair in given if pair[0] != "93269-9"]
    elif missing == "93247-5":
        given = [pair for pair in given if pair[0] not in {"93248-3", "93249-1", "93250-9"}]
    found = score(instruments()["c-ssrs-screener"], given)
    assert found.band is None
    assert rules(found.issues) == [("instrument-level-open", "information", "/answers")]
    graver = [*(pair for pair in given if pair[0] != "93269-9"), ("93267-3", YES), ("93269-9", YES)]
    if missing not in {"93267-3", "93269-9"}:
        assert score(instruments()["c-ssrs-screener"], [*dict(graver).items()]).band == "high"


def test_an_alert_needs_no_complete_questionnaire() -> None:
    assert score(instruments()["phq-9"], [("44260-8", "LA6569-3")]).alerts == ("44260-8",)
    assert score(instruments()["c-ssrs-screener"], [("93246-7", "LA33-6")]).alerts == ("93246-7",)
    assert score(instruments()["c-ssrs-screener"], [("93246-7", "LA32-8")]).alerts == ()


@pytest.mark.parametrize(
    ("key", "answers", "expected"),
    [
        ("phq-9", [("69725-0", "LA6568-5")], ("instrument-item", "error", "/answers/0/item")),
        (
            "phq-9",
            [("44250-9", "LA6568-5"), ("44250-9", "LA6569-3")],
            ("instrument-item-twice", "error", "/answers/1/item"),
        ),
        ("phq-9", [("44250-9", "LA6572-7")], ("instrument-answer", "error", "/answers/0/answer")),
        ("c-ssrs-screener", [("93248-3", "LA33-6")], ("instrument-not-asked", "error", "/answers/0/item")),
        (
            "c-ssrs-screener",
            [("93267-3", "LA32-8"), ("93269-9", "LA32-8")],
            ("instrument-not-asked", "error", "/answers/1/item"),
        ),
    ],
)
def test_answers_that_do_not_fit(key: str, answers: list[tuple[str, str]], expected: tuple[str, str, str]) -> None:
    assert expected in rules(score(instruments()[key], answers).issues)


def test_the_wrong_first_question_of_audit_c_is_taken_and_never_scored() -> None:
    """US Core's AUDIT-C has 68517-2, a number of days, in the place of 68518-0."""
    answers = [("68517-2", "LA15695-2"), *list(AUDIT_C.items())[1:]]
    found = score(instruments()["audit-c"], answers)
    assert found.total is None
    assert rules(found.issues)[0] == ("instrument-mistaken", "warning", "/answers/0")
    assert not any(issue.is_error for issue in found.issues)
    both = score(instruments()["audit-c"], [("68517-2", "LA15695-2"), *AUDIT_C.items()])
    assert both.total == 4


# --- records -------------------------------------------------------------------------------------------------------


def test_a_record_gets_its_score() -> None:
    given = record("gad-7", answered("gad-7", 12))
    made, issues = scored(given)
    assert issues == []
    assert made == {**given, "score": {"total": 12, "band": "moderate"}}
    assert "score" not in given, "the record that was given is left as it is"
    assert scored(made) == (made, [])


def test_the_programs_own_total_must_agree() -> None:
    answers = answered("gad-7", 12)
    _, issues = scored(record("gad-7", answers, score={"total": 11, "band": "mild"}))
    assert rules(issues) == [("instrument-total", "error", "/score/total"), ("instrument-band", "error", "/score/band")]
    _, issues = scored(record("gad-7", answers[1:], score={"total": 11}))
    assert ("instrument-total", "error", "/score/total") in rules(issues)
    made, issues = scored(record("gad-7", answers, score={"total": 12}))
    assert (made["score"], issues) == ({"total": 12, "band": "moderate"}, [])


def test_one_in_progress_is_not_scored() -> None:
    given = record("gad-7", answered("gad-7", 12), status="in-progress")
    assert scored(given) == (given, [])


# --- scales that a clinician rates ----------------------------------------------------------------------------------


RATED = {
    "cows": "0 - 4 - 5 mild 12 mild 13 moderate 24 moderate 25 moderately-severe 36 moderately-severe 37 severe "
    "48 severe",
    "ciwa-ar": "0 under-10 9 under-10 10 10-to-15 15 10-to-15 16 over-15 67 over-15",
}


def rating(scale: Any, total: Any, **more: Any) -> dict[str, Any]:
    return {"record": "withdrawal-score", "id": "w-1", "patient": "p-1", "scale": scale, "total": total, **more}


@pytest.mark.parametrize("scale", RATED)
def test_a_total_that_a_clinician_gives_gets_its_band(scale: str) -> None:
    words = RATED[scale].split()
    for total, band in zip(map(int, words[::2]), words[1::2], strict=True):
        given = rating(scale, total)
        made, issues = scored(given)
        assert issues == []
        assert made == (given if band == "-" else {**given, "band": band})
        assert scored(made) == (made, [])


def test_the_programs_own_band_must_agree() -> None:
    for total in (4, 13):
        wrong = rating("cows", total, band="mild")
        assert scored(wrong)[0] == wrong
        assert rules(scored(wrong)[1]) == [("instrument-band", "error", "/band")]


@pytest.mark.parametrize(
    "broken",
    [
        rating("cows", 49),
        rating("cows", -1),
        rating("pain", 4),
        rating(["cows"], 4),
        rating("cows", "4"),
        rating("cows", True),
    ],
)
def test_what_is_no_rating_comes_back_as_it_is(broken: dict[str, Any]) -> None:
    assert scored(broken) == (broken, [])


def test_what_is_rated_has_no_questions_to_answer() -> None:
    answers = record("cows", [("44250-9", "LA6568-5")])
    assert scored(answers) == (answers, [])


@pytest.mark.parametrize(
    "broken",
    [
        {"record": "patient"},
        {"record": "questionnaire"},
        {"record": "questionnaire", "instrument": "phq-10", "answers": []},
        {"record": "questionnaire", "instrument": ["phq-9"], "answers": []},
        {"record": "questionnaire", "instrument": "phq-9", "answers": "none"},
        {"record": "questionnaire", "instrument": "phq-9", "answers": [1]},
        {"record": "questionnaire", "instrument": "phq-9", "answers": [{"item": 1, "answer": 2}]},
    ],
)
def test_what_is_no_questionnaire_comes_back_as_it_is(broken: dict[str, Any]) -> None:
    assert scored(broken) == (broken, [])


# --- the data ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ASKED)
def test_the_guides_questionnaire_says_the_same(key: str) -> None:
    path: Path = data.folder("profiles") / "iop" / f"Questionnaire-{key}.json"
    questionnaire, instrument = json.decode_object(path.read_bytes()), instruments()[key]
    not_asked = {*instrument.mistaken, instrument.total.code if instrument.total else ""}
    asked = {item["linkId"][1:]: item for item in questionnaire["item"] if item["linkId"][1:] not in not_asked}
    assert [*asked] == [*instrument.items]
    assert instrument.panel is not None
    assert questionnaire["code"][0]["code"] == instrument.panel.code
    for code, item in instrument.items.items():
        options = {}
        for option in asked[code]["answerOption"]:
            coding = option["valueCoding"]
            options[coding["code"]] = next((part["valueDecimal"] for part in coding.get("extension", ())), None)
        assert options == {answer.code: answer.ordinal for answer in item.answers.values()}
        assert asked[code].get("text", "") == item.text
        gates = [(gate["question"][1:], gate["answerCoding"]["code"]) for gate in asked[code].get("enableWhen", ())]
        assert gates == ([item.when] if item.when else [])


def test_no_wording_of_the_c_ssrs_is_carried() -> None:
    assert {item.text for item in instruments()["c-ssrs-screener"].items.values()} == {""}


@pytest.mark.shared
def test_every_code_is_one_of_the_domains(shared: Path) -> None:
    domain = {entry["key"]: entry for entry in json.decode((shared / "domain" / "codes_instruments.json").read_bytes())}
    for key, instrument in instruments().items():
        known = domain[key]
        good = {c["code"]: c["display"] for c in [*known["items"], *known["answers"]] if c["status"] != "unverified"}
        for item in instrument.items.values():
            assert item.code in good
            assert item.text in {good[item.code], ""}
            for answer in item.answers.values():
                assert answer.display == good[answer.code]
        if known["panel"] is None:
            assert instrument.panel is None
            assert instrument.total is not None
            assert instrument.total.status == "local"
        else:
            assert instrument.panel is not None
            assert instrument.panel.code == known["panel"]["code"]
            assert instrument.total is None or instrument.total.code == known["total"]["code"]


@pytest.mark.shared
def test_the_levels_of_the_c_ssrs_are_the_domains_but_for_intent_which_is_graver(shared: Path) -> None:
    domain = {entry["key"]: entry for entry in json.decode((shared / "domain" / "codes_instruments.json").read_bytes())}
    told = domain["c-ssrs-screener"]["scoring"]
    assert told == "Low Q1-2, Moderate Q3-4 (and lifetime behaviour), High Q5 or behaviour within 3 months"
    (*asked, lifetime, lately) = instruments()["c-ssrs-screener"].items
    # Columbia's own guidelines count intent without a plan (Q4) with intent and a plan (Q5).
    expected = {"low": {*asked[:2]}, "moderate": {asked[2], lifetime}, "high": {*asked[3:], lately}}
    assert dict(instruments()["c-ssrs-screener"].levels) == expected


@pytest.mark.shared
def test_the_bands_of_what_a_clinician_rates_are_the_domains(shared: Path) -> None:
    domain = {entry["key"]: entry for entry in json.decode((shared / "domain" / "codes_instruments.json").read_bytes())}
    names = {"mod. severe": "moderately-severe"}
    told = re.findall(r"(?:>(\d+)|(\d+)-\d+) ([a-z. ]+)", domain["cows"]["scoring"])
    assert instruments()["cows"].bands == tuple(
        (int(above) + 1 if above else int(start), names.get(name, name)) for above, start, name in told
    )
    assert domain["ciwa-ar"]["scoring"] == "<10 / 10-15 / >15"
    assert [start for start, _ in instruments()["ciwa-ar"].bands] == [0, 10, 16]
