"""`fhir-iop conformance`: run cases that others wrote, and count how often we agree."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fhir_iop.conformance import Outcome

Case = TypeVar("Case")

_folder = click.argument("folder", type=click.Path(path_type=Path))
_json = click.option("--json", "rows", type=click.Path(dir_okay=False, path_type=Path), help="Write one row a case.")
_failures = click.option("--failures", is_flag=True, help="Print the disagreements only, without the table.")


@click.group()
def command() -> None:
    """Run cases that others wrote, from a folder that holds them, and count how often we agree.

    \b
    Exit status: 0 all agree, 1 some don't, 2 the cases could not be run.
    """


@command.command("fhirpath")
@_folder
@_json
@_failures
def fhirpath(*, folder: Path, rows: Path | None, failures: bool) -> None:
    """Run HL7's FHIRPath suite: FOLDER holds tests-fhir-r4.xml and the folder input, with JSON inputs."""
    from fhir_iop.conformance.fhirpath import read, run

    _report(read(folder), run, rows, only_failures=failures)


@command.command("expressions")
@click.option(
    "--package", "packages", multiple=True, metavar="PACKAGE", help="Load a FHIR package: FILE.tgz or name#version."
)
@_json
@_failures
def expressions(*, packages: tuple[str, ...], rows: Path | None, failures: bool) -> None:
    """Compile every constraint and search parameter that R4, US Core, our guide and loaded packages publish."""
    from fhir_iop.conformance.expressions import read, run
    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.packages import load_packages

    definitions = Definitions.bundled()
    if packages:
        definitions, warnings = load_packages(packages, definitions)
        for warning in warnings:
            click.echo(warning.details, err=True)
    cases = read(definitions)
    for case in cases:
        if case.defect is not None and not failures:
            click.echo(f"A defect of the source, to be rejected: {case.id}: {case.defect}.")
    _report(cases, run, rows, only_failures=failures)


@command.command("validator")
@_folder
@_json
@_failures
def validator(*, folder: Path, rows: Path | None, failures: bool) -> None:
    """Run HL7's validator cases: FOLDER holds manifest.json and the files that it names.

    A step agrees when both validators find an error, or neither does. Steps that ran the reference validator with an
    option are counted apart.
    """
    from fhir_iop.conformance.validator import read, run, section

    _report(read(folder), run, rows, only_failures=failures, line=section)


@command.command("examples")
@_folder
@_json
@_failures
def examples(*, folder: Path, rows: Path | None, failures: bool) -> None:
    """Validate HL7's R4 examples: FOLDER holds examples.tgz, and manifest.json with what HL7's validator says of each.

    An example agrees when both validators find an error, or neither does; what is an error to HL7's only because
    content isn't at hand is left aside.
    """
    from fhir_iop.conformance.examples import read, run, summary

    _report(read(folder), run, rows, only_failures=failures, summary=summary)


def _report(
    cases: Sequence[Case],
    run: Callable[[Case], Outcome],
    rows: Path | None,
    *,
    only_failures: bool,
    line: Callable[[Outcome], str] | None = None,
    summary: Callable[[Sequence[Outcome]], str] | None = None,
) -> None:
    """Run ``cases``, print how often they agree, and end the command with the exit status that says so.

    ``line`` names the line of the table that a case is counted in, ``summary`` is one more line below it.
    """
    from fhir_iop.fhir import json

    outcomes = list(_running(cases, run))
    if rows:
        rows.write_bytes(json.pretty([outcome.row() for outcome in outcomes]))
    if not only_failures:
        _print_table(outcomes, line)
        if summary is not None:
            click.echo(summary(outcomes))
    for outcome in outcomes:
        if not outcome.agreed:
            _print_disagreement(outcome)
    raise SystemExit(0 if all(outcome.agreed for outcome in outcomes) else 1)


def _running(cases: Sequence[Case], run: Callable[[Case], Outcome]) -> Iterator[Outcome]:
    """Run one case after the other; a terminal sees how far it is, a pipe nothing."""
    from rich.console import Console
    from rich.progress import track

    for case in track(cases, "Running", console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()):
        yield run(case)


def _print_table(outcomes: list[Outcome], line: Callable[[Outcome], str] | None) -> None:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    from fhir_iop.conformance import group_of, tally

    table = Table("group", box=SIMPLE, show_footer=True)
    counts = tally(outcomes, line or group_of)
    agreed, cases = sum(count.agreed for count in counts), sum(count.cases for count in counts)
    table.columns[0].footer = "all"
    for heading, total in (("agree", agreed), ("cases", cases), ("differ", cases - agreed)):
        table.add_column(heading, justify="right", footer=str(total))
    for count in counts:
        differ = count.cases - count.agreed
        table.add_row(count.group, str(count.agreed), str(count.cases), str(differ) if differ else "")
    Console().print(table)


def _print_disagreement(outcome: Outcome) -> None:
    click.echo(outcome.id)
    for name, fact in outcome.facts.items():
        if fact not in (None, [], ""):
            click.echo(f"  {name}: {fact}")
    click.echo(f"  expected: {', '.join(outcome.expected) or '{}'}")
    click.echo(f"  found:    {', '.join(outcome.found) or '{}'}")
