"""number: counts and factors (https://hl7.org/fhir/R4/search.html#number).

Without a prefix, with ``eq`` and with ``ne`` a value covers what rounds to its digits: ``100`` is 99.5 to 100.5; the
other prefixes take it exactly. ``ap`` is within a tenth.
"""

from __future__ import annotations

import math
import re
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

from fhir_iop.store.schema import number_index
from fhir_iop.store.search.interval import TESTS, Range, prefixed
from fhir_iop.store.search.kind import Malformed, Match, Row

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa

    from fhir_iop.fhirpath import TypedValue
    from fhir_iop.store.search.parameters import Parameter
    from fhir_iop.store.search.site import Site

table = number_index
modifiers: frozenset[str] = frozenset()
sorts_by = (table.c.low, table.c.high)

# Open ends; JSON, which cursors are written in, has no infinity.
LEAST, GREATEST = -sys.float_info.max, sys.float_info.max

_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?(?:[eE](?P<exponent>[+-]?\d{1,2}))?", re.ASCII)


def rows(parameter: str, value: TypedValue, _site: Site) -> Iterator[Row]:
    """Make a row for a number."""
    if isinstance(value.value, int | Decimal) and not isinstance(value.value, bool):
        yield Row(table, parameter, {"low": float(value.value), "high": float(value.value)})


def match(parameter: Parameter, _modifier: str | None, value: str, _site: Site) -> Match:
    """Test for a number."""
    return Match(table, parameter.name, test(value, table.c.low, table.c.high))


def test(value: str, low: sa.ColumnElement[float], high: sa.ColumnElement[float]) -> sa.ColumnElement[bool]:
    """Test a stored range for ``[prefix][number]``."""
    prefix, text = prefixed(value)
    if not _NUMBER.fullmatch(text):
        raise Malformed("a number such as 7, 1.10 or 5e-3, after eq, ne, gt, lt, ge, le, sa, eb or ap")
    return TESTS[prefix](low, high, _asked(prefix, Decimal(text)))


def _asked(prefix: str, number: Decimal) -> Range:
    if prefix in {"eq", "ne"}:
        half = Decimal(5).scaleb(int(number.as_tuple().exponent) - 1)
        # The upper end belongs to the next number: 100 covers 99.5 and not 100.5.
        return Range(float(number - half), math.nextafter(float(number + half), -math.inf))
    leeway = abs(number) / 10 if prefix == "ap" else Decimal(0)
    return Range(float(number - leeway), float(number + leeway))
