"""`fhir-iop mapping check`: load a site's folder and tell everything that is wrong with it."""

from __future__ import annotations

from pathlib import Path

import click

from fhir_iop.cli.mapping.loaded import Settings, definitions_of, folders_of


@click.command()
@click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="[FOLDER]"
)
def command(*, folder: Path | None) -> None:
    """Load the mappings of FOLDER over ours and report every error: file, line, column, words, what was perhaps meant.

    Without FOLDER, what FHIR_IOP_SITE_MAPPINGS names is loaded, as `fhir-iop serve` and `fhir-iop map` do. Everything
    that can be wrong is looked for before a single record is mapped: a field that the record's schema doesn't have, a
    path that the profile doesn't, a list into a single value, a type or unit that doesn't fit, a code that isn't in
    the value set, a word without a code, an element that is written twice or required and never, a forgotten field.

    \b
    Example:     fhir-iop mapping check our-mappings/
    Exit status: 0 nothing is wrong, 1 something is (each fault a line on standard output), 2 it could not run.
    """
    from fhir_iop.mapping.document import Problems
    from fhir_iop.mapping.loading import resolve

    settings = Settings.from_environment()
    folders = folders_of(settings) if folder is None else [*folders_of(settings)[:1], folder]
    problems = Problems()
    resolved = resolve(folders, definitions_of(settings), problems)
    for found in problems.found:
        click.echo(f"{found.expression}: {found.details} ({found.rule})")
    rules = sum(len(plan.leaves) for plan in resolved.plans)
    faults = f"{len(problems.found)} faults" if len(problems.found) != 1 else "1 fault"
    click.echo(
        f"{len(resolved.plans)} mappings, {rules} rules: {faults if problems.found else 'nothing is wrong'}.", err=True
    )
    raise SystemExit(1 if problems.found else 0)
