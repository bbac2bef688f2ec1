"""A search as a client sends it, read into a Query (https://hl7.org/fhir/R4/search.html)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue
from fhir_iop.store.contract import Criterion, Query
from fhir_iop.store.search.order import parse_cursor, sort_keys
from fhir_iop.store.search.parameters import parameters
from fhir_iop.store.search.site import Site
from fhir_iop.store.search.text import split
from fhir_iop.store.search.where import conditions, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.issue import Issue
    from fhir_iop.settings import Settings

# How an answer is written; whoever answers reads them.
_OF_THE_ANSWER = frozenset({"_format", "_pretty"})

# A search is checked by building its conditions, which don't depend on the time of day it is checked at.
_CHECKING = Site(clock=lambda: datetime(2000, 1, 1, tzinfo=UTC))


def parse_query(type_: str, pairs: Iterable[tuple[str, str]], definitions: Definitions, settings: Settings) -> Query:
    """Read the parameters of a search over ``type_``: names and values, percent-decoded, in the order sent.

    Taken are the type's search parameters as ``definitions`` know them, ``_count`` (never more than
    ``settings.page_limit``), ``_sort``, ``_total``, ``_summary=count`` and ``_cursor``, which is ours: the place where
    the page before ended. Raises BadInput with an Issue for each thing that can't be taken; nothing is ignored, for a
    search without one of its criteria shows too much.
    """
    known = parameters(definitions, type_)
    query = Query(type_, count=min(settings.page_size, settings.page_limit))
    criteria: list[Criterion] = []
    read: set[str] = set()
    issues: list[Issue] = []
    for name, value in pairs:
        code, colon, modifier = name.partition(":")
        if name in _OF_THE_ANSWER:
            continue
        if not value or (name in _CONTROLS and name in read):
            rule = "search-twice" if value else "search-empty"
            issues.append(issue(rule, f"http.{shown(code)}", parameter=shown(code)))
        elif name in _CONTROLS:
            read.add(name)
            try:
                query = _CONTROLS[name](query, value, settings)
            except (ValueError, KeyError):
                issues.append(issue("search-value", f"http.{name}", parameter=name, expected=_EXPECTED[name]))
        else:
            criteria.append(Criterion(code, tuple(split(value, ",")), modifier if colon else None))
    query = replace(query, criteria=tuple(criteria))
    with _found(issues):
        conditions(query.criteria, known, _CHECKING)
    with _found(issues):
        keys = sort_keys(query.sort, known)
        if query.after is not None:
            parse_cursor(query.after, keys)
    if issues:
        raise BadInput(*issues)
    return query


@contextmanager
def _found(issues: list[Issue]) -> Iterator[None]:
    """Add what BadInput tells to ``issues``, so that the search is read on and every fault told."""
    try:
        yield
    except BadInput as error:
        issues.extend(error.issues)


def _count(query: Query, value: str, settings: Settings) -> Query:
    if not (value.isascii() and value.isdigit() and len(value) < 10):
        raise ValueError
    return replace(query, count=min(int(value), settings.page_limit))


def _sort(query: Query, value: str, _settings: Settings) -> Query:
    return replace(query, sort=tuple(value.split(",")))


def _total(query: Query, value: str, _settings: Settings) -> Query:
    return replace(query, total=_TOTALS[value])


def _summary(query: Query, value: str, _settings: Settings) -> Query:
    return replace(query, count={"count": 0, "false": query.count}[value])


def _cursor(query: Query, value: str, _settings: Settings) -> Query:
    return replace(query, after=value)


# An estimate is worth its name only where counting would be slow, and there none is at hand.
_TOTALS: dict[str, Literal["none", "bounded", "accurate"]] = {
    "none": "none",
    "estimate": "bounded",
    "accurate": "accurate",
}
_CONTROLS: dict[str, Callable[[Query, str, Settings], Query]] = {
    "_count": _count,
    "_sort": _sort,
    "_total": _total,
    "_summary": _summary,
    "_cursor": _cursor,
}
_EXPECTED = {
    "_count": "a whole number from 0",
    "_total": "none, estimate or accurate",
    "_summary": "count or false",
}
