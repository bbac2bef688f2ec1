"""From records to resources that may leave, one record after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fhir_iop.cli.sources import Text
    from fhir_iop.issue import Issue
    from fhir_iop.mapping import Mappings
    from fhir_iop.settings import Settings
    from fhir_iop.validation import Validator


@dataclass
class Mapper:
    """Takes records to resources that may leave: scored, mapped, labelled, validated."""

    mappings: Mappings
    validator: Validator
    base: str
    lenient: bool
    count: int = 0
    refused: int = 0

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

    def texts(self, sources: tuple[str, ...]) -> Iterator[dict[str, Any]]:
        """Yield the resources of the records in files of JSON; tell what is refused, and what is amiss."""
        from fhir_iop.cli.sources import files, texts

        for file in files(sources):
            for text in texts(file):
                yield from self._of_text(text)

    def rows(self, sources: tuple[str, ...], columns: Path) -> Iterator[dict[str, Any]]:
        """Yield the resources of the rows of CSV files whose columns ``columns`` names."""
        from fhir_iop.cli.sources import files, opened
        from fhir_iop.errors import BadInput
        from fhir_iop.mapping.csv import read_columns, records

        layout = read_columns(columns, self.mappings)
        for file in files(sources, (".csv", ".tsv", ".txt")):
            with opened(file) as (name, raw):
                try:
                    for row in records(raw, layout, lenient=self.lenient):
                        yield from self._of_record(row.record, f"{name}:{row.line}", row.issues)
                except BadInput as error:
                    self.count += 1
                    self._refuse(f"{name}:1", error.issues)

    def _of_text(self, text: Text) -> Iterator[dict[str, Any]]:
        from fhir_iop.errors import BadInput
        from fhir_iop.fhir import json

        try:
            found = json.decode(text.raw)
        except BadInput as error:
            self.count += 1
            self._refuse(f"{text.file}:{text.line}", error.issues)
            return
        listed = isinstance(found, list)
        for number, record in enumerate(found if listed else [found], 1):
            where = f"{text.file}: record {number}" if listed else f"{text.file}:{text.line}"
            yield from self._of_record(record, where, [])

    def _of_record(self, record: Any, where: str, issues: list[Issue]) -> list[dict[str, Any]]:
        """Return the record's resources, none where something is an error, and tell what there is to say."""
        from fhir_iop.flow import to_resources
        from fhir_iop.issue import has_errors

        self.count += 1
        found, resources = list(issues), []
        if not has_errors(found):
            mapped = to_resources(self.mappings, record, lenient=self.lenient)
            found += mapped.issues
            found += [one for made in mapped.resources for one in self.validator.validate(made) if one.is_error]
            resources = [] if has_errors(found) else mapped.resources
        self._refuse(f"{where} ({record['record']})" if resources else where, found)
        return resources

    def _refuse(self, where: str, issues: list[Issue] | tuple[Issue, ...]) -> None:
        """Say what is amiss with one record, and count it where it is refused."""
        self.refused += any(issue.is_error for issue in issues)
        tell(where, issues)


def tell(where: str, issues: list[Issue] | tuple[Issue, ...]) -> None:
    """Say on standard error what is amiss at a place."""
    for issue in issues:
        if issue.severity != "information":
            place = f"{issue.expression}: " if issue.expression else ""
            told = f"{issue.severity}: {place}{issue.details} ({issue.rule})"
            click.echo(f"{where}: {told}" if where else told, err=True)
