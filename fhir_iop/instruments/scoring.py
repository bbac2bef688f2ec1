"""Totals of questionnaires, what they mean, and the answers that can't wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fhir_iop.instruments.instrument import instruments
from fhir_iop.issue import Issue, issue

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.instruments.instrument import Bands, Instrument

ANSWERED = "questionnaire"
"""The kind of record that answers come in; its fields ``instrument``, ``answers``, ``score`` are read here."""

RATED = "withdrawal-score"
"""The kind of record that a clinician's total comes in; its fields ``scale``, ``total``, ``band`` are read here."""


@dataclass(frozen=True, slots=True)
class Score:
    """A total and the band that it lies in; None where there is none. ``alerts`` are the questions to follow up.

    Where the answers mean a level of risk instead of a total, ``band`` is that.
    """

    total: int | None
    band: str | None
    alerts: tuple[str, ...] = ()
    issues: list[Issue] = field(default_factory=list)


def score(
    instrument: Instrument, answers: Sequence[tuple[str, str]], *, sex: str | None = None, where: str = "/answers"
) -> Score:
    """Score ``answers``: pairs of a question's and an answer's LOINC code.

    An Issue's expression is a JSON pointer below ``where``. Errors: a question or an answer that the instrument
    doesn't have, a question answered twice, one that wasn't to be asked. There is no total where one of the questions
    that count isn't answered (information), and no band where it depends on a sex that ``sex`` (``female``, ``male``)
    doesn't say. Where answers mean a level, there is none as long as a question that was to be asked isn't answered
    and could mean a graver one (information).
    """
    issues: list[Issue] = []
    given: dict[str, str] = {}
    for position, (item, answer) in enumerate(answers):
        found = _fault(instrument, given, item, answer, f"{where}/{position}")
        if found is None:
            given[item] = answer
        else:
            issues.append(found)
    for position, (item, _) in enumerate(answers):
        before = instrument.items[item].when if item in given else None
        if before is not None and given.get(before[0]) != before[1]:
            issues.append(issue("instrument-not-asked", f"{where}/{position}/item", item=item, other=before[0]))
    alerts = tuple(item for item, answer in given.items() if (item, answer) in instrument.alerts)
    total = _total(instrument, given, issues, where)
    if instrument.levels:
        band = _level(instrument, given, issues, where)
    else:
        band = None if total is None else _band(instrument, total, sex, issues, where)
    return Score(total, band, alerts, issues)


def scored(record: dict[str, Any], *, sex: str | None = None) -> tuple[dict[str, Any], list[Issue]]:
    """Return a questionnaire's record with its ``score`` filled in, and what there is to say about its answers.

    Of a scale that a clinician rated the ``band`` is filled in. A record of another kind, or one whose shape isn't
    that of its kind, comes back as it is: the mapping's schema says what is wrong with it. A total or band that the
    program gave and that isn't ours is an error. An answer that needs a follow-up and a record that tells of none is a
    warning, whatever the total. A level of risk is told (information) and not filled in: a clinician finds it, in a
    record of its own.
    """
    if record.get("record") == RATED:
        return _rated(record)
    shaped = _shaped(record)
    if shaped is None:
        return record, []
    instrument, answers = shaped
    found = score(instrument, answers, sex=sex)
    issues = list(found.issues)
    if found.alerts and "safety_followup" not in record:
        positions = {item: position for position, (item, _) in enumerate(answers)}
        issues += [
            issue("instrument-alert", f"/answers/{positions[item]}", name=instrument.name) for item in found.alerts
        ]
    if instrument.levels and found.band:
        issues.append(issue("instrument-level", "/answers", name=instrument.name, level=found.band))
    given = record.get("score")
    issues += _disagreements(given, found) if isinstance(given, dict) else []
    if found.total is None or record.get("status") == "in-progress":
        return record, issues
    made = {"total": found.total} | ({"band": found.band} if found.band else {})
    return {**record, "score": {**made, **(given if isinstance(given, dict) else {})}}, issues


