"""`fhir-iop mapping explain`: each element of a record's resources, the rule that wrote it, the field it is from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from fhir_iop.cli.mapping.loaded import Settings, mappings_of

if TYPE_CHECKING:
    from fhir_iop.issue import Issue
    from fhir_iop.mapping import Mappings
    from fhir_iop.mapping.reports.explaining import Explained


@click.command()
@click.argument("record", metavar="RECORD")
@click.option("--provenance", is_flag=True, help="Write Provenance resources instead, one a line, one a resource.")
def command(*, record: str, provenance: bool) -> None:
    """Tell of each element that a record becomes: the rule that wrote it (file:line), and the record's field.

    RECORD is a file of one record, of several (an array or NDJSON), or - for standard input. Values aren't shown:
    fields are JSON pointers into the record, elements their way from the resource. What is put on after mapping, the
    labels of 42 CFR Part 2, isn't any rule's and isn't shown either.

    With --provenance the same is written as FHIR: a Provenance whose entities are the elements and their sources,
    labelled as the resource itself is.

    \b
    Examples:    fhir-iop mapping explain record.json
                 fhir-iop mapping explain record.json --provenance > provenance.ndjson
    Exit status: 0 all was explained, 1 a record was refused, 2 it could not run.
    """
    from fhir_iop.cli.sources import files, texts
    from fhir_iop.errors import BadInput
    from fhir_iop.fhir import json

    mappings = mappings_of(Settings.from_environment())
    at, refused = datetime.now(UTC), False
    for text in (text for file in files((record,)) for text in texts(file)):
        try:
            found = json.decode(text.raw)
        except BadInput as error:
            refused = True
            _refuse(f"{text.file}:{text.line}", list(error.issues))
            continue
        for one in found if isinstance(found, list) else [found]:
            explained, issues = _explained(mappings, one)
            refused = refused or not explained
            _refuse(f"{text.file}:{text.line}", issues)
            if provenance:
                _write(mappings, one, explained, at)
            else:
                _tell(explained)
    raise SystemExit(1 if refused else 0)


def _explained(mappings: Mappings, record: Any) -> tuple[list[Explained], list[Issue]]:
    """Return the explanation of one record; none, with the reasons, where it is refused."""
    from fhir_iop.instruments import scored
    from fhir_iop.issue import has_errors
    from fhir_iop.mapping.reports.explaining import explain

    whole, issues = scored(record) if isinstance(record, dict) else (record, [])
    mapped = mappings.to_fhir(whole)
    issues = issues + mapped.issues
    if has_errors(issues):
        return [], issues
    return explain(mappings.compiled(whole["record"]).plan, whole, mapped.resources), issues


def _tell(explained: list[Explained]) -> None:
    for one in explained:
        click.echo(f"{one.resource['resourceType']}/{one.resource['id']}")
        width = max(len(origin.path) for origin in one.origins)
        place = max(len(origin.where) for origin in one.origins)
        for origin in one.origins:
            source = f"  <- {origin.pointer}" if origin.pointer else ""
            click.echo(f"  {origin.path:{width}}  <- {origin.where:{place}}  {origin.rule}{source}")


def _write(mappings: Mappings, record: dict[str, Any], explained: list[Explained], at: datetime) -> None:
    """Write the Provenance of each resource, with the labels that follow from what the resource carries."""
    from fhir_iop import consent
    from fhir_iop.fhir import json
    from fhir_iop.mapping.reports.provenance import provenance

    if not explained:
        return
    system = mappings.compiled(record["record"]).plan.context.system(record["record"])
    resources = [one.resource for one in explained]
    made = [provenance(one, system, record["id"], at) for one in explained]
    for labelled in consent.label([*resources, *made])[len(resources) :]:
        click.echo(json.encode(labelled))


def _refuse(where: str, issues: list[Issue]) -> None:
    for found in issues:
        place = f"{found.expression}: " if found.expression else ""
        click.echo(f"{where}: {found.severity}: {place}{found.details} ({found.rule})", err=True)
