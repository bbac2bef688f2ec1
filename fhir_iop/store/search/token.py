"""token: codes, identifiers, flags (https://hl7.org/fhir/R4/search.html#token).

``code``, ``system|code``, ``|code`` (no system), ``system|``. Where an element's definition implies the system (type
``code``, ``boolean``, ``id``), any system that is asked for matches. Codes match whatever their case, as the
standard recommends where a code system's rule isn't known; systems match exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from fhir_iop.store.schema import token_index
from fhir_iop.store.search.kind import Malformed, Match, Row
from fhir_iop.store.search.text import clip, split, unescape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.fhirpath import TypedValue
    from fhir_iop.store.search.parameters import Parameter
    from fhir_iop.store.search.site import Site

table = token_index
modifiers = frozenset({"not", "of-type"})
sorts_by = (table.c.code, table.c.code)

IMPLIED = "*"
"""Stands for the system of a code whose element implies it."""


def rows(parameter: str, value: TypedValue, _site: Site) -> Iterator[Row]:
    """Make a row a coding or identifier; a concept that has only text has a row that no code finds."""
    found = value.value
    if value.type == "CodeableConcept":
        yield from (_coding_row(parameter, coding) for coding in found.get("coding") or [{}])
    elif value.type == "Coding":
        yield _coding_row(parameter, found)
    elif value.type == "Identifier":
        yield from identifier_rows(parameter, found)
    elif value.type == "ContactPoint":
        yield _row(parameter, IMPLIED, found.get("value", ""))
    elif isinstance(found, bool):
        yield _row(parameter, IMPLIED, "true" if found else "false")
    elif isinstance(found, str):
        yield _row(parameter, IMPLIED, found)


def identifier_rows(parameter: str, identifier: dict[str, Any]) -> Iterator[Row]:
    """Make an Identifier's row, and one for ``:of-type`` a coding of its type."""
    value = identifier.get("value", "")
    yield _row(parameter, identifier.get("system", ""), value)
    for coding in identifier.get("type", {}).get("coding", ()):
        yield _row(f"{parameter}:of-type", coding.get("system", ""), f"{coding.get('code', '')}|{value}")


def match(parameter: Parameter, modifier: str | None, value: str, _site: Site) -> Match:
    """Test for a token; under ``:of-type`` for ``system|code|value`` of an identifier."""
    if modifier == "of-type":
        return Match(table, f"{parameter.name}:of-type", _of_type(value))
    return Match(table, parameter.name, test(value))


def test(value: str) -> sa.ColumnElement[bool]:
    """Test a row for ``[system]|[code]``."""
    *before, last = map(unescape, split(value, "|"))
    if len(before) > 1 or not (last or any(before)):
        raise Malformed("code, system|code, |code or system|")
    code = table.c.code == clip(last.casefold())
    if not before:
        return code
    if not last:
        return table.c.system == clip(before[0])
    if not before[0]:
        return sa.and_(code, table.c.system == "")
    return sa.and_(code, table.c.system.in_([clip(before[0]), IMPLIED]))


def _of_type(value: str) -> sa.ColumnElement[bool]:
    parts = list(map(unescape, split(value, "|")))
    if len(parts) != 3 or not all(parts):
        raise Malformed("system|code|value")
    system, code, number = parts
    return sa.and_(table.c.code == clip(f"{code}|{number}".casefold()), table.c.system == clip(system))


def _coding_row(parameter: str, coding: dict[str, Any]) -> Row:
    return _row(parameter, coding.get("system", ""), coding.get("code", ""))


def _row(parameter: str, system: str, code: str) -> Row:
    return Row(table, parameter, {"system": clip(system), "code": clip(code.casefold())})
