"""The first schema: resources and their versions, index rows, outbox, audit."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

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
    _index("token", ["code", "system"], sa.Column("system", text), sa.Column("code", text, nullable=False))
    _index("string", ["value"], sa.Column("value", text, nullable=False), sa.Column("exact", text, nullable=False))
    _index(
        "date",
        ["low", "high"],
        sa.Column("low", sa.BigInteger, nullable=False),
        sa.Column("high", sa.BigInteger, nullable=False),
    )
    _index(
        "reference", ["target"], sa.Column("target", text, nullable=False), sa.Column("version", text, nullable=False)
    )
    _index("uri", ["value"], sa.Column("value", text, nullable=False))
    _index(
        "number",
        ["low", "high"],
        sa.Column("low", sa.Double, nullable=False),
        sa.Column("high", sa.Double, nullable=False),
    )
    _index(
        "quantity",
        ["code", "low", "high"],
        sa.Column("system", text, nullable=False),
        sa.Column("code", text, nullable=False),
        sa.Column("unit", text, nullable=False),
        sa.Column("low", sa.Double, nullable=False),
        sa.Column("high", sa.Double, nullable=False),
    )


def _index(name: str, by: list[str], *columns: sa.Column[Any]) -> None:
    op.create_table(
        f"{name}_index",
        sa.Column("resource", key, nullable=False),
        sa.Column("parameter", text, nullable=False),
        *columns,
    )
    op.create_index(f"{name}_index_value", f"{name}_index", ["parameter", *by, "resource"])
    op.create_index(f"{name}_index_resource", f"{name}_index", ["resource", "parameter"])
