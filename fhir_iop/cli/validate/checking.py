"""One batch in, what is to be told of it out: the work of the command, in this process or in another."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from fhir_iop.cli.validate.asked import RANKS
from fhir_iop.cli.validate.formats import FORMATS
from fhir_iop.cli.validate.text import texts
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from fhir_iop.cli.validate.asked import Asked
    from fhir_iop.cli.validate.pieces import Batch
    from fhir_iop.cli.validate.text import Text
    from fhir_iop.issue import Issue


@dataclass(slots=True)
class Result:
    """What checking gave: bytes to print, and counts. ``rules`` holds the first finding told of each rule."""

    told: bytes = b""
    resources: int = 0
    errors: int = 0
    warnings: int = 0
    size: int = 0
    files: int = 0
    rules: dict[str, Issue] = field(default_factory=dict)

    def add(self, other: Result) -> None:
        """Count ``other`` in; what it tells is left out."""
        self.resources += other.resources
        self.errors += other.errors
        self.warnings += other.warnings
        self.size += other.size
        self.files += other.files
        self.rules = other.rules | self.rules


@cache
def checker(asked: Asked) -> Checker:
    """Return the one checker of this process for what is asked; raises Unusable as ``Asked.validator`` does."""
    return Checker(asked)


class Checker:
    """Checks batches and puts what is found into the format that was asked for."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.validator, self.warnings = asked.validator()
        self._format = FORMATS[asked.form]
        self._least = RANKS[asked.level]

    def check(self, batch: Batch) -> Result:
        """Check all resources of ``batch``; raises nothing for whatever is in them."""
        result = Result(size=batch.size, files=batch.files)
        told: list[bytes] = []
        for part in batch.parts:
            for text in texts(part):
                result.resources += text.raw is not None
                found = self._found(text)
                if found or self._format.tells_all:
                    told += self._told(text, found, result)
        result.told = self._format.between.join(told)
        return result

    def _told(self, text: Text, found: list[Issue], result: Result) -> list[bytes]:
        """Count what was found, and return it as it is printed."""
        result.errors += sum(one.is_error for one in found)
        result.warnings += sum(one.severity == "warning" for one in found)
        shown = [one for one in found if RANKS[one.severity] <= self._least]
        if self._format.lists_rules:
            for one in shown:
                result.rules.setdefault(one.rule, one)
        return self._format.told(text, shown, len(found) - len(shown), self.validator.definitions)

    def _found(self, text: Text) -> list[Issue]:
        found = list(text.issues)
        if text.raw is not None:
            try:
                check = self.validator.validate_xml if text.is_xml else self.validator.validate_text
                found += check(text.raw, self.asked.profiles)
            except Exception as error:  # noqa: BLE001  # a fault of ours in one resource isn't the end of a million
                found.append(issue("validator-failed", error=type(error).__name__, place=_place(error)))
        return [_in_file(one, text.line) for one in found]


def _in_file(found: Issue, line: int) -> Issue:
    """Count lines from the file's beginning, not the resource's."""
    if found.line is None:
        return replace(found, line=line)
    return found if line == 1 else replace(found, line=found.line + line - 1)


def _place(error: Exception) -> str:
    """Return where in the program an error arose, for its report: it says nothing of the data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "an unknown place" if trace is None else f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
