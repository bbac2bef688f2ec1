"""The first schema: resources and their versions, index rows, outbox, audit."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None

text = sa.Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
key = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make all tables."""
    op.create_table(
        "resource",
        sa.Column("key", key, primary_key=True, autoincrement=False),
        sa.Column("type", text, nullable=False),
        sa.Column("id", text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_updated", sa.BigInteger, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
    )
    op.create_index("resource_type_id", "resource", ["type", "id"], unique=True)
    op.create_index("resource_type_key", "resource", ["type", "key"])
    op.create_index("resource_type_last_updated", "resource", ["type", "last_updated"])
    op.create_index("resource_last_updated", "resource", ["last_updated"])

    op.create_table(
        "version",
        sa.Column("resource", key, sa.ForeignKey("resource.key"), primary_key=True, autoincrement=False),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("last_updated", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary),
    )

    op.create_table(
        "outbox",
        sa.Column("position", key, primary_key=True, autoincrement=False),
        sa.Column("id", text, nullable=False),
        sa.Column("kind", text, nullable=False),
        sa.Column("about", text, nullable=False),
        sa.Column("destination", text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("state", text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", sa.BigInteger, nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger, nullable=False),
        sa.Column("answer", sa.LargeBinary),
    )
    op.create_index("outbox_id", "outbox", ["id"], unique=True)
    op.create_index("outbox_state_next_attempt_at", "outbox", ["state", "next_attempt_at"])
    op.create_index("outbox_about", "outbox", ["about"])

    op.create_table(
        "audit",
        sa.Column("key", key, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("action", text, nullable=False),
        sa.Column("agent", text, nullable=False),
        sa.Column("outcome", text, nullable=False),
        sa.Column("detail", text, nullable=False),
    )
    op.create_table(
        "audit_reference",
        sa.Column("audit", key, sa.ForeignKey("audit.key"), primary_key=True, autoincrement=False),
        sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("reference", text, nullable=False),
    )
    op.create_index("audit_reference_reference", "audit_reference", ["reference", "audit"])

    op.create_table(
        "index_state",
        sa.Column("type", text, primary_key=True),
        sa.Column("fingerprint", text, nullable=False),
    )
    _index("token", [("code", text), ("system", text)])
    _index("string", [("value", text), ("exact", text)])
    _index("date", [("low", sa.BigInteger()), ("high", sa.BigInteger())])
    _index("reference", [("target", text), ("version", text)])
    _index("uri", [("value", text)])
    _index("number", [("low", sa.Double()), ("high", sa.Double())])
    _index("quantity", [("low", sa.Double()), ("high", sa.Double()), ("system", text), ("code", text), ("unit", text)])


def _index(name: str, columns: list[tuple[str, TypeEngine[Any]]]) -> None:
    """Make an index table whose rows are all key, and an index by its first column of values."""
    keys: list[tuple[str, TypeEngine[Any]]] = [("resource", key), ("parameter", text), *columns]
    op.create_table(
        f"{name}_index",
        *(sa.Column(each, type_, primary_key=True, autoincrement=False) for each, type_ in keys),
        sqlite_with_rowid=False,
    )
    by = columns[0][0]
    op.create_index(f"{name}_index_{by}", f"{name}_index", ["parameter", by, "resource"])
