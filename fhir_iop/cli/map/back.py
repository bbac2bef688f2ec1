"""The way back: resources that were mapped from records become these records again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from fhir_iop.cli.map.mapper import told
from fhir_iop.cli.map.writing import opened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fhir_iop.issue import Issue
    from fhir_iop.settings import Settings


def back_to_records(settings: Settings, sources: tuple[str, ...], output: str | None) -> int:
    """Write the records that resources are of; return the exit status."""
    from fhir_iop.cli.mapping.loaded import mappings_of
    from fhir_iop.cli.sources import files, texts
    from fhir_iop.errors import BadInput
    from fhir_iop.fhir import json

    refused = 0
    resources: list[Any] = []
    mappings = mappings_of(settings)
    for text in (text for file in files(sources) for text in texts(file)):
        try:
            resources += _held(json.decode(text.raw))
        except BadInput as error:
            refused += 1
            _tell(f"{text.file}:{text.line}", error.issues)
    unmapped = mappings.to_records(resources)
    _tell("", unmapped.issues)
    refused += sum(found.is_error for found in unmapped.issues)
    with opened(output) as out:
        for record in unmapped.records:
            out.write(json.encode(record) + b"\n")
    left = f", {refused} errors" if refused else ""
    click.echo(f"{len(resources)} resources mapped back to {len(unmapped.records)} records{left}.", err=True)
    return 1 if refused else 0


def _tell(where: str, issues: Iterable[Issue]) -> None:
    for line in told(where, issues):
        click.echo(line, err=True)


def _held(found: Any) -> list[Any]:
    """Return the resources in what was read: itself, an array's items, a Bundle's entries."""
    if isinstance(found, list):
        return [inner for item in found for inner in _held(item)]
    if isinstance(found, dict) and found.get("resourceType") == "Bundle":
        entries = found.get("entry")
        listed = entries if isinstance(entries, list) else []
        return [entry["resource"] for entry in listed if isinstance(entry, dict) and "resource" in entry]
    return [found]
