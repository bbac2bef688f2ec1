"""A stream of bytes taken apart: JSON lines as they come, other texts whole, compressed ones and archives unpacked.

Nothing is written to a disk, and nothing is read further than the limit on one resource's text.
"""

from __future__ import annotations

import zlib
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple

from fhir_iop.cli.sources import may_hold_resources
from fhir_iop.cli.validate.forms import look
from fhir_iop.errors import Unusable
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from gzip import GzipFile

    from fhir_iop.cli.validate.forms import Form
    from fhir_iop.issue import Issue

SUFFIXES: Final = (".json", ".ndjson", ".jsonl", ".xml", ".json.gz", ".ndjson.gz", ".jsonl.gz", ".xml.gz")
"""How files end that are read where a folder or an archive is given."""

BLOCK: Final = 524_288
TEXT_LIMIT: Final = 268_435_456  # bytes of one resource
ARCHIVE_LIMIT: Final = 500_000_000  # bytes of an archive when unpacked
UNPACKED_FROM: Final = 100_000_000  # bytes up to which text may have been compressed however well
UNPACKED_TIMES: Final = 300  # its size that compressed text may unpack to: resources as alike as can be reach 100

_GZIP: Final = b"\x1f\x8b"
_TAR: Final = slice(257, 262)  # where a tar's first header says what it is
_HEADER: Final = 4096  # compressed bytes that hold a tar's first header

# A package's folders that hold no resources (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification).
_BESIDE: Final = ("package/openapi/", "package/other/", "package/rdf/")

# What definitions/archive.py refuses → how that is told where other files were read already.
_ARCHIVE_RULES: Final = {
    "package-unsafe": "archive-unsafe",
    "package-too-large": "archive-too-large",
    "package-unreadable": "archive-unreadable",
}


class Part(NamedTuple):
    """Text of one resource, or of one a line, from ``line`` of a file on; ``issues`` are what reading it has shown.

    ``form`` is None for a file that isn't read yet. A fatal Issue says that there is nothing to check.
    """

    file: str
    form: Form | None
    line: int
    raw: bytes
    issues: tuple[Issue, ...] = ()


class Source:
    """A stream whose bytes are counted as they are taken: what is at hand first, without a wait for more."""

    def __init__(self, stream: IO[bytes] | Any) -> None:
        self._take = getattr(stream, "read1", stream.read)
        self._back = b""
        self.count = 0

    def read(self, size: int = BLOCK) -> bytes:
        """Return some bytes, ``size`` at most; none at the end."""
        if self._back:
            taken, self._back = self._back[:size], self._back[size:]
            return taken
        taken = self._take(size)
        self.count += len(taken)
        return bytes(taken)

    def peek(self, size: int) -> bytes:
        """Return the next ``size`` bytes, fewer only at the end, and let them be read again."""
        held = b""
        while len(held) < size and (taken := self.read()):
            held += taken
        self._back = held
        return held[:size]


def read(source: Source, name: str) -> Iterator[Part]:
    """Yield the parts of a stream that is called ``name``.

    What isn't FHIR, is damaged or too large is a part with a fatal Issue. Raises OSError where reading itself fails.
    """
    if source.peek(len(_GZIP)) != _GZIP:
        yield from _text(source, name)
    elif _is_archive(source.peek(_HEADER)):
        yield from _archive(source, name)
    else:
        yield from _compressed(source, name)


def _text(source: Source, name: str) -> Iterator[Part]:
    held, line = bytearray(), 1
    while True:
        block = source.read()
        held += block
        if block and held.isspace():
            line += held.count(b"\n")
            held.clear()
        if len(held) > TEXT_LIMIT:
            yield _too_large(name, line)
            return
        if block and len(held) > BLOCK and b"\n" not in block:
            continue  # within one long line: nothing new can be told
        form, start, issues = look(bytes(held), name, is_all=not block)
        if form is not None:
            break
    if any(found.is_error for found in issues):
        yield Part(name, form, line, b"", issues)
        return
    del held[:start]
    if form == "lines":
        yield from _lines(held, source, Part(name, form, line, b"", issues))
        return
    while block and len(held) <= TEXT_LIMIT:
        block = source.read()
        held += block
    yield _too_large(name, line) if len(held) > TEXT_LIMIT else Part(name, form, line, bytes(held), issues)


