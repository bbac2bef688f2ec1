"""One page of a search: the statement, and its rows as a Page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from fhir_iop.store import rows
from fhir_iop.store.contract import Page
from fhir_iop.store.schema import resource
from fhir_iop.store.search.order import Cursor, after, ordered_by, parse_cursor, sort_keys
from fhir_iop.store.search.parameters import parameters
from fhir_iop.store.search.where import conditions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy.engine import Connection

    from fhir_iop.definitions import Definitions
    from fhir_iop.store.contract import Query
    from fhir_iop.store.search.site import Site
    from fhir_iop.store.search.where import Wanted

COUNTED = 10_000
"""Matches that are counted at most, unless an accurate total is asked for."""

_FEW = 1_000
"""Index rows that are better listed than asked for resource by resource."""


def search(connection: Connection, query: Query, definitions: Definitions, site: Site) -> Page:
    """Return the page that ``query`` asks for. Raises BadInput for what can't be searched."""
    known = parameters(definitions, query.type)
    own, wanted = conditions(query.criteria, known, site)
    keys = sort_keys(query.sort, known)
    cursor = None if query.after is None else parse_cursor(query.after, keys)

    where = [resource.c.type == query.type, sa.not_(resource.c.deleted), *own, *_joined(connection, wanted)]
    if query.count == 0 and query.total != "none":
        return Page((), _told(connection.execute(_count(where, query)).one()[0], query), None)
    columns = [key.expression for key in keys]
    if cursor is None and query.total != "none":
        columns.append(_count(where, query).scalar_subquery())  # in one statement with the page, so that both agree
    statement = rows.current.add_columns(*columns).where(*where)
    if cursor is not None:
        statement = statement.where(after(cursor, keys))
    found = connection.execute(statement.order_by(*ordered_by(keys)).limit(query.count + 1)).all()

    if cursor is not None:
        total = cursor.total
    elif query.total == "none":
        total = None
    else:
        total = _told(found[0][-1], query) if found else 0
    return Page(tuple(map(rows.stored, found[: query.count])), total, _next(found, query.count, total, len(keys)))


def _joined(connection: Connection, wanted: list[Wanted]) -> list[sa.ColumnElement[bool]]:
    """Let the index that finds fewest resources find them, and ask the others about each of those.

    Where none finds few, resources are gone through in their order and all are asked: a page is full soon. A database
    can't know the best way by itself, for it doesn't know how many rows each value has; counting a few tells.
    """
    present = [each for each in wanted if not each.absent]
    if not present:
        return [each.asked_of_each() for each in wanted]
    counts = connection.execute(sa.select(*(_at_most(each.table, each.test, _FEW) for each in present))).one()
    fewest, best = min(zip(counts, present, strict=True), key=lambda pair: pair[0])
    return [each.listed() if each is best and fewest < _FEW else each.asked_of_each() for each in wanted]


def _count(where: list[sa.ColumnElement[bool]], query: Query) -> sa.Select[int]:
    if query.total == "accurate":
        return sa.select(sa.func.count()).select_from(resource).where(*where)
    return sa.select(_at_most(resource, sa.and_(*where), COUNTED + 1))


def _at_most(table: sa.Table, test: sa.ColumnElement[bool], most: int) -> sa.ScalarSelect[int]:
    """Return how many rows of ``table`` pass ``test``, counted no further than ``most``."""
    some = sa.select(sa.literal_column("1")).select_from(table).where(test).limit(most).subquery()
    return sa.select(sa.func.count()).select_from(some).scalar_subquery()


def _told(total: int, query: Query) -> int | None:
    return None if total > COUNTED and query.total == "bounded" else total


def _next(found: Sequence[Any], count: int, total: int | None, keys: int) -> str | None:
    """Return the cursor after the last of ``count`` rows, where there are more."""
    if len(found) <= count or count == 0:
        return None
    last = found[count - 1]
    first = len(rows.current.selected_columns)
    return str(Cursor(total, tuple(last[first : first + keys]), last.key))
