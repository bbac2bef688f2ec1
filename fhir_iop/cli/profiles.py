"""`fhir-iop profiles`: the profiles at hand, and one of them as a person reads it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.outline import Line
    from fhir_iop.definitions.schema import Structure

_GUIDE = "dev.fhir-iop.guide"


@click.group()
def command() -> None:
    """Show the profiles that resources are checked against: the guide's own, and US Core's."""


@command.command("list")
@click.option("--of", "package", default=_GUIDE, show_default=True, metavar="PACKAGE", help="The package they are in.")
def list_(package: str) -> None:
    """List profiles: id, the resource type each is of, what it derives from, and its canonical.

    \b
    fhir-iop profiles list
    fhir-iop profiles list --of hl7.fhir.us.core
    """  # click knows its mark for lines to leave alone by the character
    from fhir_iop.definitions import Definitions

    found = [(_last(each.url), each.type, _last(each.base or ""), each.canonical) for each in _profiles(package)]
    if not found:
        known = sorted({each.name for each in Definitions.bundled().packages})
        raise click.ClickException(f"There are no profiles of {package} here; there are of {', '.join(known)}.")
    widths = [max(len(row[column]) for row in found) for column in range(3)]
    for row in found:
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, [*widths, 0], strict=True)))


@command.command()
@click.argument("profile", metavar="URL")
@click.option("--all", "everything", is_flag=True, help="Also the elements of which it says no more than its type.")
def show(profile: str, everything: bool) -> None:
    """Show one profile as a tree: each element, how often, its types, bindings and constraints.

    URL is its canonical, perhaps with |version, or the last part of it. S marks what must be supported.

    \b
    fhir-iop profiles show iop-medication-request
    fhir-iop profiles show http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    """  # as above
    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.outline import outline

    definitions = Definitions.bundled()
    structure = _meant(profile, definitions)
    lines = list(outline(structure, definitions, everything=everything))
    for text, colour in _told(structure, lines):
        click.echo(click.style(text, fg=colour) if colour and sys.stdout.isatty() else text)


def _profiles(package: str) -> Iterator[Structure]:
    from fhir_iop.definitions import Definitions

    definitions = Definitions.bundled()
    for holder, url, version in definitions.canonicals("StructureDefinition"):
        if holder.name == package:
            structure = definitions.structure(f"{url}|{version}")
            if structure is not None and structure.derivation == "constraint" and structure.type != "Extension":
                yield structure


def _meant(profile: str, definitions: Definitions) -> Structure:
    if "/" not in profile:
        named = {url for _, url, _ in definitions.canonicals("StructureDefinition") if _last(url) == profile}
        profile = min(named, default=profile)
    structure = definitions.structure(profile)
    if structure is None:
        raise click.ClickException(
            f"There is no profile {profile} here; `fhir-iop profiles list` names those there are."
        )
    return structure


def _last(canonical: str) -> str:
    return canonical.partition("|")[0].rpartition("/")[2]


def _told(structure: Structure, lines: list[Line]) -> Iterator[tuple[str, str]]:
    """Yield the lines to print, each with its colour on a screen."""
    yield structure.canonical, "green"
    yield f"{structure.type}, derived from {structure.base}", ""
    name_width = max(2 * line.depth + len(line.name) for line in lines)
    for line in lines:
        name = f"{'  ' * line.depth}{line.name}".ljust(name_width)
        flag = "S" if line.is_must_support else " "
        yield f"{name}  {line.cardinality:<5} {flag}  {line.types}".rstrip(), ""
        margin = " " * (name_width + 11)
        for asked in line.asked:
            yield f"{margin}{asked}", "cyan"
        for constraint in line.constraints:
            said = constraint.human or constraint.expression
            yield f"{margin}{constraint.key} ({constraint.severity}): {said}", "yellow"
