"""What was worked out from definitions, in a file for the next process.

A process that has written functions from definitions leaves them to those that start later: one file for each set of
definitions, in the folder that the settings name (``fhir_iop.settings.cache_folder``). Deleting the folder loses only
time. The file's name is a hash of all that its content follows from: the definitions' own hash, this package's source
files as they lie there (path, size, time), and the Python that runs. So a profile that was changed under the same
canonical and version, or a line of ours, finds none of it; where it is changed while a process reads it, nothing more
that follows from it is written.

What pays is kept. Of 108 ms (processor time) that the first US Core MedicationRequest takes a process, 57 are saved: 20
because the FHIRPath compiler isn't loaded, some 30 that expressions and functions take to be written and compiled, 6 of
value sets. The rest isn't kept: reading structures (14 ms), writing the functions' texts (11), shapes for msgspec (4),
merging expectations (3). The objects that functions refer to, tests of rules and sorters of slices, are closures over
merged expectations and have to be made all the same.

A file of another user's, or that another user could have written, isn't read (``own_files.py``); one that is damaged
or doesn't fit is as if it weren't there, and written anew.
"""

from __future__ import annotations

import atexit
import marshal
import os
import sys
import time
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.definitions import own_files
from fhir_iop.errors import Unusable
from fhir_iop.settings import cache_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import CodeType

    from fhir_iop.fhir.json import Buffer

_SUFFIX: Final = ".derived"
_MAGIC: Final = b"fhir-iop derived 1\n"
_HEAD: Final = len(_MAGIC) + 2 * 32
_LARGEST: Final = 8_000_000  # bytes of a file: all invariants of R4 and US Core take half of it
_MOST_FILES: Final = 8
_SECONDS: Final = 2.0  # between two writings in one process
_ROOMS: Final = ("fhir", "definitions", "fhirpath", "validation")


class Derived:
    """Plain values by kind and key: what ``marshal`` knows, code among it. Safe to share between threads.

    What is kept is written when the process ends, now and then while more comes, and by :meth:`save`.
    """

    def __init__(self, fingerprint: Callable[[], str], folder: Callable[[], Path | None] = cache_folder) -> None:
        self._fingerprint = fingerprint
        self._folder = folder
        self._lock = Lock()
        self._new: dict[str, bytes] = {}
        self._next = time.monotonic() + _SECONDS

    def find(self, kind: str, key: str) -> Any:
        """Return what was kept under a key, by this process or an earlier one; None where nothing was."""
        name = f"{kind} {key}"
        raw = self._known.get(name)
        return None if raw is None else marshal.loads(raw)  # noqa: S302  # ours alone, and whole: see _read

    def keep(self, kind: str, key: str, value: Any) -> None:
        """Keep a plain value under a key."""
        if self._path is None:
            return
        try:
            raw = marshal.dumps(value)
        except ValueError:  # it is nested too deeply
            return
        with self._lock:
            if not self._new:
                atexit.register(self.save)
            self._known[f"{kind} {key}"] = self._new[f"{kind} {key}"] = raw
        if time.monotonic() > self._next:
            self.save()

    def code(self, source: str, name: str) -> CodeType:
        """Return the code of Python source, compiled where no earlier process did. Raises as `compile` does."""
        if self._path is None:
            return compile(source, name, "exec")
        key = _digest((name, source)).hex()
        found: CodeType | None = self.find("code", key)
        if found is None:
            found = compile(source, name, "exec")
            self.keep("code", key, found)
        return found

    def save(self) -> None:
        """Write what is new, beside what other processes have written meanwhile."""
        if not self._new:
            return
        path = self._path
        with self._lock:
            new, self._new = self._new, {}
            self._next = time.monotonic() + _SECONDS
            atexit.unregister(self.save)
        if path is None or not new or not self._follows_from_the_same():
            return
        for entries in ({**self._read(path), **new}, new):  # where there is too much, what was there before is left out
            body = marshal.dumps(entries)
            if len(body) + _HEAD <= _LARGEST:
                if own_files.write(path, self._head(body) + body):
                    own_files.tidy(path.parent, _SUFFIX, _MOST_FILES)
                return

    @cached_property
    def _known(self) -> dict[str, bytes]:
        return {} if self._path is None else self._read(self._path)

    def _follows_from_the_same(self) -> bool:
        """Whether the definitions are what they were when the file got its name."""
        try:
            return self._fingerprint() == self._first_fingerprint
        except Unusable:
            return False

    @cached_property
    def _first_fingerprint(self) -> str:
        return self._fingerprint()

    @cached_property
    def _key(self) -> bytes:
        return _digest((self._first_fingerprint, *_our_code(), sys.version, str(sys.flags.optimize)))

    @cached_property
    def _path(self) -> Path | None:
        folder = self._folder()
        try:
            return None if folder is None else folder / f"{self._key.hex()}{_SUFFIX}"
        except (OSError, Unusable, ValueError):  # our files lie in an archive, or a package's can't be read any more
            return None

    def _head(self, body: Buffer) -> bytes:
        return b"".join([_MAGIC, self._key, _digest((body,))])

    def _read(self, path: Path) -> dict[str, bytes]:
        content = memoryview(own_files.read(path, _LARGEST) or b"")
        body = content[_HEAD:]
        if content[:_HEAD] != self._head(body):
            return {}
        found: dict[str, bytes] = marshal.loads(body)  # noqa: S302  # ours alone, says own_files.read
        return found


def _digest(parts: Iterable[str | Buffer]) -> bytes:
    import hashlib  # loads OpenSSL: start-up time is measured

    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode(errors="surrogatepass") if isinstance(part, str) else part
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.digest()


def _our_code() -> Iterator[str]:
    """Yield the state of the source files that decide what is kept, as Python's own cache tells it."""
    package = Path(__file__).parent.parent
    waiting = [str(package / room) for room in _ROOMS]
    for folder in waiting:
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.is_dir() and entry.name != "__pycache__":
                waiting.append(entry.path)
            elif entry.name.endswith(".py"):
                said = entry.stat()
                yield f"{entry.path} {said.st_size} {said.st_mtime_ns}"
