"""`fhir-iop packages`: write the guide as a FHIR package, and list the codes it names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click


@click.group()
def command() -> None:
    """Work with the guide of the virtual IOP: profiles, codes and questionnaires, as a FHIR package."""


@command.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; by default name-version.tgz, as the guide has them.",
)
@click.option("--canonical", metavar="BASE", help="Publish under this address instead of https://example.org/fhir/iop.")
def pack(output: Path | None, canonical: str | None) -> None:
    """Write the guide as a FHIR package that any FHIR tool loads, examples included.

    \b
    fhir-iop packages pack -o guide.tgz
    fhir-iop packages pack -o guide.tgz --canonical https://iop.example/fhir

    The same guide gives the same bytes. With another canonical base everything of the guide's own moves there:
    profiles, code systems, identifiers, and the extensions that constraints look for.
    """  # click knows its mark for lines to leave alone by the character
    from fhir_iop import data
    from fhir_iop.definitions.archive import PackageFiles
    from fhir_iop.definitions.packing import pack as packed

    guide = data.folder("profiles") / "iop"
    archive = packed(guide, data.folder("examples") / "guide", canonical)
    files = PackageFiles.of_folder(guide)
    output = output or Path(f"{files.name}-{files.version}.tgz")
    try:
        output.write_bytes(archive)
    except OSError as error:
        raise click.ClickException(f"{output} can't be written: {error.strerror}.") from None
    click.echo(f"{output}: {len(archive):,} bytes")


@command.command()
@click.option("--unverified", is_flag=True, help="Only those that a terminologist still has to look at.")
def codes(unverified: bool) -> None:
    """List the codes that the guide names, and how well each is known.

    verified: code and display were read in a source derived from the terminology. secondary: in public work that says
    it copied it. local: no standard code was found, so it is one of our own. One line a code, parted by tabs: how well
    known, system, code, display, and the resource that says so. The counts go to standard error.
    """
    from fhir_iop import data
    from fhir_iop.definitions.verification import named_codes
    from fhir_iop.fhir import json

    files = sorted((data.folder("profiles") / "iop").glob("[A-Z]*.json"))
    found = named_codes(json.decode_object(file.read_bytes()) for file in files)
    for named in found:
        if not (unverified and named.verification == "verified"):
            click.echo(f"{named.verification}\t{named.system}\t{named.code}\t{named.display}\t{named.where}")
    counts = Counter(named.verification for named in found)
    told = ", ".join(f"{count} {verification}" for verification, count in counts.most_common())
    click.echo(f"{len(found)} codes: {told}.", err=True)
