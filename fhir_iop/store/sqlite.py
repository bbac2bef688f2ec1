"""SQLite: a file of its own, a write-ahead log, one writer."""

from __future__ import annotations

import os
import random
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from fhir_iop.errors import Unusable
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection, Engine

_PASSING = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}


def engines(url: URL, *, patience: float, connections: int) -> tuple[Engine, Engine]:
    """Return the engine that reads and the one that writes; making no file but an empty one yet.

    A write waits ``patience`` seconds for its turn. Raises Unusable where the file can't be opened or made.
    """
    _create_private_file(url.database)
    reads, writes = (
        sa.create_engine(url, max_overflow=connections, connect_args={"timeout": patience}) for _ in range(2)
    )

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
    def wait_as_we_do(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 0")

    @sa.event.listens_for(writes, "begin")
    def begin(connection: Connection) -> None:
        _begin_immediate(connection.connection.dbapi_connection, patience)

    return reads, writes


def passes(error: sqlite3.Error) -> bool:
    """Whether it may go away by itself, or once somebody made room on the disk."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_BUSY) & 0xFF in _PASSING


def _create_private_file(path: str | None) -> None:
    """Make the file before SQLite does, for its owner only: it will hold health records (its log gets its mode)."""
    if not path or path == ":memory:" or path.startswith("file:"):
        raise Unusable(issue("store-memory"))
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "this is no name of a file"
        raise Unusable(issue("store-file", name=Path(path).name, reason=reason)) from None


def _begin_immediate(connection: Any, patience: float) -> None:
    """Begin a transaction that holds SQLite's write lock.

    SQLite's own waiting sleeps longer and longer, up to 100 ms, and starves a process for seconds while another writes
    without pause; short sleeps of random length share the lock fairly.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(random.uniform(0.0001, 0.001))  # noqa: S311 - nothing here is secret
        else:
            return
