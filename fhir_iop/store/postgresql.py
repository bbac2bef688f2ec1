"""PostgreSQL, through psycopg 3: for more than one machine, or more than one disk can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from fhir_iop.errors import Unusable
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from sqlalchemy.engine import URL, Connection, Engine

# A 64-bit number that no other user of the same database takes by chance: "fhir-iop" in ASCII.
_WRITE_LOCK = int.from_bytes(b"fhir-iop", "big")

_CONNECT_TIMEOUT = 10


def engines(url: URL, *, patience: float, connections: int) -> tuple[Engine, Engine]:
    """Return the engine that reads and the one that writes. No connection is made yet.

    A write waits ``patience`` seconds for its turn. Raises Unusable where psycopg isn't installed.
    """

    def engine(isolation_level: Any) -> Engine:
        options = f"-c lock_timeout={int(patience * 1000)}"
        return sa.create_engine(
            url,
            isolation_level=isolation_level,
            pool_pre_ping=True,
            max_overflow=connections,
            connect_args={"connect_timeout": _CONNECT_TIMEOUT, "options": options},
        )

    try:
        reads, writes = engine("AUTOCOMMIT"), engine("READ COMMITTED")
    except ImportError:
        raise Unusable(issue("store-driver")) from None

    @sa.event.listens_for(writes, "begin")
    def begin(connection: Connection) -> None:
        # Under READ COMMITTED, what is read after the lock was got is what is there then.
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_WRITE_LOCK)))

    return reads, writes
