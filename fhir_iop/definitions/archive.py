"""The files of a FHIR package, from an archive or a folder, with every trick of a hostile archive refused.

https://confluence.hl7.org/display/FHIR/NPM+Package+Specification: the conformance resources lie directly in the folder
``package``; ``package/package.json`` is the manifest.
"""

from __future__ import annotations

import io
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any

from fhir_iop.definitions.package import MANIFEST, Head
from fhir_iop.errors import FhirIopError, Unusable
from fhir_iop.fhir import json
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from gzip import GzipFile


@dataclass(frozen=True, slots=True)
class Limits:
    """How much an archive may hold: entries, and bytes of all when unpacked."""

    entries: int = 100_000
    total: int = 500_000_000


def members(raw: bytes, source: str, limits: Limits | None = None) -> Iterator[tuple[str, bytes]]:
    """Go through the regular files of a .tgz, as (name, content). Raises Unusable as :func:`streams` does."""
    with refusing(source):
        for name, stream in streams(io.BytesIO(raw), source, limits):
            yield name, stream.read()


def streams(packed: Any, source: str, limits: Limits | None = None) -> Iterator[tuple[str, IO[bytes]]]:
    """Go through the regular files of a .tgz that is read as they are, as (name, stream); each before the next.

    Raises Unusable, naming ``source``, when an entry is a link, a device or has a name that leaves the archive, and as
    soon as more is unpacked than ``limits`` allow; what it and the streams run into in bytes that are no .tgz is for
    :func:`refusing`. Nothing is written to the disk.
    """
    import gzip  # with tarfile, needed by few: start-up time is measured
    import tarfile

    limits = limits or Limits()
    too_large = Unusable(issue("package-too-large", source, limit=limits.total))
    with (
        gzip.GzipFile(fileobj=packed) as unpacked,
        tarfile.open(fileobj=_Bounded(unpacked, limits.total, too_large), mode="r|") as archive,
    ):
        for count, entry in enumerate(archive, 1):
            if count > limits.entries:
                raise too_large
            if not _stays_inside(entry.name) or not (entry.isfile() or entry.isdir()):
                raise Unusable(issue("package-unsafe", source))
            content = archive.extractfile(entry) if entry.isfile() else None
            if content is not None:
                yield entry.name.removeprefix("./"), content


@contextmanager
def refusing(source: str) -> Iterator[None]:
    """Raise Unusable, naming ``source``, for whatever reading a .tgz runs into."""
    import tarfile

    try:
        yield
    except (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError) as error:
        raise Unusable(issue("package-unreadable", source, reason=type(error).__name__)) from None


class _Bounded(io.RawIOBase):
    """A stream that gives ``limit`` bytes at most, whatever an archive's headers promise of what follows."""

    def __init__(self, stream: GzipFile, limit: int, too_large: Unusable) -> None:
        super().__init__()
        self._stream = stream
        self._left = limit
        self._too_large = too_large

    def read(self, size: int = -1, /) -> bytes:
        """Read as a file does."""
        if size < 0 or size > self._left:
            raise self._too_large
        content = self._stream.read(size)
        self._left -= len(content)
        return content


def _stays_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and not {"\\", ":", "\0"}.intersection(name)


