"""Making a type's index rows anew when its search parameters have changed.

The table ``index_state`` says which parameters each type's rows were made with. An interrupted run is simply done
again, and a search meanwhile finds what is indexed so far.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import sqlalchemy as sa

from fhir_iop.fhir import json
from fhir_iop.store import rows, schema
from fhir_iop.store.batch import replace_index
from fhir_iop.store.search.index import index_rows
from fhir_iop.store.search.parameters import parameters

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from fhir_iop.definitions import Definitions
    from fhir_iop.store.search.site import Site
    from fhir_iop.store.writer import Writer

_AT_ONCE = 200
"""Resources indexed in one transaction; others write in between."""

_state, _resource = schema.index_state.c, schema.resource.c


def fingerprint(type_: str, definitions: Definitions, site: Site) -> str:
    """Return what changes when the same resource of this type would get other index rows."""
    return sha256(f"{parameters(definitions, type_).fingerprint} {site.time_zone}".encode()).hexdigest()


def begin(connection: Connection, type_: str, made_with: str) -> None:
    """Note, before the first resource of a type is stored, what its rows are made with; later calls change nothing."""
    if connection.scalar(sa.select(_state.fingerprint).where(_state.type == type_)) is None:
        connection.execute(sa.insert(schema.index_state), {"type": type_, "fingerprint": made_with})


def stale(connection: Connection, definitions: Definitions, site: Site) -> list[str]:
    """Return the types whose rows were made with other parameters."""
    return [
        type_
        for type_, made_with in connection.execute(sa.select(_state.type, _state.fingerprint))
        if made_with != fingerprint(type_, definitions, site)
    ]


def reindex(writer: Writer, type_: str, definitions: Definitions, site: Site) -> int:
    """Make the rows of all resources of a type anew; return how many resources there are."""
    last = done = 0

    def some(connection: Connection) -> tuple[int, int]:
        these = sa.and_(_resource.type == type_, _resource.key > last)
        found = connection.execute(rows.current.where(these).order_by(_resource.key).limit(_AT_ONCE)).all()
        index = {
            row.key: index_rows(json.decode_object(row.content), definitions, site)
            for row in found
            if row.content is not None
        }
        replace_index(connection, index, had=[row.key for row in found])
        return len(found), found[-1].key if found else last

    while True:
        count, last = writer.run(some)
        done += count
        if count < _AT_ONCE:
            break
    made_with = fingerprint(type_, definitions, site)
    writer.run(lambda connection: _note(connection, type_, made_with))
    return done


def _note(connection: Connection, type_: str, made_with: str) -> None:
    connection.execute(sa.update(schema.index_state).where(_state.type == type_).values(fingerprint=made_with))
