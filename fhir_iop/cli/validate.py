"""`fhir-iop validate`: check FHIR resources, and tell what is wrong with them and where."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fhir_iop.cli.sources import Text
    from fhir_iop.issue import Issue
    from fhir_iop.validation import Validator


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="FILES...")
@click.option("--profile", "profiles", multiple=True, metavar="URL", help="Check against this profile too.")
@click.option(
    "--package", "packages", multiple=True, metavar="PACKAGE", help="Load a FHIR package: FILE.tgz or name#version."
)
@click.option("--format", "form", type=click.Choice(["text", "json", "outcome"]), default="text", show_default=True)
@click.option("--strict", is_flag=True, help="Profiles and extensions that aren't at hand are errors, not warnings.")
@click.option("--best-practice", is_flag=True, help="Tell also what the standard recommends as best practice.")
def command(
    *,
    sources: tuple[str, ...],
    profiles: tuple[str, ...],
    packages: tuple[str, ...],
    form: str,
    strict: bool,
    best_practice: bool,
) -> None:
    """Check resources against FHIR R4, the profiles they claim in meta.profile, and each --profile.

    FILES are JSON or NDJSON files (one resource a line), folders that hold such files, or - for standard input. A
    Bundle is checked with all it holds. US Core 6.1.0 and 7.0.0 are at hand; --package adds others.

    \b
    text     one line a finding: file:line:column, severity, where in the resource, rule, words
    json     one object a line and finding
    outcome  one OperationOutcome a line and resource

    \b
    Examples:    fhir-iop validate patient.json orders.ndjson
                 cat bundle.json | fhir-iop validate --format json -
    Exit status: 0 no errors, 1 errors were found, 2 it could not run.
    """
    from fhir_iop.cli.sources import files, texts

    to_read = files(sources)
    validator = _validator(packages, strict=strict, best_practice=best_practice)
    validator.require(profiles)
    tell = {"text": _tell_text, "json": _tell_json, "outcome": _tell_outcome}[form]
    has_errors = False
    with _progress(to_read) as step:
        for file in to_read:
            for text in texts(file):
                found = [_in_file(issue, text) for issue in validator.validate_text(text.raw, profiles)]
                has_errors = has_errors or any(issue.is_error for issue in found)
                tell(text, found)
            step()
    raise SystemExit(1 if has_errors else 0)


def _validator(packages: Sequence[str], *, strict: bool, best_practice: bool) -> Validator:
    from fhir_iop.definitions import configured
    from fhir_iop.settings import Settings
    from fhir_iop.validation import Validator

    definitions, warnings = configured(Settings.from_environment(), packages)
    for warning in warnings:
        click.echo(f"{warning.details} ({warning.rule})", err=True)
    unknown: Any = "error" if strict else "warning"
    return Validator(definitions, unknown_profile=unknown, unknown_extension=unknown, best_practice=best_practice)


def _in_file(issue: Issue, text: Text) -> Issue:
    """Count lines from the file's beginning, not the resource's."""
    return replace(issue, line=issue.line + text.line - 1) if issue.line else replace(issue, line=text.line)


def _tell_text(text: Text, found: Sequence[Issue]) -> None:
    for issue in found:
        position = f"{issue.line}:{issue.column}" if issue.column else str(issue.line)
        where = issue.expression or "-"
        click.echo(f"{text.file}:{position}: {issue.severity}: {where}: {issue.rule}: {issue.details}")


def _tell_json(text: Text, found: Sequence[Issue]) -> None:
    from fhir_iop.fhir import json

    resource = _name(text) if found else None
    for issue in found:
        row = {
            "file": text.file,
            "resource": resource,
            "severity": issue.severity,
            "code": issue.code,
            "rule": issue.rule,
            "expression": issue.expression,
            "line": issue.line,
            "column": issue.column,
            "message": issue.details,
        }
        click.echo(json.encode(row))


def _tell_outcome(text: Text, found: Sequence[Issue]) -> None:
    from fhir_iop.fhir import json
    from fhir_iop.fhir.outcome import operation_outcome

    outcome = operation_outcome(found)
    for told, issue in zip(outcome["issue"], found, strict=False):
        told["diagnostics"] = f"{text.file}, line {issue.line}" + (f", column {issue.column}" if issue.column else "")
    click.echo(json.encode(outcome))


def _name(text: Text) -> str | None:
    """Return ``Patient/1`` for a resource that says both, as much as it says otherwise; None where it can't be read."""
    from fhir_iop.errors import BadInput
    from fhir_iop.fhir import json

    try:
        resource = json.decode_object(text.raw)
    except BadInput:
        return None
    parts = [part for part in (resource.get("resourceType"), resource.get("id")) if isinstance(part, str)]
    return "/".join(parts) or None


@contextmanager
def _progress(to_read: Sequence[str]) -> Iterator[Callable[[], None]]:
    """Show how many files are done, on a terminal that doesn't get the findings as well."""
    if len(to_read) < 2 or not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda: None
        return
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress

    with Progress(
        *Progress.get_default_columns(), MofNCompleteColumn(), console=Console(stderr=True), transient=True
    ) as progress:
        task = progress.add_task("Checking", total=len(to_read))
        yield lambda: progress.advance(task)
