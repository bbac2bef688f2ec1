"""The command: its options, and the way from the sources to the exit status."""

from __future__ import annotations

import os
import sys
from contextlib import closing
from time import perf_counter
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from fhir_iop.cli.validate.asked import Asked, Level
    from fhir_iop.cli.validate.checking import Result
    from fhir_iop.cli.validate.pieces import Batch

_ALONE: Final = 0.3  # seconds of work that this process does before others are started: most calls are done by then


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILES...")
@click.option("--profile", "profiles", multiple=True, metavar="URL", help="Check against this profile too.")
@click.option(
    "--package", "packages", multiple=True, metavar="PACKAGE", help="Load a FHIR package: FILE.tgz or name#version."
)
@click.option(
    "--definitions",
    multiple=True,
    metavar="PATH",
    help="Load profiles, value sets and other conformance resources: a JSON or XML file, or a folder of such.",
)
@click.option(
    "--questionnaire", "questionnaires", multiple=True, metavar="FILE", help="Load a Questionnaire to check answers by."
)
@click.option("--strict", is_flag=True, help="Profiles and extensions that aren't at hand are errors, not warnings.")
@click.option("--best-practice", is_flag=True, help="Tell also what the standard recommends as best practice.")
@click.option("--must-support", is_flag=True, help="Tell also which must-support elements a resource doesn't have.")
@click.option(
    "--level",
    type=click.Choice(["error", "warning", "information"]),
    default="information",
    show_default=True,
    help="Show findings of this severity and graver ones.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="error",
    show_default=True,
    help="End with status 1 for findings of this severity or graver, shown or not.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json", "outcome", "sarif"]), default="text", show_default=True
)
@click.option(
    "-j", "--jobs", type=click.IntRange(1, 1024), metavar="N", help="Use up to N processes. [default: all processors]"
)
def command(
    *,
    sources: tuple[str, ...],
    profiles: tuple[str, ...],
    packages: tuple[str, ...],
    definitions: tuple[str, ...],
    questionnaires: tuple[str, ...],
    strict: bool,
    best_practice: bool,
    must_support: bool,
    level: Level,
    fail_on: str,
    form: str,
    jobs: int | None,
) -> None:
    """Check resources against FHIR R4, the profiles they claim in meta.profile, and each --profile.

    FILES are JSON, XML or NDJSON (one resource a line, of any length), plain or compressed by gzip; .tgz packages and
    archives; folders, with all below them; or - for standard input. A Bundle is checked with all it holds. US Core
    6.1.0 and 7.0.0 are at hand; --package, --definitions and --questionnaire add others.

    \b
    text     one line a finding: file:line:column: severity: where in the resource: rule: words
    json     one object a line and finding
    outcome  one OperationOutcome a line and resource
    sarif    one SARIF 2.1.0 document, for code hosts

    \b
    Examples:
      fhir-iop validate patient.json orders.ndjson exports/
      fhir-iop validate --profile http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient patient.xml
      fhir-iop validate --package my.guide-1.0.0.tgz my.guide-1.0.0.tgz
      fhir-iop validate --questionnaire phq-9.json answers.ndjson
      cat bundle.json | fhir-iop validate --format json --level error -
      fhir-iop validate --format sarif --fail-on warning fsh-generated/ > findings.sarif

    \b
    Exit status: 0 no errors, 1 errors were found, 2 it could not run; 130 it was stopped by Ctrl-C.
    """
    from fhir_iop.cli.sources import files
    from fhir_iop.cli.validate.asked import Asked
    from fhir_iop.cli.validate.checking import Result, checker
    from fhir_iop.cli.validate.formats import FORMATS
    from fhir_iop.cli.validate.output import Output
    from fhir_iop.cli.validate.pieces import batches
    from fhir_iop.cli.validate.progress import Progress
    from fhir_iop.cli.validate.reading import SUFFIXES

    to_read = files(sources, SUFFIXES)
    asked = Asked(profiles, packages, (*definitions, *questionnaires), strict, best_practice, must_support, level, form)
    for warning in checker(asked).warnings:
        where = f"{warning.expression}: " if warning.expression else ""
        click.echo(f"{where}{warning.details} ({warning.rule})", err=True)
    whole = Result()
    output = Output(FORMATS[form])
    progress = Progress(to_read, sys.stderr)
    with closing(progress), closing(results(batches(to_read), asked, jobs)) as found:
        for result in found:
            if result.told:
                progress.hide()
            output.add(result)
            whole.add(result)
            progress.show(whole)
    output.end(whole)
    if whole.resources > 1:
        click.echo(_summary(whole, progress.seconds), err=True)
    failed = whole.errors + (whole.warnings if fail_on == "warning" else 0)
    raise SystemExit(1 if failed else 0)


def results(batches: Iterator[Batch], asked: Asked, jobs: int | None, alone: float = _ALONE) -> Generator[Result]:
    """Yield the result of each batch in order: checked here for ``alone`` seconds, then by ``jobs`` processes."""
    from fhir_iop.cli.validate.checking import checker

    check = checker(asked).check
    jobs = jobs or _processors()
    spent = 0.0
    while spent <= alone or jobs == 1:
        batch = next(batches, None)
        if batch is None:
            return
        began = perf_counter()
        result = check(batch)
        spent += perf_counter() - began
        yield result
    from fhir_iop.cli.validate.workers import Workers  # most calls need no other process, and not what it takes

    with Workers(jobs, asked) as workers:
        yield from workers.checked(batches)


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _summary(whole: Result, seconds: float) -> str:
    errors = f"{whole.errors:,} error{'' if whole.errors == 1 else 's'}"
    warnings = f"{whole.warnings:,} warning{'' if whole.warnings == 1 else 's'}"
    return f"{whole.resources:,} resources checked in {seconds:,.1f} s: {errors}, {warnings}."
