"""The tables, as they are after the last migration.

Times are microseconds since 1970 in UTC; contents are compact JSON. Rows of ``version``, ``audit`` and
``audit_reference`` are only ever added. The index tables (one a kind of search parameter) hold what can be derived
from current resources again; their ``parameter`` is ``Type.code``, and their texts are clipped (``search/text.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

if TYPE_CHECKING:
    from sqlalchemy.types import TypeEngine

metadata = sa.MetaData()

# Texts are compared and ordered by their code points, whatever the locale of a PostgreSQL cluster.
text: TypeEngine[str] = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
instant = sa.BigInteger()
# SQLite finds a row fastest by a primary key that is declared INTEGER, which is of 64 bits there.
key = sa.BigInteger().with_variant(sa.Integer, "sqlite")

resource = sa.Table(
    "resource",
    metadata,
    sa.Column("key", key, primary_key=True, autoincrement=False),
    sa.Column("type", text, nullable=False),
    sa.Column("id", text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("last_updated", instant, nullable=False),
    sa.Column("deleted", sa.Boolean, nullable=False),
    sa.Index("resource_type_id", "type", "id", unique=True),
    sa.Index("resource_type_key", "type", "key"),
    sa.Index("resource_type_last_updated", "type", "last_updated"),
    sa.Index("resource_last_updated", "last_updated"),
)
"""One row a resource: which version is current. Keys grow in the order in which resources were first stored."""

version = sa.Table(
    "version",
    metadata,
    sa.Column("resource", key, sa.ForeignKey("resource.key"), primary_key=True, autoincrement=False),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("last_updated", instant, nullable=False),
    sa.Column("content", sa.LargeBinary),
)
"""Every version of every resource, never changed; no content means that the version is a deletion."""

outbox = sa.Table(
    "outbox",
    metadata,
    sa.Column("position", key, primary_key=True, autoincrement=False),
    sa.Column("id", text, nullable=False),
    sa.Column("kind", text, nullable=False),
    sa.Column("about", text, nullable=False),
    sa.Column("destination", text, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("state", text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("queued_at", instant, nullable=False),
    sa.Column("next_attempt_at", instant, nullable=False),
    sa.Column("answer", sa.LargeBinary),
    sa.Index("outbox_id", "id", unique=True),
    sa.Index("outbox_state_next_attempt_at", "state", "next_attempt_at"),
    sa.Index("outbox_about", "about"),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("key", key, primary_key=True, autoincrement=False),
    sa.Column("at", instant, nullable=False),
    sa.Column("action", text, nullable=False),
    sa.Column("agent", text, nullable=False),
    sa.Column("outcome", text, nullable=False),
    sa.Column("detail", text, nullable=False),
)

audit_reference = sa.Table(
    "audit_reference",
    metadata,
    sa.Column("audit", key, sa.ForeignKey("audit.key"), primary_key=True, autoincrement=False),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("reference", text, nullable=False),
    sa.Index("audit_reference_reference", "reference", "audit"),
)

index_state = sa.Table(
    "index_state",
    metadata,
    sa.Column("type", text, primary_key=True),
    sa.Column("fingerprint", text, nullable=False),
)
"""Which search parameters each type's index rows were made with; another fingerprint means they must be made anew."""


def _index(name: str, by: tuple[str, ...], *columns: sa.Column[str] | sa.Column[int] | sa.Column[float]) -> sa.Table:
    """Return the index table of one kind, found by the values in ``by`` and, to replace them, by the resource."""
    return sa.Table(
        f"{name}_index",
        metadata,
        sa.Column("resource", key, nullable=False),
        sa.Column("parameter", text, nullable=False),
        *columns,
        sa.Index(f"{name}_index_value", "parameter", *by, "resource"),
        sa.Index(f"{name}_index_resource", "resource", "parameter"),
    )


token_index = _index(
    "token",
    ("code", "system"),
    sa.Column("system", text),
    sa.Column("code", text, nullable=False),
)
"""``system`` is empty where a coding has none, and NULL where the element's definition implies it."""

string_index = _index(
    "string",
    ("value",),
    sa.Column("value", text, nullable=False),
    sa.Column("exact", text, nullable=False),
)

date_index = _index(
    "date",
    ("low", "high"),
    sa.Column("low", instant, nullable=False),
    sa.Column("high", instant, nullable=False),
)
"""The first and the last microsecond of what a date, at its precision, or a period covers."""

reference_index = _index(
    "reference",
    ("target",),
    sa.Column("target", text, nullable=False),
    sa.Column("version", text, nullable=False),
)
"""``target`` is ``Type/id``, or a whole URL without version; empty where a reference has an identifier only."""

uri_index = _index("uri", ("value",), sa.Column("value", text, nullable=False))

number_index = _index(
    "number",
    ("low", "high"),
    sa.Column("low", sa.Double, nullable=False),
    sa.Column("high", sa.Double, nullable=False),
)

quantity_index = _index(
    "quantity",
    ("code", "low", "high"),
    sa.Column("system", text, nullable=False),
    sa.Column("code", text, nullable=False),
    sa.Column("unit", text, nullable=False),
    sa.Column("low", sa.Double, nullable=False),
    sa.Column("high", sa.Double, nullable=False),
)

INDEXES = (token_index, string_index, date_index, reference_index, uri_index, number_index, quantity_index)
