"""What the commands that read JSON read from: files, folders, NDJSON of any length, standard input; always as text."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

import click

from fhir_iop.errors import BadInput
from fhir_iop.fhir import json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

STANDARD_INPUT = "-"
STANDARD_INPUT_NAME = "standard input"

LINE_SUFFIXES = (".ndjson", ".jsonl")
JSON_SUFFIXES = (".json", *LINE_SUFFIXES)
_NOT_RESOURCES = frozenset({"package.json"})  # a package's manifest; what begins with a dot is left out too


class Text(NamedTuple):
    """The text of one resource: the file it comes from, and the line of the file that it begins on."""

    file: str
    line: int
    raw: bytes


def files(sources: Iterable[str], suffixes: tuple[str, ...] = JSON_SUFFIXES) -> list[str]:
    """Return the files to read: each source itself, and for a folder all below it that end in one of ``suffixes``.

    A folder's are sorted. Raises click.ClickException for a source that doesn't exist, and for a folder without any
    such file.
    """
    found: list[str] = []
    for source in sources:
        if source == STANDARD_INPUT:
            found.append(source)
        elif Path(source).is_dir():
            inside = sorted(_below(source, suffixes))
            if not inside:
                raise click.ClickException(f"{source} holds no {_listed(suffixes)} file.")
            found += inside
        elif Path(source).exists():
            found.append(source)
        else:
            raise click.ClickException(f"{source} does not exist.")
    return found


def may_hold_resources(name: str, suffixes: tuple[str, ...]) -> bool:
    """Whether a file of this name, in a folder or archive, is one to read."""
    return name.lower().endswith(suffixes) and name not in _NOT_RESOURCES and not name.startswith(".")


def _below(folder: str, suffixes: tuple[str, ...]) -> Iterator[str]:
    """Yield the files below ``folder``; links to folders aren't followed, so that no circle is walked."""
    for inner, _, names in os.walk(folder):
        for name in names:
            path = Path(inner, name)
            if may_hold_resources(name, suffixes) and path.is_file():
                yield str(path)


def _listed(suffixes: tuple[str, ...]) -> str:
    return f"{', '.join(suffixes[:-1])} or {suffixes[-1]}"


def texts(file: str) -> Iterator[Text]:
    """Yield the texts in ``file``: one, or one a line where its name or its first line says that it is NDJSON.

    Raises click.ClickException when the file can't be read.
    """
    with opened(file) as (name, lines):
        yield from _split(lines, name)


@contextmanager
def opened(file: str) -> Iterator[tuple[str, IO[bytes]]]:
    """Open ``file``, or standard input, and give the name that findings call it by, and its bytes.

    Raises click.ClickException when it can't be read.
    """
    try:
        if file == STANDARD_INPUT:
            yield STANDARD_INPUT_NAME, sys.stdin.buffer
            return
        with Path(file).open("rb") as lines:
            yield file, lines
    except OSError as error:
        raise click.ClickException(f"{file} can't be read: {error.strerror or 'an input error'}.") from None


def _split(lines: IO[bytes], name: str) -> Iterator[Text]:
    first = lines.readline()
    if not is_object(first) and not name.endswith(LINE_SUFFIXES):  # a broken first line loses no other
        yield Text(name, 1, first + lines.read())
        return
    if first.strip():
        yield Text(name, 1, first)
    for number, line in enumerate(lines, 2):
        if line.strip():
            yield Text(name, number, line.rstrip())


def is_object(line: bytes) -> bool:
    """Whether this is a JSON object."""
    try:
        json.decode_object(line)
    except BadInput:
        return False
    return True
