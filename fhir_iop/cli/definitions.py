"""`fhir-iop definitions`: build compact facts from official packages, and check the snapshots we generate."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from fhir_iop.definitions.snapshot.compare import Comparison

_PUBLISHED = "ours and published"
_ORACLE = "ours and oracle"
_OTHERS = "published and oracle"


@click.group()
def command() -> None:
    """Work with what the standard and the guides say.

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
    """Turn an official package into a facts file.

    \b
    fhir-iop definitions build --package hl7.fhir.r4.core-4.0.1.tgz   -o profiles/r4
    fhir-iop definitions build --package hl7.fhir.us.core-6.1.0.tgz   -o profiles/us-core

    The same package gives the same file. SOURCES, beside it, says what it was made from: name, version, hash, licence
    and this command. Only a package whose licence permits it belongs into a folder that is passed on.
    """  # click knows its mark for lines to leave alone by the character
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


@command.command("compare-snapshots", short_help="Compare the snapshots we generate with others'.")
@click.option(
    "--package",
    "archive",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A FHIR package with snapshots, name-version.tgz.",
)
@click.option(
    "--with",
    "beside",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A package that it builds on, loaded by both sides and not compared. May come several times.",
)
@click.option(
    "--oracle",
    type=click.Path(exists=True, path_type=Path),
    help="A program that generates snapshots (HL7's), to compare with those too; it needs Java and some seconds.",
)
@click.option("--json", "rows", type=click.Path(dir_okay=False, path_type=Path), help="Write one row a profile here.")
def compare_snapshots(archive: Path, beside: tuple[Path, ...], oracle: Path | None, rows: Path | None) -> None:
    """Generate a package's snapshots from its differentials, and compare them with the published ones.

    \b
    fhir-iop definitions compare-snapshots --package hl7.fhir.us.core-6.1.0.tgz
    fhir-iop definitions compare-snapshots --package hl7.fhir.us.core-6.1.0.tgz --oracle ../shared/oracle
    fhir-iop definitions compare-snapshots --package guide.tgz --with hl7.fhir.us.core-6.1.0.tgz

    Every profile of the package is generated, those that others of it build on among them. What is compared: the
    elements and their order, path, slice, slicing, min, max, types, binding, fixed and pattern, constraints, flags.
    With an oracle, the published snapshots are compared with it too, for the two don't always agree.

    \b
    Exit status: 0 all are the same, 1 some differ (they are listed, with the reason), 2 it could not run.
    """  # as above
    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.archive import PackageFiles
    from fhir_iop.definitions.resources import ResourcePackage
    from fhir_iop.definitions.snapshot.compare import WithoutSnapshots, compare, published
    from fhir_iop.definitions.snapshot.oracle import Oracle
    from fhir_iop.fhir import json

    files = PackageFiles.of_archive(archive)
    others = [ResourcePackage(PackageFiles.of_archive(each)) for each in beside]
    ours = Definitions.bundled().with_packages(ResourcePackage(WithoutSnapshots(files)), *others)
    official = {profile["url"]: profile for profile in published(files)}
    compared = {_PUBLISHED: list(compare(official, ours, official.__getitem__))}
    if oracle is not None:
        theirs = Definitions.bundled().with_packages(ResourcePackage(files), *others)
        with Oracle(oracle, [*beside, archive]) as generator:
            compared[_ORACLE] = list(compare(official, ours, generator.snapshot))
            compared[_OTHERS] = list(compare(official, theirs, generator.snapshot))
    _print_comparisons(f"{files.name} {files.version}", compared)
    if rows is not None:
        found = [(what, each) for what, group in compared.items() for each in group]
        rows.write_bytes(json.pretty([{"compared": what, **asdict(each)} for what, each in found]))
    same = all(each.agrees for what, group in compared.items() if what != _OTHERS for each in group)
    raise SystemExit(0 if same else 1)


def _print_comparisons(package: str, compared: dict[str, list[Comparison]]) -> None:
    """Print the counts as a table, then each profile that differs, why, and in what."""
    from rich.console import Console
    from rich.table import Table

    table = Table(title=f"Snapshots of {package}")
    for column in ("compared", "profiles", "the same", "elements", "differences"):
        table.add_column(column, justify="left" if column == "compared" else "right")
    for what, group in compared.items():
        same = sum(each.agrees for each in group)
        elements, differences = (sum(map(count, group)) for count in (_elements, _differences))
        table.add_row(what, f"{len(group):,}", f"{same:,}", f"{elements:,}", f"{differences:,}")
    Console().print(table)
    for what, group in compared.items():
        for each in group:
            if each.agrees or what == _OTHERS:
                continue
            click.echo(f"\n{what}: {each.profile} ({each.missing or f'{len(each.differences)} differences'})")
            for reason in each.reasons:
                click.echo(f"  Reason: {reason}")
            for one in each.differences:
                click.echo(f"    {one}")


def _elements(comparison: Comparison) -> int:
    return comparison.elements


def _differences(comparison: Comparison) -> int:
    return len(comparison.differences)
