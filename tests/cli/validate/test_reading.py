"""How sources are taken apart: forms told by content, lines with their numbers, compressed ones, archives, limits."""

import gzip
import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from fhir_iop.cli.validate import pieces, reading
from fhir_iop.cli.validate.pieces import Batch, batches
from fhir_iop.cli.validate.reading import Part, Source, read
from fhir_iop.cli.validate.text import Text, texts

LINE = b'{"resourceType":"Patient"}'
PRETTY = json.dumps({"resourceType": "Patient", "id": "x"}, indent=1).encode()
XML = b'<Patient xmlns="http://hl7.org/fhir"/>'


class Slow(io.RawIOBase):
    """A stream that gives at most ``most`` bytes at a time, as a pipe does."""

    def __init__(self, raw: bytes, most: int) -> None:
        self._raw = io.BytesIO(raw)
        self._most = most

    def read(self, size: int = -1, /) -> bytes:
        return self._raw.read(self._most if size < 0 else min(size, self._most))


def parts(raw: bytes, name: str = "x", most: int = 1 << 30) -> list[Part]:
    return list(read(Source(Slow(raw, most)), name))


def told(raw: bytes, name: str = "x", most: int = 1 << 30) -> list[tuple[int, bytes | None, bool]]:
    return [(text.line, text.raw, text.is_xml) for part in parts(raw, name, most) for text in texts(part)]


@pytest.mark.parametrize("most", [1, 7, 1 << 20])
@pytest.mark.parametrize(
    ("raw", "name", "expected"),
    [
        (LINE, "x", [(1, LINE, False)]),
        (PRETTY, "x.json", [(1, PRETTY, False)]),
        (LINE + b"\n" + LINE, "x", [(1, LINE, False), (2, LINE, False)]),
        (LINE + b"\r\n\r\n  \n" + LINE + b"\n", "x", [(1, LINE + b"\r", False), (4, LINE, False)]),
        (b"\n\n" + LINE + b"\n" + LINE, "x", [(3, LINE, False), (4, LINE, False)]),
        (b'{"broken}\n' + LINE, "x", [(1, b'{"broken}', False), (2, LINE, False)]),
        (LINE + b"\nbroken", "x", [(1, LINE, False), (2, b"broken", False)]),
        (b"broken\n" + LINE, "x.ndjson", [(1, b"broken", False), (2, LINE, False)]),
        (PRETTY, "mislabelled.ndjson", [(1, PRETTY, False)]),
        (b"[\n" + LINE + b"\n]", "x", [(1, b"[\n" + LINE + b"\n]", False)]),
        (XML, "x.xml", [(1, XML, True)]),
        (b"\xef\xbb\xbf" + XML, "x", [(1, XML, True)]),
        (XML, "mislabelled.json", [(1, XML, True)]),
        (b"\xef\xbb\xbf" + LINE + b"\n" + LINE, "x", [(1, LINE, False), (2, LINE, False)]),
    ],
)
def test_the_form_is_told_by_the_content_however_it_arrives(
    raw: bytes, name: str, expected: list[tuple[int, bytes, bool]], most: int
) -> None:
    assert told(raw, name, most) == expected
    assert told(gzip.compress(raw), f"{name}.gz", most) == expected


def test_lines_keep_their_numbers_over_the_blocks_of_a_long_file(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b'{"n":%d,"x":"%s"}' % (n, b"x" * (n * 37 % 900)) for n in range(500)]
    monkeypatch.setattr(Source.read, "__defaults__", (1000,))
    assert len(parts(b"\n".join(lines))) > 50
    assert told(b"\n".join(lines)) == [(n, line, False) for n, line in enumerate(lines, 1)]


def test_a_line_beyond_the_limit_is_told_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TEXT_LIMIT", 5000)
    monkeypatch.setattr(Source.read, "__defaults__", (1000,))
    raw = LINE + b'\n{"x":"' + b"x" * 20_000 + b'"}\n' + LINE
    assert [(text[0], text[1]) for text in told(raw)] == [(1, LINE), (2, None), (3, LINE)]


@pytest.mark.parametrize("raw", [b'{"x":"' + b"x" * 20_000, PRETTY + b" " * 20_000, XML + b" " * 20_000])
def test_a_text_beyond_the_limit_is_not_held(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "TEXT_LIMIT", 5000)
    monkeypatch.setattr(Source.read, "__defaults__", (1000,))
    (part,) = parts(raw)
    assert [issue.rule for issue in part.issues] == ["text-too-large"]


