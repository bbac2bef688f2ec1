"""The command: its options, and the way from the sources to the exit status."""

from __future__ import annotations

import sys
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from fhir_iop.cli.map.back import back_to_records
from fhir_iop.cli.map.mapper import Mapper, Outcome
from fhir_iop.cli.map.processes import outcomes
from fhir_iop.cli.map.writing import Lines, TransactionBundle, opened
from fhir_iop.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="RECORDS...")
@click.option("-o", "--output", type=click.Path(dir_okay=False), help="Write here instead of standard output.")
@click.option("--format", "form", type=click.Choice(["ndjson", "bundle"]), default="ndjson", show_default=True)
@click.option("--lenient", is_flag=True, help="Leave out fields and columns that aren't known, and say so.")
@click.option(
    "--columns",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="RECORDS are CSV, and this names their columns: NAME.columns.yaml.",
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 1024), metavar="N", help="Use up to N processes. [default: all processors]"
)
@click.option("--back", is_flag=True, help="RECORDS are FHIR resources of ours: write the records that they are of.")
def command(
    *,
    sources: tuple[str, ...],
    output: str | None,
    form: str,
    lenient: bool,
    columns: Path | None,
    jobs: int | None,
    back: bool,
) -> None:
    """Map a program's records to FHIR resources, checked against the profiles that they claim, or back.

    RECORDS are files of one record, of an array of records, or of one record a line (NDJSON); folders that hold such
    files; or - for standard input. What is refused is told on standard error: file, line, JSON pointer, words. The
    other records aren't lost. NDJSON and CSV may be of any length: memory holds some hundred records at a time, and
    where there are many, all processors work.

    With --columns they are CSV: each row a record, told by the line that it begins on. The file that names the columns
    says which field each one is, and how dates, numbers and empty cells are written:

    \b
      record: check-in
      encoding: cp1252            # utf-8 (default), cp1252, utf-16, latin-1; a byte order mark is seen
      dates: month-day-year       # iso (default), excel, excel-1904, month-day-year, day-month-year
      empty: [n/a]
      columns:
        ID: id
        Patient: patient
        When: at
        "Craving (0-10)": craving.rating
        Sex: {field: sex, words: {F: female, M: male}}
      ignore:
        Comment: for the program's own eyes

    With --back they are resources that were mapped from records, in files, NDJSON or Bundles: the records come out, one
    a line. A record made of several resources needs all of them among RECORDS, which are held in memory at once.

    \b
    ndjson  one resource a line
    bundle  one transaction Bundle, to be sent to a FHIR endpoint

    \b
    Examples:    fhir-iop map records.ndjson -o resources.ndjson
                 fhir-iop map --format bundle examples/01-depression-titration/records.json
                 fhir-iop map --columns check-ins.columns.yaml check-ins.csv
                 fhir-iop map --back resources.ndjson
    Exit status: 0 all was mapped, 1 some records were refused, 2 it could not run.
    """
    if back and (columns or form == "bundle"):
        raise click.UsageError("--back writes records: it goes neither with --columns nor with a Bundle.")
    settings = Settings.from_environment()
    if back:
        raise SystemExit(back_to_records(settings, sources, output))
    mapper = Mapper.of(settings, lenient=lenient)
    items = mapper.rows(sources, columns) if columns else mapper.texts(sources)
    whole = Outcome()
    with opened(output) as out, _progress(output) as step, closing(outcomes(mapper, items, jobs)) as found:
        write = TransactionBundle(out, mapper.base) if form == "bundle" else Lines(out)
        for outcome in found:
            for line in outcome.told:
                click.echo(line, err=True)
            for resource in outcome.resources:
                write.add(resource)
            whole.count += outcome.count
            whole.refused += outcome.refused
            step(whole.count)
        write.close()
    refused = f", {whole.refused} refused" if whole.refused else ""
    click.echo(f"{whole.count - whole.refused} records mapped to {write.count} resources{refused}.", err=True)
    raise SystemExit(1 if whole.refused else 0)


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
