"""Opening a store: its schema and its index are brought up to this program's first."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from fhir_iop.store.database import Database
from fhir_iop.store.migrate import migrate
from fhir_iop.store.search.site import Site
from fhir_iop.store.sql import SqlStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, tzinfo

    from fhir_iop.definitions import Definitions


def open_store(
    url: str, definitions: Definitions, *, clock: Callable[[], datetime], time_zone: tzinfo = UTC, base_url: str = ""
) -> SqlStore:
    """Open the store at ``url`` (SQLAlchemy's form: ``sqlite:///file.db``, ``postgresql://host/name``).

    A database that is empty gets its tables, an older one the tables of now, and where the search parameters of
    ``definitions`` aren't those that a type was indexed with, its index is made anew. ``clock`` gives aware datetimes;
    ``time_zone`` is the zone of dates that name none and ``base_url`` the endpoint's address, both for search. Open a
    store in the process that uses it: connections don't survive a fork.

    Raises Unusable for a URL, a file or a schema that can't be used as it is, and Unavailable for a database that can't
    be reached now.
    """
    database = Database(url)
    try:
        database.check()
        migrate(database)
        store = SqlStore(database, definitions, Site(clock, time_zone, base_url.rstrip("/")))
        store.reindex()
    except BaseException:
        database.close()
        raise
    return store