def test_what_is_cut_off_is_told_after_what_came_before() -> None:
    lines = [b'{"n":%d}' % n for n in range(20_000)]
    raw = gzip.compress(b"\n".join(lines))
    found = parts(raw[: len(raw) * 2 // 3], "x.ndjson.gz")
    assert [issue.rule for issue in found[-1].issues] == ["compressed-damaged"]
    whole = [text.raw for part in found[:-1] for text in texts(part)]
    assert whole == lines[: len(whole)]
    assert found[-1].line == len(whole) + 1


def archive(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    return packed.getvalue()


def test_an_archive_gives_its_resources_and_leaves_out_what_is_none() -> None:
    raw = archive(
        **{
            "package/package.json": b"{}",
            "package/.index.json": b"{}",
            "package/Patient-a.json": LINE,
            "package/example/b.xml": XML,
            "package/example/c.ndjson": LINE + b"\n" + LINE,
            "package/other/ig-r4.json": b"{}",
            "package/openapi/x.json": b"{}",
            "package/readme.md": b"x",
        }
    )
    found = [(text.file, text.line) for part in parts(raw, "x.tgz", 64) for text in texts(part)]
    inner = "x.tgz!/package"
    assert found == [
        (f"{inner}/Patient-a.json", 1),
        (f"{inner}/example/b.xml", 1),
        (f"{inner}/example/c.ndjson", 1),
        (f"{inner}/example/c.ndjson", 2),
    ]


@pytest.mark.parametrize(
    ("name", "type_", "rule"),
    [
        ("../out.json", tarfile.REGTYPE, "archive-unsafe"),
        ("/etc/out.json", tarfile.REGTYPE, "archive-unsafe"),
        ("link.json", tarfile.SYMTYPE, "archive-unsafe"),
        ("link.json", tarfile.LNKTYPE, "archive-unsafe"),
        ("pipe.json", tarfile.FIFOTYPE, "archive-unsafe"),
    ],
)
def test_a_hostile_archive_is_refused_from_there_on(name: str, type_: bytes, rule: str) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for each, kind in (("a.json", tarfile.REGTYPE), (name, type_), ("b.json", tarfile.REGTYPE)):
            info = tarfile.TarInfo(each)
            info.type, info.linkname, info.size = kind, "/etc/passwd", 2 if kind == tarfile.REGTYPE else 0
            tar.addfile(info, io.BytesIO(b"{}"))
    found = parts(packed.getvalue(), "x.tgz")
    assert [(part.file, [issue.rule for issue in part.issues]) for part in found] == [
        ("x.tgz!/a.json", []),
        ("x.tgz", [rule]),
    ]


def test_an_archive_that_is_cut_off_or_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = archive(**{f"{n}.json": LINE * 50 for n in range(200)})
    assert [issue.rule for issue in parts(raw[:-60], "x.tgz")[-1].issues] == ["archive-unreadable"]
    monkeypatch.setattr(reading, "ARCHIVE_LIMIT", 100)
    assert [issue.rule for part in parts(raw, "x.tgz") for issue in part.issues] == ["archive-too-large"]


def test_what_unpacks_to_far_more_than_anybody_writes_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = gzip.compress(b" " * 3_000_000)
    assert [issue.rule for part in parts(bomb, "x.ndjson.gz") for issue in part.issues] == []
    monkeypatch.setattr(reading, "UNPACKED_FROM", 1_000_000)
    assert [issue.rule for part in parts(bomb, "x.ndjson.gz") for issue in part.issues] == ["compressed-too-large"]
    (inside,) = parts(archive(**{"a.ndjson.gz": bomb}), "x.tgz")
    assert (inside.file, [issue.rule for issue in inside.issues]) == ("x.tgz!/a.ndjson.gz", ["compressed-too-large"])
    much = gzip.compress(b"".join(b'{"resourceType":"Patient","id":"%d"}\n' % n for n in range(100_000)))
    assert [issue for part in parts(much, "x.ndjson.gz") for issue in part.issues] == []


def test_batches_cover_every_byte_and_file_in_order(tmp_path: Path) -> None:
    files = []
    for n in range(60):
        file = tmp_path / f"{n:02}.json"
        file.write_bytes(b'{"x":"' + b"x" * (n * 500) + b'"}')
        files.append(str(file))
    long = tmp_path / "long.ndjson"
    long.write_bytes((LINE + b"\n") * 60_000)
    found = list(batches([*files, str(long)]))
    assert [part.file for batch in found for part in batch.parts if part.form is None] == files
    assert sum(len(list(texts(part))) for batch in found for part in batch.parts) == 60 + 60_000
    assert sum(batch.size for batch in found) == sum(Path(file).stat().st_size for file in [*files, str(long)])
    assert sum(batch.files for batch in found) == 61
    assert max(len(part.raw) for batch in found for part in batch.parts) < 2 * reading.BLOCK


def test_a_file_that_goes_away_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_bytes(LINE)
    (batch,) = batches([str(file)])
    file.unlink()
    (text,) = texts(batch.parts[0])
    assert [issue.rule for issue in text.issues] == ["file-unreadable"]
    (gone,) = batches([str(file)])
    assert [issue.rule for issue in gone.parts[0].issues] == ["file-unreadable"]


def test_a_stream_that_pauses_is_checked_as_far_as_it_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "_waits", lambda _: True)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(Lines([LINE + b"\n"] * 3))))
    found: Iterator[Batch] = batches(["-"])
    seen: list[list[Text]] = [[text for part in batch.parts for text in texts(part)] for batch in found]
    assert [len(batch) for batch in seen] == [1, 1, 1, 0]


class Lines(io.RawIOBase):
    """A stream that gives one line a read."""

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = list(lines)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        line = self._lines.pop(0) if self._lines else b""
        buffer[: len(line)] = line
        return len(line)
