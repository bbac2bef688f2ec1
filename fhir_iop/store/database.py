"""One SQL database: how connections are made, how a write begins, and what a failure is called.

A write transaction holds the database's one write lock from its beginning, on SQLite (``BEGIN IMMEDIATE``) as on
PostgreSQL (an advisory lock), in this process or another: what it read stays true until it commits, and transactions
become visible in the order of their stamps, so that a client that follows ``_lastUpdated`` misses nothing.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import make_url

from fhir_iop.errors import Unavailable, Unusable
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL, Connection, Engine

LOCK_TIMEOUT = 10.0
"""Seconds that a write waits for its turn before it is Unavailable."""

_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}

# A 64-bit number that no other user of the same PostgreSQL database takes by chance: "fhir-iop" in ASCII.
_ADVISORY_LOCK = int.from_bytes(b"fhir-iop", "big")

_MOST_CONNECTIONS = 40


class Database:
    """The connections to one database: any number that read, and one transaction at a time that writes."""

    def __init__(self, url: str) -> None:
        self.url = _parsed(url)
        self.is_sqlite = self.url.drivername == "sqlite"
        if self.is_sqlite:
            _create_private_file(self.url.database)
        try:
            self._reads, self._writes = (_sqlite if self.is_sqlite else _postgresql)(self.url)
        except ImportError:
            raise Unusable(issue("store-driver")) from None

    def check(self) -> None:
        """See whether it can be written. Raises Unusable where it can't as it is, Unavailable where it can't now."""
        try:
            with self._writes.begin():
                pass
        except (exc.DBAPIError, sqlite3.Error) as error:
            cause = getattr(error, "orig", error)
            code = getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_BUSY) & 0xFF
            if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}:
                raise Unavailable(issue("store-unavailable", reason=_reason(error))) from None
            raise Unusable(issue("store-unusable", reason=_reason(error))) from None

    def close(self) -> None:
        """Give back all connections."""
        self._reads.dispose()
        self._writes.dispose()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Give a connection for statements that read; each sees what is committed when it runs.

        Raises Unavailable when the database fails.
        """
        with _told(), self._reads.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Give a transaction that holds the write lock; it commits at the end, or rolls back on any exception.

        Raises Unavailable when the lock isn't to be had within ``LOCK_TIMEOUT`` or the database fails.
        """
        with _told(), self._writes.begin() as connection:
            yield connection


def _reason(error: Exception) -> str:
    """Return the driver's own words where these can't hold what was stored, else the kind of failure."""
    cause = getattr(error, "orig", None) or error
    return str(cause) if isinstance(cause, sqlite3.Error) else type(cause).__name__


@contextmanager
def _told() -> Iterator[None]:
    """Tell a failure of the database in words; neither SQL nor values get out."""
    try:
        yield
    except (exc.DataError, exc.IntegrityError, exc.ProgrammingError):
        raise  # a fault of ours, and not one that goes away
    except (exc.DBAPIError, exc.TimeoutError, sqlite3.Error) as error:
        raise Unavailable(issue("store-unavailable", reason=_reason(error))) from None


def _parsed(text: str) -> URL:
    try:
        url = make_url(text)
    except (exc.ArgumentError, ValueError):
        raise Unusable(issue("store-url")) from None
    backend = url.get_backend_name()
    if backend not in _DRIVERS:
        raise Unusable(issue("store-url"))
    return url.set(drivername=_DRIVERS[backend])


def _create_private_file(path: str | None) -> None:
    """Make the file before SQLite does, for its owner only: it will hold health records (WAL files follow its mode)."""
    if not path or path == ":memory:" or path.startswith("file:"):
        raise Unusable(issue("store-memory"))
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise Unusable(issue("store-file", name=Path(path).name, reason=error.strerror or "unknown")) from None


def _sqlite(url: URL) -> tuple[Engine, Engine]:
    reads = sa.create_engine(url, max_overflow=_MOST_CONNECTIONS, connect_args={"timeout": LOCK_TIMEOUT})
    writes = sa.create_engine(url, connect_args={"timeout": LOCK_TIMEOUT})

    @sa.event.listens_for(reads, "connect")
    @sa.event.listens_for(writes, "connect")
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # a transaction begins where we say, not where the driver guesses
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")  # a receipt survives a power cut, not only a crash
        connection.execute("PRAGMA foreign_keys = ON")

    @sa.event.listens_for(reads, "connect")
    def forbid_writes(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON")

    @sa.event.listens_for(writes, "connect")
    def do_not_wait(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 0")

    @sa.event.listens_for(writes, "begin")
    def begin(connection: Connection) -> None:
        _begin_immediate(connection.connection.dbapi_connection)

    return reads, writes


def _begin_immediate(connection: Any) -> None:
    """Begin a transaction that holds SQLite's write lock.

    SQLite's own waiting sleeps longer and longer, up to 100 ms, and starves a process for seconds while another writes
    without pause; short sleeps of random length share the lock fairly.
    """
    deadline = time.monotonic() + LOCK_TIMEOUT
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.0001, 0.001))  # noqa: S311 - nothing here is secret
        else:
            return


def _postgresql(url: URL) -> tuple[Engine, Engine]:
    def engine(**options: Any) -> Engine:
        arguments = {"connect_timeout": 10, "options": f"-c lock_timeout={int(LOCK_TIMEOUT * 1000)}"}
        return sa.create_engine(
            url, pool_pre_ping=True, max_overflow=_MOST_CONNECTIONS, connect_args=arguments, **options
        )

    writes = engine()

    @sa.event.listens_for(writes, "begin")
    def begin(connection: Connection) -> None:
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))

    return engine(isolation_level="AUTOCOMMIT"), writes
