"""`fhir-iop definitions`: build compact facts from official packages, and check the snapshots we generate."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from fhir_iop.definitions.snapshot.compare import Comparison


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


@command.command("compare-snapshots")
@click.option(
    "--package",
    "archive",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A FHIR package with snapshots, name-version.tgz.",
)
@click.option(
    "--oracle",
    type=click.Path(exists=True, path_type=Path),
    help="A program that generates snapshots (HL7's), to compare with those too; it needs Java and some seconds.",
)
@click.option("--json", "rows", type=click.Path(dir_okay=False, path_type=Path), help="Write one row a profile here.")
def compare_snapshots(archive: Path, oracle: Path | None, rows: Path | None) -> None:
    r"""Generate a package's snapshots from its differentials, and compare them with the published ones.

    \b
    fhir-iop definitions compare-snapshots --package hl7.fhir.us.core-6.1.0.tgz
    fhir-iop definitions compare-snapshots --package hl7.fhir.us.core-6.1.0.tgz --oracle ../shared/oracle

    Every profile of the package is generated, those that others of it build on among them. What is compared: the
    elements and their order, path, slice, slicing, min, max, types, binding, fixed and pattern, constraints, flags.

    \b
    Exit status: 0 all are the same, 1 some differ (they are listed, with the reason), 2 it could not run.
    """
    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.archive import PackageFiles
    from fhir_iop.definitions.resources import ResourcePackage
    from fhir_iop.definitions.snapshot.compare import WithoutSnapshots, compare, published
    from fhir_iop.definitions.snapshot.oracle import Oracle
    from fhir_iop.fhir import json

    files = PackageFiles.of_archive(archive)
    definitions = Definitions.bundled().with_packages(ResourcePackage(WithoutSnapshots(files)))
    official = {profile["url"]: profile for profile in published(files)}
    compared = {"published": list(compare(official, definitions, official.__getitem__))}
    if oracle is not None:
        with Oracle(oracle, [archive]) as generator:
            compared["oracle"] = list(compare(official, definitions, generator.snapshot))
    _print_comparisons(f"{files.name} {files.version}", compared)
    found = [(against, each) for against, group in compared.items() for each in group]
    if rows is not None:
        rows.write_bytes(json.pretty([{"against": against, **asdict(each)} for against, each in found]))
    raise SystemExit(0 if all(each.agrees for _, each in found) else 1)


def _print_comparisons(package: str, compared: dict[str, list[Comparison]]) -> None:
    """Print the counts as a table, then each profile that differs, why, and in what."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Snapshots of {package}, ours against others")
    for column in ("others", "profiles", "the same", "elements", "differences"):
        table.add_column(column, justify="left" if column == "others" else "right")
    for against, group in compared.items():
        same = sum(each.agrees for each in group)
        elements, differences = (sum(map(count, group)) for count in (_elements, _differences))
        table.add_row(against, f"{len(group):,}", f"{same:,}", f"{elements:,}", f"{differences:,}")
    Console().print(table)
    for against, group in compared.items():
        for each in group:
            if each.agrees:
                continue
            click.echo(f"\n{against}: {each.profile} ({each.missing or f'{len(each.differences)} differences'})")
            for reason in each.reasons:
                click.echo(f"  Reason: {reason}")
            for one in each.differences:
                click.echo(f"    {one}")


def _elements(comparison: Comparison) -> int:
    return comparison.elements


def _differences(comparison: Comparison) -> int:
    return len(comparison.differences)
