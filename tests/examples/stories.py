"""The stories as they are written by hand: the program's records, and what no record says."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES: Final = data.folder("examples")
STORIES: Final = sorted(folder for folder in EXAMPLES.iterdir() if (folder / "records.json").is_file())
SETTINGS: Final = replace(Settings(), pharmacy_url="https://pharmacy.example/$process-message")
ZONE: Final = ZoneInfo(SETTINGS.time_zone)

RECORDS: Final = "records.json"
BY_HAND: Final = "by-hand.json"
STORY: Final = "STORY.md"

# The field that says when a record was made, for the kinds that have several times; the others have one of _TIMES.
_TIME_OF: Final = {"dispense": "handed_over", "prescription-status": "changed", "discharge": "written"}
_TIMES: Final = ("at", "written", "signed", "recorded", "noted", "collected", "given", "start")


def records_of(story: Path) -> list[dict[str, Any]]:
    """Return what the program recorded."""
    found: list[dict[str, Any]] = json.decode((story / RECORDS).read_bytes())
    return found


def by_hand(story: Path) -> list[dict[str, Any]]:
    """Return what no record says, written as FHIR."""
    path = story / BY_HAND
    found: list[dict[str, Any]] = json.decode(path.read_bytes()) if path.exists() else []
    return found


def moment(record: dict[str, Any]) -> datetime | None:
    """Return when ``record`` was made; None for what has no time: a person, an organization."""
    kind = record["record"]
    names = (_TIME_OF[kind],) if kind in _TIME_OF else _TIMES
    told = next((record[name] for name in names if name in record), record.get("booking", {}).get("start"))
    if told is None:
        return None
    found = datetime.fromisoformat(told)
    return found if found.tzinfo else found.replace(tzinfo=ZONE)
