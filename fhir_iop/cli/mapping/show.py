"""`fhir-iop mapping show`: the rules of one mapping as a person reads them, or the Python that they became."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fhir_iop.cli.mapping.loaded import Settings, known, mappings_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.mapping.plan import ResourcePlan
    from fhir_iop.mapping.reports.listing import Rule

_WIDEST = 44  # a column that one long path would otherwise push off the page


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--python", "as_python", is_flag=True, help="Print the Python source that the rules are compiled to.")
def command(*, name: str, as_python: bool) -> None:
    """Print the rules of the mapping of records of the kind NAME, each with its whole field and path.

    \b
    <->  both ways          =     always the same, or computed
    ->   to FHIR only       <-    from FHIR only

    Blocks are unfolded: a rule that stands in another file is shown where it is used, with file and line.

    \b
    Examples:    fhir-iop mapping show prescription
                 fhir-iop mapping show prescription --python
    """
    mappings = mappings_of(Settings.from_environment())
    known(name, mappings.kinds)
    if as_python:
        click.echo(mappings.source(name), nl=False)
        return
    from fhir_iop.mapping.reports.listing import rules

    plan = mappings.compiled(name).plan
    click.echo(f"{name}: {plan.file}, {len(plan.leaves)} rules")
    for field, reason in plan.dropped.items():
        click.echo(f"  dropped on purpose: {field} ({reason})")
    for resource, found in rules(plan):
        click.echo(f"\n{_title(resource)}")
        for line in _lines(found):
            click.echo(line)


def _title(resource: ResourcePlan) -> str:
    role = resource.role
    source = role.source.way if role.source is not None else ""
    made = f", one for each item of `{source}`" if role.many else f", where the record has `{source}`" if source else ""
    part = f", part `{role.name}`" if role.name else ""
    claimed = f" ({', '.join(resource.profiles)})" if resource.profiles else ""
    return f"{role.resource}{claimed}{part}{made}"


def _lines(found: list[Rule]) -> Iterator[str]:
    field = min(_WIDEST, max((len(rule.field) for rule in found), default=0))
    path = min(_WIDEST, max((len(rule.path) for rule in found), default=0))
    for rule in found:
        by = f" | {rule.by}" if rule.by and rule.arrow != "=" else f" {rule.by}" if rule.by else ""
        when = f"  when {rule.when}" if rule.when else ""
        if rule.arrow == "=":
            yield f"  {'':{field}}      {rule.path:{path}} ={by}{when}  [{rule.place}]"
        else:
            yield f"  {rule.field:{field}} {rule.arrow:>3}  {rule.path:{path}}{by}{when}  [{rule.place}]"
