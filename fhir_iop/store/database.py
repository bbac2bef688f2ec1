"""One SQL database: how it is read, how it is written, and what a failure is called.

A write transaction holds the database's one write lock from its beginning, on SQLite (``BEGIN IMMEDIATE``) as on
PostgreSQL (an advisory lock), in this process or another: what it read stays true until it commits, and transactions
become visible in the order of their stamps, so that a client that follows ``_lastUpdated`` misses nothing.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import exc
from sqlalchemy.engine import make_url

from fhir_iop.errors import Unavailable, Unusable
from fhir_iop.issue import issue
from fhir_iop.store import postgresql, sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import URL, Connection

LOCK_TIMEOUT = 10.0
"""Seconds that a write waits for its turn before it is Unavailable."""

_MOST_CONNECTIONS = 40

_BACKENDS = {"sqlite": sqlite, "postgresql": postgresql}
_DRIVERS = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg"}


class Database:
    """The connections to one database: any number that read, and one transaction at a time that writes."""

    def __init__(self, url: str) -> None:
        parsed = _parsed(url)
        backend = _BACKENDS[parsed.get_backend_name()]
        self._reads, self._writes = backend.engines(parsed, patience=LOCK_TIMEOUT, connections=_MOST_CONNECTIONS)

    def check(self) -> None:
        """See whether it can be written. Raises Unusable where it can't as it is, Unavailable where it can't now."""
        try:
            with self._writes.begin():
                pass
        except (exc.DBAPIError, sqlite3.Error) as error:
            cause = _cause(error)
            if isinstance(cause, sqlite3.Error) and not sqlite.passes(cause):
                raise Unusable(issue("store-unusable", reason=_reason(error))) from None
            raise Unavailable(issue("store-unavailable", reason=_reason(error))) from None

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


@contextmanager
def _told() -> Iterator[None]:
    """Tell a failure of the database in words; neither SQL nor values get out."""
    try:
        yield
    except (exc.DataError, exc.IntegrityError, exc.ProgrammingError):
        raise  # a fault of ours, and not one that goes away
    except (exc.DBAPIError, exc.TimeoutError, sqlite3.Error) as error:
        raise Unavailable(issue("store-unavailable", reason=_reason(error))) from None


def _cause(error: Exception) -> BaseException:
    return getattr(error, "orig", None) or error


def _reason(error: Exception) -> str:
    """Return the driver's own words where these can't hold what was stored, else the kind of failure."""
    cause = _cause(error)
    return str(cause) if isinstance(cause, sqlite3.Error) else type(cause).__name__


def _parsed(text: str) -> URL:
    try:
        url = make_url(text)
        return url.set(drivername=_DRIVERS[url.get_backend_name()])
    except (exc.ArgumentError, ValueError, KeyError):
        raise Unusable(issue("store-url")) from None
