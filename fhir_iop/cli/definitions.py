"""`fhir-iop definitions`: build compact facts from official packages."""

from __future__ import annotations

import sys
from pathlib import Path

import click


@click.group()
def command() -> None:
    r"""Work with what the standard and the guides say.

    fhir-iop carries FHIR R4 and US Core as compact facts (paths, types, cardinalities, bindings, codes, invariants,
    search parameters), built from the official packages and holding none of their prose.
    """


@command.command()
@click.option(
    "--package",
    "archive",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="An official FHIR package, name-version.tgz.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder that the facts file and its entry in SOURCES are written to.",
)
def build(archive: Path, output: Path) -> None:
    r"""Turn an official package into a facts file.

    \b
    fhir-iop definitions build --package hl7.fhir.r4.core-4.0.1.tgz   -o profiles/r4
    fhir-iop definitions build --package hl7.fhir.us.core-6.1.0.tgz   -o profiles/us-core

    The same package gives the same file. SOURCES, beside it, says what it was made from: name, version, hash, licence
    and this command. Only a package whose licence permits it belongs into a folder that is passed on.
    """
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    from fhir_iop.definitions.build import build as make

    with Progress(console=Console(file=sys.stderr), transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(archive.name, total=None)
        built = make(archive, output, told=lambda done, of: progress.update(task, completed=done, total=of))
    table = Table(title=f"{built.name} {built.version}")
    table.add_column("kind")
    table.add_column("facts", justify="right")
    for kind, count in built.counts.items():
        table.add_row(kind, f"{count:,}")
    Console().print(table)
    click.echo(f"{built.path}: {built.size:,} bytes")
