"""`fhir-iop sync`: take over the medication that another system knows of a patient."""

from __future__ import annotations

import click

from fhir_iop.settings import Settings


@click.command()
@click.argument("url")
@click.option("--patient", required=True, metavar="ID", help="The patient's id on the other server.")
def command(*, url: str, patient: str) -> None:
    """Pull a patient's MedicationRequests from the FHIR server at URL and keep them as reported medication.

    The patient is matched on a record number that both sides know; one who can't be matched is reported and nothing
    is stored. What was pulled twice is kept once. Each import is documented by a Provenance.

    \b
    Example:     fhir-iop sync https://ehr.example/fhir --patient 123
    Exit status: 0 all was taken over, 1 something needs a person's look, 2 it could not run.
    """
    from fhir_iop import app

    with app.compose(Settings.from_environment()) as services:
        synced = services.flow.sync(url, patient)
    for line in synced.told():
        click.echo(line)
    raise SystemExit(0 if synced.complete else 1)
