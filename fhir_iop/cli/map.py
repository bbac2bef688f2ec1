"""`fhir-iop map`: a program's records to FHIR."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from fhir_iop.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.cli.sources import Text
    from fhir_iop.issue import Issue
    from fhir_iop.mapping import Mappings
    from fhir_iop.validation import Validator


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="RECORDS...")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write here instead of standard output.")
@click.option("--format", "form", type=click.Choice(["ndjson", "bundle"]), default="ndjson", show_default=True)
@click.option("--lenient", is_flag=True, help="Leave out fields that the record's schema doesn't know, and say so.")
def command(*, sources: tuple[str, ...], output: str | None, form: str, lenient: bool) -> None:
    """Map a program's records to FHIR resources, checked against the profiles that they claim.

    RECORDS are files of one record, of an array of records, or of one record a line (NDJSON); folders that hold such
    files; or - for standard input. What is refused is told on standard error: file, line, JSON pointer, words. The
    other records aren't lost.

    \b
    ndjson  one resource a line
    bundle  one transaction Bundle, to be sent to a FHIR endpoint

    \b
    Examples:    fhir-iop map records.ndjson -o resources.ndjson
                 fhir-iop map --format bundle examples/01-depression-titration/records.json
    Exit status: 0 all was mapped, 1 some records were refused, 2 it could not run.
    """
    from fhir_iop.cli.sources import files, texts

    mapper = _Mapper.of(Settings.from_environment(), lenient=lenient)
    to_read = files(sources)
    with _opened(output) as out, _progress(output) as step:
        write = _Bundle(out, mapper.base) if form == "bundle" else _Lines(out)
        for file in to_read:
            for text in texts(file):
                for resource in mapper.resources(text):
                    write.add(resource)
                step(mapper.count)
        write.close()
    refused = f", {mapper.refused} refused" if mapper.refused else ""
    click.echo(f"{mapper.count - mapper.refused} records mapped to {write.count} resources{refused}.", err=True)
    raise SystemExit(1 if mapper.refused else 0)


@dataclass
class _Mapper:
    """Takes texts of records to resources that may leave: scored, mapped, labelled, validated."""

    mappings: Mappings
    validator: Validator
    base: str
    lenient: bool
    count: int = 0
    refused: int = 0

    @classmethod
    def of(cls, settings: Settings, *, lenient: bool) -> _Mapper:
        from fhir_iop.api import load_mappings
        from fhir_iop.definitions import configured
        from fhir_iop.validation import Validator

        definitions, warnings = configured(settings)
        for warning in warnings:
            click.echo(f"{warning.details} ({warning.rule})", err=True)
        mappings = load_mappings(settings, definitions)
        return cls(mappings, Validator(definitions, unknown_profile="error"), settings.base_url, lenient)

    def resources(self, text: Text) -> Iterator[dict[str, Any]]:
        """Yield the resources of the record or records in ``text``; tell what is refused, and of what is amiss."""
        from fhir_iop.errors import BadInput
        from fhir_iop.fhir import json

        try:
            found = json.decode(text.raw)
        except BadInput as error:
            self.count += 1
            self._tell(f"{text.file}:{text.line}", error.issues)
            return
        listed = isinstance(found, list)
        for number, record in enumerate(found if listed else [found], 1):
            self.count += 1
            resources, issues = self._mapped(record)
            kind = f" ({record['record']})" if resources else ""
            self._tell(f"{text.file}: record {number}{kind}" if listed else f"{text.file}:{text.line}{kind}", issues)
            yield from resources

    def _mapped(self, record: Any) -> tuple[list[dict[str, Any]], list[Issue]]:
        """Return the record's resources, none where something is an error, and what there is to say."""
        from fhir_iop.flow import to_resources
        from fhir_iop.issue import has_errors

        mapped = to_resources(self.mappings, record, lenient=self.lenient)
        issues = list(mapped.issues)
        for resource in mapped.resources:
            issues += [issue for issue in self.validator.validate(resource) if issue.is_error]
        return ([] if has_errors(issues) else mapped.resources), issues

    def _tell(self, where: str, issues: list[Issue] | tuple[Issue, ...]) -> None:
        """Say on standard error what is amiss with one record, and count it where it is refused."""
        self.refused += any(issue.is_error for issue in issues)
        for issue in issues:
            if issue.severity != "information":
                place = f"{issue.expression}: " if issue.expression else ""
                click.echo(f"{where}: {issue.severity}: {place}{issue.details} ({issue.rule})", err=True)


class _Lines:
    """Writes one resource a line."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.count = 0

    def add(self, resource: dict[str, Any]) -> None:
        from fhir_iop.fhir import json

        self.count += 1
        self._out.write(json.encode(resource) + b"\n")

    def close(self) -> None:
        """Nothing is left to write."""


class _Bundle:
    """Writes one transaction Bundle, whose entries keep their ids (https://hl7.org/fhir/R4/http.html#transaction).

    A resource that comes twice is there once, as it came last: a transaction may not write one address twice.
    """

    def __init__(self, out: IO[bytes], base: str) -> None:
        self._out = out
        self._base = base
        self._entries: dict[str, dict[str, Any]] = {}

    @property
    def count(self) -> int:
        """How many resources there are."""
        return len(self._entries)

    def add(self, resource: dict[str, Any]) -> None:
        local = f"{resource['resourceType']}/{resource['id']}"
        request = {"method": "PUT", "url": local}
        self._entries[local] = {"fullUrl": f"{self._base}/{local}", "resource": resource, "request": request}

    def close(self) -> None:
        from fhir_iop import consent
        from fhir_iop.fhir import json

        bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "transaction"}
        if self._entries:
            bundle["entry"] = list(self._entries.values())
        self._out.write(json.pretty(consent.label([bundle])[0]))


@contextmanager
def _opened(output: str | None) -> Iterator[IO[bytes]]:
    """Open what is written to; a file appears whole, when all is written."""
    if output is None or output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    half = Path(output + ".part")
    try:
        with half.open("wb") as out:
            yield out
        half.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output} can't be written: {error.strerror or 'an output error'}.") from None
    finally:
        with suppress(OSError):
            half.unlink()


@contextmanager
def _progress(output: str | None) -> Iterator[Callable[[int], None]]:
    """Show how many records are done, on a terminal that doesn't get the resources as well."""
    if not sys.stderr.isatty() or (output is None and sys.stdout.isatty()):
        yield lambda _count: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} records"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Mapping", total=None)
        yield lambda count: progress.update(task, completed=count)
