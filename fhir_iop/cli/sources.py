"""Where `fhir-iop validate` reads from: files, folders, NDJSON of any length, standard input; always as text."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

import click

from fhir_iop.errors import BadInput
from fhir_iop.fhir import json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STANDARD_INPUT = "-"

_SUFFIXES = frozenset({".json", ".ndjson", ".jsonl"})
_NOT_RESOURCES = frozenset({"package.json"})  # a package's manifest; what begins with a dot is left out too


class Text(NamedTuple):
    """The text of one resource: the file it comes from, and the line of the file that it begins on."""

    file: str
    line: int
    raw: bytes


def files(sources: Iterable[str]) -> list[str]:
    """Return the files to read: each source itself, and for a folder all JSON and NDJSON below it, sorted.

    Raises click.ClickException for a source that doesn't exist, and for a folder without any such file.
    """
    found: list[str] = []
    for source in sources:
        path = Path(source)
        if source == STANDARD_INPUT or path.is_file():
            found.append(source)
        elif path.is_dir():
            inside = sorted(str(file) for file in path.rglob("*") if _may_hold_resources(file))
            if not inside:
                raise click.ClickException(f"{source} holds no .json or .ndjson file.")
            found += inside
        else:
            raise click.ClickException(f"{source} does not exist.")
    return found


def _may_hold_resources(file: Path) -> bool:
    return (
        file.suffix in _SUFFIXES
        and file.name not in _NOT_RESOURCES
        and not file.name.startswith(".")
        and file.is_file()
    )


def texts(file: str) -> Iterator[Text]:
    """Yield the resources' texts in ``file``: one, or one a line where the first line is an object in itself.

    Raises click.ClickException when the file can't be read.
    """
    try:
        if file == STANDARD_INPUT:
            yield from _split(sys.stdin.buffer, "standard input")
            return
        with Path(file).open("rb") as lines:
            yield from _split(lines, file)
    except OSError as error:
        raise click.ClickException(f"{file} can't be read: {error.strerror or 'an input error'}.") from None


def _split(lines: IO[bytes], name: str) -> Iterator[Text]:
    first = lines.readline()
    if not _is_object(first):
        yield Text(name, 1, first + lines.read())
        return
    yield Text(name, 1, first)
    for number, line in enumerate(lines, 2):
        if line.strip():
            yield Text(name, number, line.rstrip())


def _is_object(line: bytes) -> bool:
    try:
        json.decode_object(line)
    except BadInput:
        return False
    return True
