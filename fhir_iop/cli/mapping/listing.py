"""`fhir-iop mapping list`: the kinds of records that are mapped, and to what."""

from __future__ import annotations

import click

from fhir_iop.cli.mapping.loaded import Settings, mappings_of


@click.command()
def command() -> None:
    """List the kinds of records that are mapped: file, number of rules, and the resources that each becomes."""
    mappings = mappings_of(Settings.from_environment())
    plans = [mappings.compiled(kind).plan for kind in mappings.kinds]
    widths = [max(len(plan.kind) for plan in plans), max(len(plan.file) for plan in plans)]
    for plan in plans:
        made = dict.fromkeys(resource.role.resource for resource in plan.resources)
        rules = f"{len(plan.leaves):4} rules"
        click.echo(f"{plan.kind:{widths[0]}}  {plan.file:{widths[1]}}  {rules}  {', '.join(made)}")
