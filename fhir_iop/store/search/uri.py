"""uri: addresses and canonicals (https://hl7.org/fhir/R4/search.html#uri).

A value matches the same address, to the letter; ``:below`` what lies under it, ``:above`` what it lies under. A
canonical with a version (``url|1.0``) is found with and without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from fhir_iop.store.schema import uri_index
from fhir_iop.store.search.kind import Malformed, Match, Row
from fhir_iop.store.search.text import begins_with, clip, unescape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.fhirpath import TypedValue
    from fhir_iop.store.search.parameters import Parameter
    from fhir_iop.store.search.site import Site

table = uri_index
modifiers = frozenset({"below", "above"})
sorts_by = (table.c.value, table.c.value)


def rows(parameter: str, value: TypedValue, _site: Site) -> Iterator[Row]:
    """Make a row for the address, and one for a versioned canonical without its version."""
    if not isinstance(value.value, str):
        return
    url, bar, _version = value.value.partition("|")
    yield Row(table, parameter, {"value": clip(value.value)})
    if bar:
        yield Row(table, parameter, {"value": clip(url)})


def match(parameter: Parameter, modifier: str | None, value: str, _site: Site) -> Match:
    """Test for an address."""
    asked = clip(unescape(value))
    if not asked:
        raise Malformed("an address")
    test: sa.ColumnElement[bool] = table.c.value == asked
    if modifier == "below":
        under = asked.rstrip("/") + "/"
        test = sa.or_(test, begins_with(table.c.value, under))
    elif modifier == "above":
        test = table.c.value.in_(_above(asked))
    return Match(table, parameter.name, test)


def _above(url: str) -> list[str]:
    """Return ``url`` and every address that it lies under: ``http://a/b/c``, ``http://a/b``, ``http://a``."""
    scheme, _, path = url.partition("://")
    parts = path.split("/")
    found = [f"{scheme}://{'/'.join(parts[:count])}" for count in range(1, len(parts) + 1)] if path else [url]
    return [*found, *(f"{each}/" for each in found)]
