"""Reading the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from fhir_iop.store import schema
from fhir_iop.store.contract import AuditRecord
from fhir_iop.store.instants import from_micros

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from fhir_iop.store.database import Database

_AT_ONCE = 500
"""Records read at a time; no connection is held in between."""

_audit, _named = schema.audit.c, schema.audit_reference.c


def every(database: Database, about: str | None) -> Iterator[tuple[datetime, AuditRecord]]:
    """Go through the records, oldest first: all, or those that name the reference ``about``."""
    last = 0
    while True:
        statement = sa.select(schema.audit).where(_audit.key > last).order_by(_audit.key).limit(_AT_ONCE)
        if about is not None:
            statement = statement.where(_audit.key.in_(sa.select(_named.audit).where(_named.reference == about)))
        with database.read() as connection:
            records = connection.execute(statement).all()
            keys = [record.key for record in records]
            references: dict[int, list[str]] = {key: [] for key in keys}
            named = (
                sa.select(schema.audit_reference).where(_named.audit.in_(keys)).order_by(_named.audit, _named.position)
            )
            for row in connection.execute(named):
                references[row.audit].append(row.reference)
        for record in records:
            told = AuditRecord(
                record.action, record.agent, tuple(references[record.key]), record.outcome, record.detail
            )
            yield from_micros(record.at), told
        if len(records) < _AT_ONCE:
            return
        last = keys[-1]
