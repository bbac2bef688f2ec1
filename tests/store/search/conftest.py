"""Searching as a client does: a query string in, ids out."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import pytest

from fhir_iop.settings import Settings
from fhir_iop.store import Page, Store, parse_query

Search = Callable[[str], Page]
Found = Callable[[str], list[str]]


@pytest.fixture
def search(store: Store, definitions: Any) -> Search:
    """Search ``Type?name=value&…``."""

    def search(asked: str) -> Page:
        type_, _, query = asked.partition("?")
        pairs = parse_qsl(query, keep_blank_values=True)
        return store.search(parse_query(type_, pairs, definitions, Settings()))

    return search


@pytest.fixture
def found(search: Search) -> Found:
    """The ids that a search finds, in alphabetical order; the total must agree."""

    def found(asked: str) -> list[str]:
        page = search(asked)
        assert page.total == len(page.matches)
        return sorted(stored.id for stored in page.matches)

    return found
