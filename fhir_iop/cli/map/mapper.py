"""From records to resources that may leave, a batch of records at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from fhir_iop.issue import Issue
    from fhir_iop.mapping import Mappings
    from fhir_iop.settings import Settings
    from fhir_iop.validation import Validator


class Item(NamedTuple):
    """What may be a record, or several: as text, or as a record out of a row with what was amiss with it.

    ``where`` says where it stands.
    """

    where: str
    raw: bytes = b""
    record: Any = None
    issues: tuple[Issue, ...] = ()


@dataclass
class Outcome:
    """What became of some records: their resources in JSON, a line of words for each thing amiss, and how many."""

    resources: list[bytes] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    count: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Mapper:
    """Takes records to resources that may leave: scored, mapped, labelled, validated."""

    mappings: Mappings
    validator: Validator
    base: str
    lenient: bool

    @classmethod
    def of(cls, settings: Settings, *, lenient: bool) -> Mapper:
        """Return a mapper with the mappings and definitions that the settings name."""
        from fhir_iop.api import load_mappings
        from fhir_iop.definitions import configured
        from fhir_iop.validation import Validator

        definitions, warnings = configured(settings)
        for warning in warnings:
            click.echo(f"{warning.details} ({warning.rule})", err=True)
        mappings = load_mappings(settings, definitions)
        return cls(mappings, Validator(definitions, unknown_profile="error"), settings.base_url, lenient)

    # --- what there is to map ----------------------------------------------------------------------------------------

    def texts(self, sources: tuple[str, ...]) -> Iterator[Item]:
        """Yield the texts of JSON files, one a record where they are NDJSON."""
        from fhir_iop.cli.sources import files, texts

        for file in files(sources):
            for text in texts(file):
                yield Item(f"{text.file}:{text.line}", text.raw)

    def rows(self, sources: tuple[str, ...], columns: Path) -> Iterator[Item]:
        """Yield the rows of CSV files whose columns ``columns`` names."""
        from fhir_iop.cli.sources import files, opened
        from fhir_iop.errors import BadInput
        from fhir_iop.mapping.csv import read_columns, records

        layout = read_columns(columns, self.mappings)
        for file in files(sources, (".csv", ".tsv", ".txt")):
            with opened(file) as (name, raw):
                try:
                    for row in records(raw, layout, lenient=self.lenient):
                        yield Item(f"{name}:{row.line}", record=row.record, issues=tuple(row.issues))
                except BadInput as error:
                    yield Item(f"{name}:1", issues=error.issues)

    # --- what becomes of it ------------------------------------------------------------------------------------------

    def mapped(self, items: Iterable[Item]) -> Outcome:
        """Return what becomes of ``items``; the resources of a record with an error are left out."""
        outcome = Outcome()
        for item in items:
            if item.raw:
                self._text(item, outcome)
            else:
                self._record(item.record, item.where, item.issues, outcome)
        return outcome

    def _text(self, item: Item, outcome: Outcome) -> None:
        from fhir_iop.errors import BadInput
        from fhir_iop.fhir import json

        try:
            found = json.decode(item.raw)
        except BadInput as error:
            self._record(None, item.where, error.issues, outcome)
            return
        if not isinstance(found, list):
            self._record(found, item.where, (), outcome)
            return
        for number, record in enumerate(found, 1):
            self._record(record, f"{item.where.rpartition(':')[0]}: record {number}", (), outcome)

    def _record(self, record: Any, where: str, issues: Iterable[Issue], outcome: Outcome) -> None:
        from fhir_iop.fhir import json
        from fhir_iop.flow import to_resources
        from fhir_iop.issue import has_errors

        found = list(issues)
        if not has_errors(found):
            mapped = to_resources(self.mappings, record, lenient=self.lenient)
            found += mapped.issues
            found += [one for made in mapped.resources for one in self.validator.validate(made) if one.is_error]
            if not has_errors(found):
                outcome.resources += map(json.encode, mapped.resources)
                where = f"{where} ({record['record']})"
        outcome.count += 1
        outcome.refused += has_errors(found)
        outcome.told += told(where, found)


def told(where: str, issues: Iterable[Issue]) -> list[str]:
    """Return what is amiss at a place, a line each."""
    found = []
    for issue in issues:
        if issue.severity != "information":
            place = f"{issue.expression}: " if issue.expression else ""
            said = f"{issue.severity}: {place}{issue.details} ({issue.rule})"
            found.append(f"{where}: {said}" if where else said)
    return found