@dataclass(frozen=True)
class PackageFiles:
    """The manifest and the conformance resources of a package, unparsed. ``source`` names it in messages."""

    source: str
    manifest: dict[str, Any]
    _contents: Mapping[str, bytes | Path] = field(repr=False)
    _read_before: dict[str, int] = field(default_factory=dict, init=False, repr=False)
    _changed: set[str] = field(default_factory=set, init=False, repr=False)

    @classmethod
    def of_archive(cls, path: Path) -> PackageFiles:
        """Read a .tgz. Raises Unusable where that fails or where it has no manifest."""
        try:
            raw = path.read_bytes()
        except OSError:
            raise Unusable(issue("package-missing", path.name, package=path.name)) from None
        return cls.of_bytes(raw, path.name)

    @classmethod
    def of_bytes(cls, raw: bytes, source: str) -> PackageFiles:
        """Read the bytes of a .tgz, as :meth:`of_archive` does."""
        contents: dict[str, bytes] = {}
        for name, content in members(raw, source):
            folder, _, file = name.partition("/")
            if folder == "package" and "/" not in file and file.endswith(".json"):
                contents[file] = content
        return cls._of(source, contents)

    @classmethod
    def of_folder(cls, folder: Path) -> PackageFiles:
        """Read a folder that is a package's ``package`` folder or holds one; its files are read when asked for."""
        inner = folder / "package"
        folder = inner if (inner / MANIFEST).is_file() else folder
        return cls._of(folder.name, {path.name: path for path in folder.glob("*.json") if path.is_file()})

    @classmethod
    def _of(cls, source: str, contents: Mapping[str, bytes | Path]) -> PackageFiles:
        if MANIFEST not in contents:
            raise Unusable(issue("package-no-manifest", source))
        try:
            manifest = json.decode_object(_content(contents[MANIFEST]))
        except FhirIopError:
            raise Unusable(issue("package-no-manifest", source)) from None
        if not isinstance(manifest.get("name"), str) or not isinstance(manifest.get("version"), str):
            raise Unusable(issue("package-no-manifest", source))
        return cls(source, manifest, contents)

    @property
    def name(self) -> str:
        """The package's name."""
        return str(self.manifest["name"])

    @property
    def version(self) -> str:
        """The package's version."""
        return str(self.manifest["version"])

    @property
    def licence(self) -> str:
        """The SPDX identifier that the manifest gives, or ``unknown``."""
        return str(self.manifest.get("license", "unknown"))

    @property
    def dependencies(self) -> dict[str, str]:
        """The packages that this one builds on, by name, with the version wanted."""
        wanted = self.manifest.get("dependencies")
        return {str(name): str(version) for name, version in wanted.items()} if isinstance(wanted, dict) else {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The file names of the resources, sorted."""
        return tuple(sorted(name for name in self._contents if name != MANIFEST and not name.startswith(".")))

    def read(self, name: str) -> bytes:
        """Return the content of one file. Raises Unusable where it has gone."""
        try:
            content = _content(self._contents[name])
        except Unusable:
            self._changed.add(name)
            raise
        if self._read_before.setdefault(name, hash(content)) != hash(content):
            self._changed.add(name)
        return content

    def head(self, name: str) -> Head:
        """Return what tells where the resource in one file belongs. Raises BadInput where it isn't a JSON object."""
        return _head_reader()(self.read(name))

    def resource(self, name: str) -> dict[str, Any]:
        """Return the JSON object in one file. Raises BadInput where it isn't one."""
        return json.decode_object(self.read(name))

    @property
    def fingerprint(self) -> str:
        """A hash of the names and contents of all files.

        Raises Unusable where one had another content, or was gone, when it was read at another time: what was read of
        them follows from no one state.
        """
        fingerprint = self._fingerprint
        if self._changed:
            raise Unusable(issue("package-changed", min(self._changed), package=self.name))
        return fingerprint

    @cached_property
    def _fingerprint(self) -> str:
        import hashlib  # loads OpenSSL: start-up time is measured

        digest = hashlib.sha256()
        for name in (MANIFEST, *self.names):
            content = self.read(name)
            digest.update(f"{name}\n{len(content)}\n".encode())
            digest.update(content)
        return digest.hexdigest()


@cache
def _head_reader() -> Callable[[bytes], Head]:
    return json.reader(Head)


def _content(content: bytes | Path) -> bytes:
    if isinstance(content, bytes):
        return content
    try:
        return content.read_bytes()
    except OSError as error:
        raise Unusable(issue("package-unreadable", content.name, reason=type(error).__name__)) from None
