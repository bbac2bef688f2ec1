"""What the commands load: the bundled mappings, and the site's own over them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from fhir_iop.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from fhir_iop.definitions import Definitions
    from fhir_iop.mapping import Mappings

KIND = "record"


def definitions_of(settings: Settings) -> Definitions:
    """Return what the settings load of the standard and of guides; warnings go to standard error."""
    from fhir_iop.definitions import configured

    definitions, warnings = configured(settings)
    for warning in warnings:
        click.echo(f"{warning.details} ({warning.rule})", err=True)
    return definitions


def mappings_of(settings: Settings) -> Mappings:
    """Return the mappings that the settings name. Raises Unusable with every fault."""
    from fhir_iop.api import load_mappings

    return load_mappings(settings, definitions_of(settings))


def folders_of(settings: Settings) -> list[Path]:
    """Return the folders that mappings lie in; what is in a later one takes the place of what is in an earlier."""
    from fhir_iop.api import mapping_folders

    return mapping_folders(settings)


def known(kind: str, kinds: Iterable[str]) -> str:
    """Return ``kind``. Raises click.ClickException where no such kind of record is mapped."""
    from fhir_iop.mapping.refusal import hint

    kinds = list(kinds)
    if kind not in kinds:
        words = hint(kind, kinds) or f" Known: {', '.join(kinds)}."
        raise click.ClickException(f"No kind of record called `{kind}` is mapped.{words}")
    return kind


__all__ = ["Settings", "definitions_of", "folders_of", "known", "mappings_of"]
