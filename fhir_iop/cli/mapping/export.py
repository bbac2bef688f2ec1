"""`fhir-iop mapping export`: a mapping in the terms of the standard."""

from __future__ import annotations

from pathlib import Path

import click

from fhir_iop.cli.mapping.loaded import Settings, known, mappings_of


@click.command()
@click.argument("name", metavar="NAME")
@click.option("--structuremap", is_flag=True, required=True, help="As a FHIR StructureMap with its ConceptMaps.")
@click.option(
    "-o", "--output", type=click.Path(file_okay=False, path_type=Path), help="Write a file each into this folder."
)
def command(*, name: str, structuremap: bool, output: Path | None) -> None:  # the one form there is
    """Write the mapping of records of the kind NAME as a FHIR StructureMap, with a ConceptMap for each table of codes.

    A Bundle of them is written to standard output, or with -o a file each. It is the way forward: FHIR's mapping
    language has no way back, nor words for some things (an id that is a keyed hash, the offset of a local time, a dose
    as a sentence). Each is named in the documentation of its rule, in the map's description, and on standard error.

    \b
    Examples:    fhir-iop mapping export prescription --structuremap > prescription.json
                 fhir-iop mapping export prescription --structuremap -o maps/
    """
    from fhir_iop.fhir import json
    from fhir_iop.mapping.reports.structuremap import export

    mappings = mappings_of(Settings.from_environment())
    found = export(mappings.compiled(known(name, mappings.kinds)).plan)
    made = [found.structure_map, *found.concept_maps]
    for line in found.unsaid:
        click.echo(f"not said: {line}", err=True)
    if output is None:
        entries = [{"fullUrl": resource["url"], "resource": resource} for resource in made]
        click.echo(json.pretty({"resourceType": "Bundle", "type": "collection", "entry": entries}))
        return
    try:
        output.mkdir(parents=True, exist_ok=True)
        for resource in made:
            (output / f"{resource['resourceType']}-{resource['id']}.json").write_bytes(json.pretty(resource))
    except OSError as error:
        raise click.ClickException(f"{output} can't be written: {error.strerror or 'an output error'}.") from None
    click.echo(f"{len(made)} files in {output}.", err=True)