def _rated(record: dict[str, Any]) -> tuple[dict[str, Any], list[Issue]]:
    """Return a clinician's total with its band."""
    key, total = record.get("scale"), record.get("total")
    if not isinstance(key, str) or key not in instruments() or type(total) is not int:
        return record, []
    instrument = instruments()[key]
    low, high = instrument.range
    band = _within(instrument.bands, total) if low <= total <= high else None
    if "band" in record and record["band"] != band:
        return record, [issue("instrument-band", "/band", ours=band or "none")]
    return ({**record, "band": band} if band else record), []


def _shaped(record: dict[str, Any]) -> tuple[Instrument, list[tuple[str, str]]] | None:
    """Return instrument and answers of a record that has the shape of a questionnaire's."""
    key, listed = record.get("instrument"), record.get("answers")
    if record.get("record") != ANSWERED or not isinstance(key, str) or key not in instruments():
        return None
    if not instruments()[key].items:
        return None  # nothing that could be answered
    answers = [
        (answer["item"], answer["answer"])
        for answer in (listed if isinstance(listed, list) else ())
        if isinstance(answer, dict) and isinstance(answer.get("item"), str) and isinstance(answer.get("answer"), str)
    ]
    return (instruments()[key], answers) if isinstance(listed, list) and len(answers) == len(listed) else None


def _fault(instrument: Instrument, given: dict[str, str], item: str, answer: str, where: str) -> Issue | None:
    if item in instrument.mistaken:
        return issue("instrument-mistaken", where, name=instrument.name, item=item, right=instrument.mistaken[item])
    if item not in instrument.items:
        return issue("instrument-item", f"{where}/item", name=instrument.name, item=item)
    if item in given:
        return issue("instrument-item-twice", f"{where}/item", item=item)
    allowed = instrument.items[item].answers
    if answer not in allowed:
        known = ", ".join(f"{code} ({one.display})" for code, one in allowed.items())
        return issue("instrument-answer", f"{where}/answer", item=item, known=known)
    return None


def _total(instrument: Instrument, given: dict[str, str], issues: list[Issue], where: str) -> int | None:
    """Add up the ordinals; None where the instrument isn't scored, or a question that counts isn't answered."""
    if instrument.total is None:
        return None
    counting = [item for item in instrument.items.values() if item.scored]
    missing = [item.code for item in counting if item.code not in given]
    if missing:
        issues.append(
            issue("instrument-incomplete", where, name=instrument.name, missing=len(missing), all=len(counting))
        )
        return None
    return sum(item.answers[given[item.code]].ordinal or 0 for item in counting)


def _band(instrument: Instrument, total: int, sex: str | None, issues: list[Issue], where: str) -> str | None:
    if not instrument.bands_by_sex:
        return _within(instrument.bands, total)
    if sex is not None and sex in instrument.bands_by_sex:
        return _within(instrument.bands_by_sex[sex], total)
    possible = {_within(bands, total) for bands in instrument.bands_by_sex.values()}
    if len(possible) == 1:
        return possible.pop()
    issues.append(issue("instrument-band-open", where, name=instrument.name, total=total))
    return None


def _level(instrument: Instrument, given: dict[str, str], issues: list[Issue], where: str) -> str | None:
    """Return the gravest level that an answer means."""
    alarming = {item for item, answer in given.items() if (item, answer) in instrument.alerts}
    found = next((name for name, items in instrument.levels if items & alarming), None)
    gravest, _ = instrument.levels[0]
    asked = [one for one in instrument.items.values() if one.when is None or given.get(one.when[0]) == one.when[1]]
    missing = [one.code for one in asked if one.code not in given]
    if missing and found != gravest:
        issues.append(issue("instrument-level-open", where, name=instrument.name, missing=len(missing)))
        return None
    return found


def _within(bands: Bands, total: int) -> str | None:
    return next((name for start, name in reversed(bands) if total >= start), None)


def _disagreements(given: dict[str, Any], found: Score) -> list[Issue]:
    issues = []
    if "total" in given and given["total"] != found.total:
        ours = "none" if found.total is None else str(found.total)
        issues.append(issue("instrument-total", "/score/total", ours=ours))
    if "band" in given and found.band is not None and given["band"] != found.band:
        issues.append(issue("instrument-band", "/score/band", ours=found.band))
    return issues
