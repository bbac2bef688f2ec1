"""The sources cut into batches that can be checked apart, whatever their size: memory never holds more than some."""

from __future__ import annotations

import select
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final, NamedTuple

from fhir_iop.cli.sources import STANDARD_INPUT, STANDARD_INPUT_NAME
from fhir_iop.cli.validate.reading import BLOCK, Part, Source, read
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIRST: Final = 32_768  # bytes of the first batch: its findings are to be seen soon
_MOST: Final = BLOCK  # bytes of later ones: handing them to a process costs little beside checking them
_PATIENCE: Final = 0.02  # seconds that a stream may make us wait before what has come is checked


class Batch(NamedTuple):
    """Parts that are checked in one go; a part without a form is a file that whoever checks it reads.

    ``size`` are the bytes of the sources that the batch stands for, ``files`` how many of them end in it; ``waits``
    says that the next batch may take a while to come.
    """

    parts: tuple[Part, ...]
    size: int
    files: int
    waits: bool = False


class _Piece(NamedTuple):
    part: Part | None
    size: int
    ends: bool = False
    waits: bool = False


def batches(files: Iterable[str]) -> Iterator[Batch]:
    """Cut ``files`` (and ``-``) into batches, in their order, small ones first; they are read as batches are taken."""
    held: list[Part] = []
    size = ended = weight = 0
    enough = _FIRST
    for file in files:
        for piece in _pieces(file):
            size += piece.size
            ended += piece.ends
            if piece.part is not None:
                held.append(piece.part)
                weight += max(len(piece.part.raw), piece.size if piece.part.form is None else 0)
            if held and (weight >= enough or piece.waits):
                yield Batch(tuple(held), size, ended, piece.waits)
                held, size, ended, weight, enough = [], 0, 0, 0, min(enough * 2, _MOST)
    if held or ended:
        yield Batch(tuple(held), size, ended)


def opened(part: Part) -> Iterator[Part]:
    """Yield what a part holds: itself, or what is in the file where that wasn't read yet."""
    if part.form is not None or part.issues:
        yield part
        return
    try:
        with Path(part.file).open("rb") as stream:
            yield from read(Source(stream), part.file)
    except OSError as error:
        yield _unreadable(part.file, error)


def _pieces(file: str) -> Iterator[_Piece]:
    if file == STANDARD_INPUT:
        yield from _streamed(sys.stdin.buffer, STANDARD_INPUT_NAME)
        return
    path = Path(file)
    try:
        size = path.stat().st_size
        if path.is_file() and size <= _MOST:
            yield _Piece(Part(file, None, 1, b""), size, ends=True)
            return
        with path.open("rb") as stream:
            yield from _streamed(stream, file)
    except OSError as error:
        yield _Piece(_unreadable(file, error), 0, ends=True)


def _streamed(stream: IO[bytes], name: str) -> Iterator[_Piece]:
    source = Source(stream)
    counted = 0
    try:
        for part in read(source, name):
            yield _Piece(part, source.count - counted, waits=_waits(stream))
            counted = source.count
    except OSError as error:
        yield _Piece(_unreadable(name, error), 0)
    yield _Piece(None, source.count - counted, ends=True)


def _waits(stream: IO[bytes]) -> bool:
    """Whether nothing more is to be had of a pipe or terminal for the moment."""
    try:
        return not select.select([stream], [], [], _PATIENCE)[0]
    except (OSError, ValueError):  # nothing that can be asked, as files on Windows
        return False


def _unreadable(file: str, error: OSError) -> Part:
    return Part(file, None, 1, b"", (issue("file-unreadable", reason=error.strerror or "an input error"),))
