"""One transaction for a batch of submissions: read what they name, plan, write what changed, one statement a table."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from fhir_iop.errors import FhirIopError
from fhir_iop.store import rows, schema
from fhir_iop.store.plan import Counters, Head, Plan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from fhir_iop.store.contract import Receipt
    from fhir_iop.store.plan import Changes, Entry, Prepared
    from fhir_iop.store.search.index import IndexRows

T = TypeVar("T")

_MOST_NAMES = 500
"""Names in one statement, well below what either database takes."""

_resource, _outbox, _audit = schema.resource.c, schema.outbox.c, schema.audit.c

_counters = sa.select(
    *(
        sa.select(sa.func.coalesce(sa.func.max(column), 0)).scalar_subquery()
        for column in (_resource.key, _outbox.position, _audit.key, _resource.last_updated)
    )
)
_heads = rows.current.where(
    _resource.type == sa.bindparam("type"), _resource.id.in_(sa.bindparam("ids", expanding=True))
)
_entries = sa.select(schema.outbox).where(_outbox.id.in_(sa.bindparam("ids", expanding=True)))

_update_resource = (
    sa.update(schema.resource)
    .where(_resource.key == sa.bindparam("of"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("version", "last_updated", "deleted")})
)
_update_message = (
    sa.update(schema.outbox)
    .where(_outbox.position == sa.bindparam("of"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("state", "attempts", "next_attempt_at", "answer")})
)
# Statements are made once: making them, and the keys they are cached under, costs as much as running them.
_inserts = {table.name: sa.insert(table) for table in schema.metadata.sorted_tables}
_delete_index = [
    sa.delete(table).where(table.c.resource.in_(sa.bindparam("keys", expanding=True))) for table in schema.INDEXES
]


def run(connection: Connection, batch: Sequence[Prepared], now: Callable[[], int]) -> list[Receipt | FhirIopError]:
    """Do each submission of ``batch`` whole or refuse it; return what came of each, in order.

    ``connection`` is in a transaction that holds the write lock; ``now`` gives the time in microseconds.
    """
    plan = _load(connection, batch)
    outcomes: list[Receipt | FhirIopError] = []
    for prepared in batch:
        try:
            outcomes.append(plan.add(prepared, now()))
        except FhirIopError as error:
            outcomes.append(error)
    _write_resources(connection, plan.changes, plan.before)
    _write_messages(connection, plan.changes.entries.values(), plan.before)
    _write_audit(connection, plan.changes)
    return outcomes


def replace_index(connection: Connection, index: Mapping[int, IndexRows], had: Iterable[int]) -> None:
    """Write the rows of ``index`` (by resource key) in the place of those that the resources ``had``."""
    for keys in _chunks(had):
        for statement in _delete_index:
            connection.execute(statement, {"keys": keys})
    for table in schema.INDEXES:
        _insert(
            connection,
            table,
            [{"resource": key, **row} for key, found in index.items() for row in found.get(table.name, ())],
        )


def _load(connection: Connection, batch: Sequence[Prepared]) -> Plan:
    """Read what the database holds of the resources and messages that ``batch`` names."""
    ids: dict[str, set[str]] = {}
    messages: set[str] = set()
    for prepared in batch:
        for write in prepared.submission.writes:
            ids.setdefault(write.resource["resourceType"], set()).add(write.resource["id"])
        messages.update(message.id for message in prepared.submission.messages)
        messages.update(settled.message_id for settled in prepared.submission.settled)
    heads: dict[tuple[str, str], Head] = {}
    for type_, named in ids.items():
        for chunk in _chunks(named):
            for _, id_, version, stamp, content, key in connection.execute(_heads, {"type": type_, "ids": chunk}):
                heads[type_, id_] = Head(key, version, stamp, content)
    entries: dict[str, Entry] = {}
    for chunk in _chunks(messages):
        for row in connection.execute(_entries, {"ids": chunk}):
            entries[row.id] = rows.entry(row)
    return Plan(Counters(*connection.execute(_counters).one()), heads, entries)


def _write_resources(connection: Connection, changes: Changes, before: Counters) -> None:
    new, moved = [], []
    for (type_, id_), head in changes.heads.items():
        state = {"version": head.version, "last_updated": head.last_updated, "deleted": head.content is None}
        if head.key > before.resource:
            new.append({"key": head.key, "type": type_, "id": id_, **state})
        else:
            moved.append({"of": head.key} | {f"new_{name}": value for name, value in state.items()})
    _insert(connection, schema.resource, new)
    if moved:
        connection.execute(_update_resource, moved)
    columns = ("resource", "version", "last_updated", "content")
    _insert(connection, schema.version, [dict(zip(columns, added, strict=True)) for added in changes.versions])
    replace_index(connection, changes.index, [row["of"] for row in moved])


def _write_messages(connection: Connection, entries: Iterable[Entry], before: Counters) -> None:
    new, moved = [], []
    for entry in entries:
        row = rows.outbox_row(entry)
        if entry.position > before.outbox:
            new.append(row)
        else:
            moved.append({"of": entry.position} | {f"new_{name}": value for name, value in row.items()})
    _insert(connection, schema.outbox, new)
    if moved:
        connection.execute(_update_message, moved)


def _write_audit(connection: Connection, changes: Changes) -> None:
    records, references = [], []
    for key, at, record in changes.audit:
        told = {name: getattr(record, name) for name in ("action", "agent", "outcome", "detail")}
        records.append({"key": key, "at": at, **told})
        references += [
            {"audit": key, "position": position, "reference": reference}
            for position, reference in enumerate(record.references)
        ]
    _insert(connection, schema.audit, records)
    _insert(connection, schema.audit_reference, references)


def _insert(connection: Connection, table: sa.Table, added: list[dict[str, Any]]) -> None:
    if added:
        connection.execute(_inserts[table.name], added)


def _chunks(values: Iterable[T]) -> Iterator[list[T]]:
    remaining = iter(values)
    while chunk := list(islice(remaining, _MOST_NAMES)):
        yield chunk
