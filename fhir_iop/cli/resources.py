"""Where a command reads resources from: a JSON file, NDJSON, standard input."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from fhir_iop.errors import BadInput
from fhir_iop.fhir import json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STANDARD_INPUT = "-"


def read_resources(file: str) -> Iterator[dict[str, Any]]:
    """Yield the resources of ``file`` (``-`` is standard input): one JSON object, or one a line.

    NDJSON is read line by line, so that a file of any size fits. Raises click.ClickException, which names the file and
    the line, where a file can't be opened or isn't JSON.
    """
    try:
        if file == STANDARD_INPUT:
            yield from _decoded(sys.stdin.buffer, "standard input")
            return
        with click.open_file(file, "rb") as lines:
            yield from _decoded(lines, file)
    except OSError as error:
        raise click.ClickException(f"{file} can't be read: {error.strerror or 'an input error'}.") from None


def _decoded(lines: Iterable[bytes], name: str) -> Iterator[dict[str, Any]]:
    """Take a first line that is a whole object for NDJSON, and anything else for one document."""
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    number, first = next(numbered, (1, b""))
    try:
        resource = json.decode_object(first)
    except BadInput:
        rest = b"".join(line for _, line in numbered)
        yield _object(first + rest, name)
        return
    yield resource
    for number, line in numbered:
        yield _object(line, f"{name}, line {number}")


def _object(raw: bytes, where: str) -> dict[str, Any]:
    try:
        return json.decode_object(raw)
    except BadInput as error:
        raise click.ClickException(f"{where}: {error}") from None
