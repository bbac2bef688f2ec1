"""The notice that goes with a disclosed Part 2 record, and how far its text has been verified (``notice.toml``)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from fhir_iop.errors import Unusable
from fhir_iop.issue import issue

_FILE: Final = Path(__file__).with_name("notice.toml")


@dataclass(frozen=True, slots=True)
class Notice:
    """One version of the notice: its paragraphs in order, and those of them nobody has verified."""

    version: str
    since: date
    sources: tuple[str, ...]
    paragraphs: tuple[str, ...]
    unverified: tuple[str, ...]

    @property
    def text(self) -> str:
        """The whole notice, a paragraph a line."""
        return "\n".join(self.paragraphs)


def notice_on(day: date, text: str | None = None) -> Notice:
    """Return the notice that a disclosure on ``day`` carries.

    ``text`` is a deployment's own file in the form of ``notice.toml``. Raises Unusable where it isn't that, or where
    no version is old enough.
    """
    found = [version for version in (_bundled() if text is None else _read(text)) if version.since <= day]
    if not found:
        raise Unusable(issue("notice", reason=f"no version of it was in force on {day}"))
    return max(found, key=lambda version: version.since)


def _read(text: str) -> tuple[Notice, ...]:
    try:
        found = tomllib.loads(text)
        return tuple(
            Notice(
                version=str(row["version"]),
                since=_day(row["from"]),
                sources=tuple(row["sources"]),
                paragraphs=tuple(str(part["text"]) for part in row["part"]),
                unverified=tuple(str(part["text"]) for part in row["part"] if part["verified"] is not True),
            )
            for row in found["notice"]
        )
    except tomllib.TOMLDecodeError as error:
        raise Unusable(issue("notice", reason=str(error))) from None
    except (KeyError, TypeError) as error:
        raise Unusable(issue("notice", reason=f"{error} is missing or of the wrong kind")) from None


def _day(value: object) -> date:
    if type(value) is not date:
        raise TypeError("from")
    return value


@cache
def _bundled() -> tuple[Notice, ...]:
    return _read(_FILE.read_text("utf-8"))
