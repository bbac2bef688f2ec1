"""Reading the outbox, and claiming what is due."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from fhir_iop.store import rows, schema
from fhir_iop.store.instants import to_micros

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from fhir_iop.store.contract import Queued
    from fhir_iop.store.database import Database
    from fhir_iop.store.plan import Entry

_AT_ONCE = 200
"""Messages read at a time when all are gone through; no connection is held in between."""

_outbox = schema.outbox.c


def due(connection: Connection, now: datetime, limit: int) -> list[Queued]:
    """Return the messages that wait and may be sent at ``now``, oldest first."""
    return [entry.queued for entry in _due(connection, now, limit)]


def claim(connection: Connection, now: datetime, until: datetime, limit: int) -> list[Queued]:
    """Put off what is due until ``until`` and return it; ``connection`` holds the write lock."""
    claimed = _due(connection, now, limit)
    if claimed:
        these = _outbox.position.in_([entry.position for entry in claimed])
        connection.execute(sa.update(schema.outbox).where(these).values(next_attempt_at=to_micros(until)))
    return [replace(entry.queued, next_attempt_at=until) for entry in claimed]


def message(connection: Connection, id_: str) -> Queued | None:
    """Return one message, or None."""
    row = connection.execute(sa.select(schema.outbox).where(_outbox.id == id_)).first()
    return None if row is None else rows.entry(row).queued


def every(database: Database) -> Iterator[Queued]:
    """Go through all messages, oldest first."""
    last = 0
    while True:
        statement = sa.select(schema.outbox).where(_outbox.position > last).order_by(_outbox.position).limit(_AT_ONCE)
        with database.read() as connection:
            found = _entries(connection, statement)
        yield from (entry.queued for entry in found)
        if len(found) < _AT_ONCE:
            return
        last = found[-1].position


def _due(connection: Connection, now: datetime, limit: int) -> list[Entry]:
    ready = sa.and_(_outbox.state == "waiting", _outbox.next_attempt_at <= to_micros(now))
    return _entries(connection, sa.select(schema.outbox).where(ready).order_by(_outbox.position).limit(limit))


def _entries(connection: Connection, statement: sa.Select[Any]) -> list[Entry]:
    return [rows.entry(row) for row in connection.execute(statement)]
