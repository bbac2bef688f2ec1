"""Questionnaires as data: their questions, the answers these may have, and how a total is made and read.

One TOML file an instrument, in ``data/``:

    name, title, licence   what people call it, and under which terms it may be used
    panel, total           the LOINC codes of the whole and of its total; no total: it isn't scored. A total whose
                           status is local is of the guide's own code system iop-observation
    [scoring]              the total is the sum of the answers' ordinals; every question whose answers have ordinals
                           must be answered. ``range`` bounds it; ``bands`` name what it means, each from its first
                           total on; ``bands_by_sex`` where the cut-off depends on the sex.
    [answers]              lists of answers by name, with their ordinals
    [[items]]              the questions in order, none where a clinician rates and tells the total; ``text`` only
                           where the licence lets it be carried; ``when`` names the answer to another question without
                           which this one isn't asked
    [[alerts]]             answers that need a follow-up, whatever the total
    [[levels]]             what answers mean where there is no total, the gravest first: an alert to one of a level's
                           ``items`` finds it
    [[mistaken]]           codes that data in the wild puts in the place of a question's; taken, never scored

``status`` beside a code says how well it is known: verified, secondary or local.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER: Final = Path(__file__).with_name("data")

Bands = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Coded:
    """A code, its display, and how well it is known: a LOINC code, but where its status is local."""

    code: str
    display: str
    status: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that a question may have; ``ordinal`` is what it adds to the total, None where it adds nothing."""

    code: str
    display: str
    ordinal: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """A question: its LOINC code, its wording (empty where it may not be carried), and its answers by code.

    ``when`` is the question and answer without which it isn't asked; None where it always is.
    """

    code: str
    text: str
    answers: Mapping[str, Answer]
    when: tuple[str, str] | None = None

    @property
    def scored(self) -> bool:
        """Whether its answers count."""
        return all(answer.ordinal is not None for answer in self.answers.values())


@dataclass(frozen=True, slots=True)
class Instrument:
    """One questionnaire. ``alerts`` holds pairs of question and answer; ``mistaken`` the right code of a wrong one.

    ``levels`` are what its answers mean where there is no total, the gravest first, each with the questions that tell.

    One without ``items`` is a scale that a clinician rates: its total comes from there, its bands from here.
    """

    key: str
    name: str
    title: str
    licence: str
    panel: Coded | None
    total: Coded | None
    range: tuple[int, int]
    bands: Bands
    bands_by_sex: Mapping[str, Bands]
    items: Mapping[str, Item]
    alerts: frozenset[tuple[str, str]]
    levels: tuple[tuple[str, frozenset[str]], ...]
    mistaken: Mapping[str, str]


@cache
def instruments() -> Mapping[str, Instrument]:
    """Return the instruments at hand, by key (``phq-9``)."""
    return MappingProxyType({path.stem: _read(path) for path in sorted(_FOLDER.glob("*.toml"))})


def _read(path: Path) -> Instrument:
    found = tomllib.loads(path.read_text("utf-8"))
    answers = {
        name: {answer["code"]: Answer(answer["code"], answer["display"], answer.get("ordinal")) for answer in listed}
        for name, listed in found.get("answers", {}).items()
    }
    items = {item["code"]: _item(item, answers[item["answers"]]) for item in found.get("items", ())}
    scoring: dict[str, Any] = found.get("scoring", {})
    low, high = scoring.get("range", (0, 0))
    return Instrument(
        key=path.stem,
        name=found["name"],
        title=found["title"],
        licence=found["licence"],
        panel=Coded(**found["panel"]) if "panel" in found else None,
        total=Coded(**found["total"]) if "total" in found else None,
        range=(low, high),
        bands=_bands(scoring.get("bands", ())),
        bands_by_sex={sex: _bands(bands) for sex, bands in scoring.get("bands_by_sex", {}).items()},
        items=items,
        alerts=frozenset((alert["item"], answer) for alert in found.get("alerts", ()) for answer in alert["answers"]),
        levels=tuple((level["name"], frozenset(level["items"])) for level in found.get("levels", ())),
        mistaken={mistaken["item"]: mistaken["for"] for mistaken in found.get("mistaken", ())},
    )


def _item(found: dict[str, Any], answers: Mapping[str, Answer]) -> Item:
    when = found.get("when")
    return Item(found["code"], found.get("text", ""), answers, (when["item"], when["answer"]) if when else None)


def _bands(listed: Any) -> Bands:
    return tuple((start, name) for start, name in listed)
