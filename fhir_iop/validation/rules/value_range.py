"""A value lies between `minValue[x]` and `maxValue[x]`, and text isn't longer than `maxLength`.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item


def find(item: Item) -> Iterator[Finding]:
    """Yield `value-below`, `value-above` and `max-length`."""
    for view in item.expected.views:
        element = view.element
        if element.min_value is not None and compare(item.value, element.min_value[1]) == -1:
            yield item.found("value-below", limit=_limit(element.min_value[1]), by=view.said_by)
        if element.max_value is not None and compare(item.value, element.max_value[1]) == 1:
            yield item.found("value-above", limit=_limit(element.max_value[1]), by=view.said_by)
        if element.max_length is not None and isinstance(item.value, str) and len(item.value) > element.max_length:
            yield item.found("max-length", limit=element.max_length, found=len(item.value), by=view.said_by)


def compare(value: Any, limit: Any) -> int | None:
    """Return -1, 0 or 1 as ``value`` is below, at or above ``limit``; None where they can't be compared."""
    if isinstance(value, dict) and isinstance(limit, dict):
        same_unit = all(value.get(name) == limit.get(name) for name in ("system", "code"))
        return compare(value.get("value"), limit.get("value")) if same_unit else None
    if isinstance(value, str) and isinstance(limit, str):
        parse = date.parse_time if ":" in limit[:3] else date.parse
        left, right = parse(value), parse(limit)
        return None if left is None or right is None else date.compare(left, right)
    numbers = (int, float, Decimal)
    if isinstance(value, numbers) and isinstance(limit, numbers):
        left_number, right_number = Decimal(str(value)), Decimal(str(limit))
        return (left_number > right_number) - (left_number < right_number)
    return None


def _limit(limit: Any) -> str:
    return f"{limit.get('value')} {limit.get('code', '')}".strip() if isinstance(limit, dict) else str(limit)
