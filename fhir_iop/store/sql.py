"""The store on an SQL database, SQLite or PostgreSQL: the contract's methods over the other modules of this room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from fhir_iop.errors import Gone, NotFound
from fhir_iop.issue import issue
from fhir_iop.store import outbox, reindex, rows, schema, trail
from fhir_iop.store.instants import to_micros
from fhir_iop.store.plan import Prepared
from fhir_iop.store.search.index import index_rows
from fhir_iop.store.search.page import search
from fhir_iop.store.writer import Writer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from fhir_iop.definitions import Definitions
    from fhir_iop.store.contract import AuditRecord, Page, Query, Queued, Receipt, Stored, Submission
    from fhir_iop.store.database import Database
    from fhir_iop.store.search.site import Site

_resource, _version = schema.resource.c, schema.version.c

_this = sa.and_(_resource.type == sa.bindparam("type"), _resource.id == sa.bindparam("id"))
_current = rows.current.where(_this)
_one_version = rows.versions.where(_this, _version.version == sa.bindparam("version"))
_all_versions = rows.versions.where(_this).order_by(_version.version.desc())


class SqlStore:
    """A :class:`~fhir_iop.store.contract.Store` in a database that is migrated already; see there for the methods."""

    def __init__(self, database: Database, definitions: Definitions, site: Site) -> None:
        self._database = database
        self._definitions = definitions
        self._site = site
        self._writer = Writer(database, lambda: to_micros(site.clock()))
        self._begun: set[str] = set()

    def submit(self, submission: Submission) -> Receipt:  # noqa: D102 - the contract says it
        self._begin({write.resource["resourceType"] for write in submission.writes})
        indexed = [
            {} if write.deleted else index_rows(write.resource, self._definitions, self._site)
            for write in submission.writes
        ]
        return self._writer.submit(Prepared(submission, indexed))

    def read(self, type_: str, id_: str) -> Stored:  # noqa: D102
        return self._one(_current, type_, id_)

    def vread(self, type_: str, id_: str, version: int) -> Stored:  # noqa: D102
        return self._one(_one_version, type_, id_, version=version)

    def history(self, type_: str, id_: str) -> list[Stored]:  # noqa: D102
        found = self._rows(_all_versions, type_, id_)
        return [rows.stored(row) for row in found]

    def search(self, query: Query) -> Page:  # noqa: D102
        with self._database.read() as connection:
            return search(connection, query, self._definitions, self._site)

    def due(self, now: datetime, limit: int = 100) -> list[Queued]:  # noqa: D102
        with self._database.read() as connection:
            return outbox.due(connection, now, limit)

    def claim(self, now: datetime, until: datetime, limit: int = 100) -> list[Queued]:  # noqa: D102
        return self._writer.run(lambda connection: outbox.claim(connection, now, until, limit))

    def message(self, id_: str) -> Queued | None:  # noqa: D102
        with self._database.read() as connection:
            return outbox.message(connection, id_)

    def outbox(self) -> Iterator[Queued]:  # noqa: D102
        return outbox.every(self._database)

    def audit(self, about: str | None = None) -> Iterator[tuple[datetime, AuditRecord]]:  # noqa: D102
        return trail.every(self._database, about)

    def reindex(self) -> int:  # noqa: D102
        with self._database.read() as connection:
            stale = reindex.stale(connection, self._definitions, self._site)
        return sum(reindex.reindex(self._writer, type_, self._definitions, self._site) for type_ in stale)

    def close(self) -> None:  # noqa: D102
        self._database.close()

    def _begin(self, types: set[str]) -> None:
        """Note what the rows of types are made with that this process stores for the first time."""
        for type_ in types - self._begun:
            made_with = reindex.fingerprint(type_, self._definitions, self._site)
            self._writer.run(lambda connection: reindex.begin(connection, type_, made_with))  # noqa: B023 - run at once
            self._begun.add(type_)

    def _one(self, statement: sa.Select[*tuple[Any, ...]], type_: str, id_: str, **more: int) -> Stored:
        (row,) = self._rows(statement, type_, id_, **more)
        if row.content is None:
            raise Gone(issue("store-gone", reference=f"{type_}/{id_}"))
        return rows.stored(row)

    def _rows(self, statement: sa.Select[*tuple[Any, ...]], type_: str, id_: str, **more: int) -> Sequence[Any]:
        if "\x00" not in id_:  # which PostgreSQL doesn't take in a text
            with self._database.read() as connection:
                if found := connection.execute(statement, {"type": type_, "id": id_, **more}).all():
                    return found
        raise NotFound(issue("store-not-found", reference=f"{type_}/{id_}"))
