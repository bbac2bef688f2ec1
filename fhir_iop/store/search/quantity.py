"""quantity: amounts with a unit (https://hl7.org/fhir/R4/search.html#quantity).

``[prefix]number``, ``number|system|code``, ``number||unit`` (code or unit as displayed). Units are compared as they
were sent: 1 g isn't found under 1000 mg. A comparator (``<``) leaves that side open; a Range is a range.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from fhir_iop.store.schema import quantity_index
from fhir_iop.store.search import number
from fhir_iop.store.search.kind import Malformed, Match, Row
from fhir_iop.store.search.text import clip, split, unescape

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.fhirpath import TypedValue
    from fhir_iop.store.search.parameters import Parameter
    from fhir_iop.store.search.site import Site

table = quantity_index
modifiers: frozenset[str] = frozenset()
sorts_by = (table.c.low, table.c.high)

_MOST = 100
_CURRENCY = "urn:iso:std:iso:4217"


def rows(parameter: str, value: TypedValue, _site: Site) -> Iterator[Row]:
    """Make a row for a Quantity, a Range or a Money; without a number there is nothing to compare."""
    found = value.value
    if not isinstance(found, dict):
        return
    if value.type == "Range":
        low, high = found.get("low", {}), found.get("high", {})
        if "value" in low or "value" in high:
            bounds = (low.get("value", number.LEAST), high.get("value", number.GREATEST))
            yield _row(parameter, low if "value" in low else high, *bounds)
    elif value.type == "Money" and "value" in found:
        unit = {"system": _CURRENCY, "code": found.get("currency", "")}
        yield _row(parameter, unit, found["value"], found["value"])
    elif "value" in found:
        comparator = found.get("comparator", "")
        low = number.LEAST if comparator.startswith("<") else found["value"]
        high = number.GREATEST if comparator.startswith(">") else found["value"]
        yield _row(parameter, found, low, high)


def match(parameter: Parameter, _modifier: str | None, value: str, _site: Site) -> Match:
    """Test for a quantity."""
    amount, *unit = split(value, "|")
    if len(unit) not in {0, 2}:
        raise Malformed("number, number|system|code or number||unit")
    tests = [number.test(amount, table.c.low, table.c.high)]
    system, code = (_short(unescape(part)) for part in unit or ("", ""))
    if system:
        tests.append(table.c.system == system)
    if code:
        tests.append(table.c.code == code if system else sa.or_(table.c.code == code, table.c.unit == code))
    return Match(table, parameter.name, sa.and_(*tests))


def _row(parameter: str, unit: dict[str, Any], low: Any, high: Any) -> Row:
    columns = {name: _short(unit.get(name, "")) for name in ("system", "code", "unit")}
    return Row(table, parameter, {**columns, "low": float(low), "high": float(high)})


def _short(text: str) -> str:
    """Return what is kept of a text of which a row has three."""
    return clip(text)[:_MOST]
