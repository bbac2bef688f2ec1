"""Bringing a database's schema up to this program's, with Alembic.

The steps lie in ``migrations/versions``, in the wheel too. Several processes may open one new database at once: the
write lock lets one of them take the steps.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from fhir_iop.errors import Unusable
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection

    from fhir_iop.store.database import Database

HEAD = "0001"
"""The last step this program knows."""

_state = sa.table("alembic_version", sa.column("version_num"))


def migrate(database: Database) -> None:
    """Take the steps that ``database`` lacks, all of them or none.

    Raises Unusable where a newer program or another one made the schema, and Unavailable where the database fails.
    """
    with database.read() as connection:
        if _schema(connection) == HEAD:
            return
    with database.write() as connection:
        found = _schema(connection)
        if found != HEAD:
            _upgrade(connection, found)


def config() -> Config:
    """Return Alembic's configuration: where the steps lie. A connection comes in ``attributes["connection"]``."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return made


def _schema(connection: Connection) -> str | None:
    """Return the last step taken, None for an empty database. Raises Unusable for tables that aren't ours."""
    tables = set(sa.inspect(connection).get_table_names())
    if "alembic_version" in tables:
        return connection.scalar(sa.select(_state.c.version_num))
    if tables:
        raise Unusable(issue("store-foreign"))
    return None


def _upgrade(connection: Connection, found: str | None) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    steps = config()
    try:
        if found is not None:
            ScriptDirectory.from_config(steps).get_revision(found)
    except CommandError:
        raise Unusable(issue("store-newer", found=found, known=HEAD)) from None
    steps.attributes["connection"] = connection
    command.upgrade(steps, HEAD)
