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


def _index(name: str, *columns: sa.Column[str] | sa.Column[int] | sa.Column[float], by: str) -> sa.Table:
    """Return the index table of one kind.

    Its key finds what one resource has, and an index finds the resources that have a value ``by`` its main column, in
    their order. SQLite keeps the rows in the key itself, which is as much as an index and no table beside it.
    """
    return sa.Table(
        f"{name}_index",
        metadata,
        sa.Column("resource", key, primary_key=True, autoincrement=False),
        sa.Column("parameter", text, primary_key=True),
        *columns,
        sa.Index(f"{name}_index_{by}", "parameter", by, "resource"),
        sqlite_with_rowid=False,
    )


token_index = _index(
    "token",
    sa.Column("code", text, primary_key=True),
    sa.Column("system", text, primary_key=True),
    by="code",
)
"""``system`` is empty where a coding has none, and ``*`` where the element's definition implies it."""

string_index = _index(
    "string",
    sa.Column("value", text, primary_key=True),
    sa.Column("exact", text, primary_key=True),
    by="value",
)

date_index = _index(
    "date",
    sa.Column("low", instant, primary_key=True, autoincrement=False),
    sa.Column("high", instant, primary_key=True, autoincrement=False),
    by="low",
)
"""The first and the last microsecond of what a date, at its precision, or a period covers."""

reference_index = _index(
    "reference",
    sa.Column("target", text, primary_key=True),
    sa.Column("version", text, primary_key=True),
    by="target",
)
"""``target`` is ``Type/id``, or a whole URL without version; empty where a reference has an identifier only."""

uri_index = _index("uri", sa.Column("value", text, primary_key=True), by="value")

number_index = _index(
    "number",
    sa.Column("low", sa.Double, primary_key=True),
    sa.Column("high", sa.Double, primary_key=True),
    by="low",
)

quantity_index = _index(
    "quantity",
    sa.Column("low", sa.Double, primary_key=True),
    sa.Column("high", sa.Double, primary_key=True),
    sa.Column("system", text, primary_key=True),
    sa.Column("code", text, primary_key=True),
    sa.Column("unit", text, primary_key=True),
    by="low",
)

INDEXES = (token_index, string_index, date_index, reference_index, uri_index, number_index, quantity_index)
