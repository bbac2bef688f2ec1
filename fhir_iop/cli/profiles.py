"""`fhir-iop profiles`: the profiles at hand, and one of them as a person reads it."""

from __future__ import annotations

import sys
import textwrap
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.outline import Line
    from fhir_iop.definitions.schema import Structure
    from fhir_iop.definitions.words import Words

_GUIDE = "dev.fhir-iop.guide"
_WIDTH = 100


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

    URL is its canonical, perhaps with |version, or the last part of it. S marks what must be supported. Of the guide's
    own it also says in words what they are for, and of each constraint what happens otherwise.

    \b
    fhir-iop profiles show iop-medication-request
    fhir-iop profiles show http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient
    """  # as above
    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.outline import outline
    from fhir_iop.definitions.words import words

    definitions = Definitions.bundled()
    structure = _meant(profile, definitions)
    lines = list(outline(structure, definitions, everything=everything))
    for text, colour in _told(structure, lines, words(_of_the_guide(structure.url))):
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


def _of_the_guide(url: str) -> Iterator[dict[str, Any]]:
    """Go through the guide's resources of a profile: its own, and those that it derives from."""
    from fhir_iop import data
    from fhir_iop.fhir import json

    while (file := data.folder("profiles") / "iop" / f"StructureDefinition-{_last(url)}.json").is_file():
        resource = json.decode_object(file.read_bytes())
        if resource["url"] != url:
            return
        yield resource
        url = resource["baseDefinition"]


def _last(canonical: str) -> str:
    return canonical.partition("|")[0].rpartition("/")[2]


def _told(structure: Structure, lines: list[Line], words: Words) -> Iterator[tuple[str, str]]:
    """Yield the lines to print, each with its colour on a screen."""
    yield structure.canonical, "green"
    yield f"{structure.type}, derived from {structure.base}", ""
    if structure.context:
        yield f"Stands on {', '.join(expression for _, expression in structure.context)}", ""
    if words.title:
        yield from ((line, "") for line in textwrap.wrap(f"{words.title}. {words.description}", _WIDTH))
    name_width = max(2 * line.depth + len(line.name) for line in lines)
    for line in lines:
        name = f"{'  ' * line.depth}{line.name}".ljust(name_width)
        flag = "S" if line.is_must_support else " "
        yield f"{name}  {line.cardinality:<5} {flag}  {line.types}".rstrip(), ""
        margin = " " * (name_width + 11 if line.depth else 4)
        if line.id in words.shorts:
            yield f"{margin}{words.shorts[line.id]}", ""
        for asked in line.asked:
            yield f"{margin}{asked}", "cyan"
        for constraint in line.constraints:
            said = constraint.human or constraint.expression
            yield f"{margin}{constraint.key} ({constraint.severity}): {said}", "yellow"
            if constraint.key in words.risks:
                yield f"{margin}  {words.risks[constraint.key]}", ""
