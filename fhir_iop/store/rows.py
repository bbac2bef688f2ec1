"""Between rows of the tables and the contract's values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from fhir_iop.fhir import json
from fhir_iop.store import schema
from fhir_iop.store.contract import Message, Queued, Stored
from fhir_iop.store.instants import from_micros, to_instant, to_micros
from fhir_iop.store.plan import Entry

if TYPE_CHECKING:
    from sqlalchemy.engine import Row

_resource, _version = schema.resource.c, schema.version.c

_is_current = sa.and_(_version.resource == _resource.key, _version.version == _resource.version)

current = sa.select(
    _resource.type, _resource.id, _resource.version, _resource.last_updated, _version.content, _resource.key
).join_from(schema.resource, schema.version, _is_current)
"""Resources with their current version; ``key`` comes last."""

versions = sa.select(_resource.type, _resource.id, _version.version, _version.last_updated, _version.content).join_from(
    schema.resource, schema.version, _version.resource == _resource.key
)
"""Resources with each of their versions."""


def stored(row: Row[*tuple[Any, ...]]) -> Stored:
    """Return the version that a row of :data:`current` or :data:`versions` tells."""
    type_, id_, version, last_updated, content = row[:5]
    resource = None if content is None else json.decode_object(content)
    return Stored(type_, id_, version, to_instant(last_updated), resource, created=version == 1)


def entry(row: Row[*tuple[Any, ...]]) -> Entry:
    """Return the message that a row of the outbox tells."""
    message = Message(row.id, row.kind, row.about, row.destination, json.decode_object(row.body))
    answer = None if row.answer is None else json.decode_object(row.answer)
    queued_at, next_at = from_micros(row.queued_at), from_micros(row.next_attempt_at)
    return Entry(row.position, Queued(message, row.state, row.attempts, queued_at, next_at, answer))


def outbox_row(kept: Entry) -> dict[str, Any]:
    """Return the outbox' row for a message; the inverse of :func:`entry`."""
    queued, message = kept.queued, kept.queued.message
    return {
        "position": kept.position,
        "id": message.id,
        "kind": message.kind,
        "about": message.about,
        "destination": message.destination,
        "body": json.encode(message.body),
        "state": queued.state,
        "attempts": queued.attempts,
        "queued_at": to_micros(queued.queued_at),
        "next_attempt_at": to_micros(queued.next_attempt_at),
        "answer": None if queued.answer is None else json.encode(queued.answer),
    }
