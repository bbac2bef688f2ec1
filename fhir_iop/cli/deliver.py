"""`fhir-iop deliver`: send what waits in the outbox."""

from __future__ import annotations

import click

from fhir_iop.settings import Settings


@click.command()
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1), help="At most so many messages.")
def command(*, limit: int) -> None:
    """Send the prescription messages that are due, and record each answer.

    A message is tried again later when the pharmacy can't be reached; it keeps its id, so that the pharmacy never
    fills it twice. FHIR_IOP_PHARMACY_URL says where messages go.

    \b
    Exit status: 0 all that was due was answered, 1 some could not be delivered, 2 it could not run.
    """
    from fhir_iop import app

    with app.compose(Settings.from_environment()) as services:
        delivered = services.flow.deliver(limit=limit)
    for line in delivered.told():
        click.echo(line)
    raise SystemExit(0 if delivered.all_answered else 1)
