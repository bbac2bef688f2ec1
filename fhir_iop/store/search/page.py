"""One page of a search: the statement, and its rows as a Page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from fhir_iop.store import rows
from fhir_iop.store.contract import Page
from fhir_iop.store.schema import resource
from fhir_iop.store.search.order import Cursor, after, ordered_by, parse_cursor, sort_keys
from fhir_iop.store.search.parameters import parameters
from fhir_iop.store.search.where import conditions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from fhir_iop.definitions import Definitions
    from fhir_iop.store.contract import Query
    from fhir_iop.store.search.site import Site


def search(connection: Connection, query: Query, definitions: Definitions, site: Site) -> Page:
    """Return the page that ``query`` asks for. Raises BadInput for what can't be searched."""
    known = parameters(definitions, query.type)
    where = [
        resource.c.type == query.type,
        sa.not_(resource.c.deleted),
        *conditions(query.criteria, known, site),
    ]
    keys = sort_keys(query.sort, known)
    cursor = None if query.after is None else parse_cursor(query.after, keys)
    count = sa.select(sa.func.count()).select_from(resource).where(*where)
    if query.count == 0:
        return Page((), connection.scalar(count) if query.total else None, None)

    statement = rows.current.where(*where).order_by(*ordered_by(keys)).limit(query.count + 1)
    statement = statement.add_columns(*(key.expression for key in keys))
    if cursor is not None:
        statement = statement.where(after(cursor, keys))
    elif query.total:
        statement = statement.add_columns(count.scalar_subquery())
    found = connection.execute(statement).all()
    total = cursor.total if cursor else (found[0][-1] if found else 0) if query.total else None
    matches = found[: query.count]
    following = None
    if len(found) > query.count:
        last = matches[-1]
        first = len(rows.current.selected_columns)
        following = str(Cursor(total, tuple(last[first : first + len(keys)]), last.key))
    return Page(tuple(rows.stored(row) for row in matches), total, following)