def _lines(held: bytearray, source: Source, first: Part) -> Iterator[Part]:
    """Yield whole lines, as many as are at hand; ``held`` was read already."""
    name, line, issues = first.file, first.line, first.issues
    end = held.rfind(b"\n") + 1
    while True:
        if end:
            yield Part(name, "lines", line, bytes(held[:end]), issues)
            line += held.count(b"\n", 0, end)
            issues = ()
            del held[:end]
        if len(held) > TEXT_LIMIT:
            yield _too_large(name, line)
            held = _after_line(source)
            line += 1
        block = source.read()
        end = len(held) + block.rfind(b"\n") + 1 if b"\n" in block else 0
        held += block
        if not block:
            break
    if held:
        yield Part(name, "lines", line, bytes(held), issues)


def _after_line(source: Source) -> bytearray:
    """Read on to the end of the line, and return what was read beyond it."""
    while block := source.read():
        _, ended, rest = block.partition(b"\n")
        if ended:
            return bytearray(rest)
    return bytearray()


def _compressed(source: Source, name: str) -> Iterator[Part]:
    import gzip  # needed by few: start-up time is measured

    line = 1
    try:
        with gzip.GzipFile(fileobj=source) as stream:  # type: ignore[call-overload]  # it only reads
            for part in _text(Source(_Unpacked(stream, source)), name):
                line = part.line + part.raw.count(b"\n")
                yield part
    except Unusable as refused:
        (why,) = refused.issues
        yield Part(name, None, line, b"", (why,))
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield Part(name, None, line, b"", (issue("compressed-damaged"),))


class _Unpacked:
    """What a compressed stream unpacks to, until that is more than anybody would have written."""

    def __init__(self, stream: GzipFile, packed: Source) -> None:
        self._stream = stream
        self._packed = packed
        self._count = 0

    def read(self, size: int) -> bytes:
        """Return some bytes. Raises Unusable for what unpacks to too much."""
        taken = self._stream.read1(size)
        self._count += len(taken)
        if self._count > UNPACKED_FROM and self._count > UNPACKED_TIMES * self._packed.count:
            raise Unusable(issue("compressed-too-large", limit=UNPACKED_TIMES))
        return taken


def _is_archive(head: bytes) -> bool:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, 512)[_TAR] == b"ustar"
    except zlib.error:
        return False


def _archive(source: Source, name: str) -> Iterator[Part]:
    from fhir_iop.definitions.archive import Limits, refusing, streams

    try:
        with refusing(name):
            for inner, stream in streams(source, name, Limits(total=ARCHIVE_LIMIT)):
                if may_hold_resources(inner.rpartition("/")[2], SUFFIXES) and not inner.startswith(_BESIDE):
                    yield from _member(Source(stream), f"{name}!/{inner}")
    except Unusable as refused:
        (why,) = refused.issues
        yield _refused(name, issue(_ARCHIVE_RULES[why.rule], limit=ARCHIVE_LIMIT))


def _member(source: Source, name: str) -> Iterator[Part]:
    """Yield the parts of an archive's member; an archive within an archive isn't opened."""
    if source.peek(len(_GZIP)) == _GZIP and not _is_archive(source.peek(_HEADER)):
        yield from _compressed(source, name)
    else:
        yield from _text(source, name)


def _too_large(name: str, line: int) -> Part:
    return Part(name, None, line, b"", (issue("text-too-large", limit=TEXT_LIMIT),))


def _refused(name: str, why: Issue) -> Part:
    return Part(name, None, 1, b"", (why,))
