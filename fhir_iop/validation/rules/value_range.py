"""A value lies between `minValue[x]` and `maxValue[x]`, and text isn't longer than `maxLength`.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_; a duration as the limit of a
date counts from now, backwards to the least and forwards to the most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation.order import compare, moved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether a view limits the value."""
    return any(
        limit is not None
        for view in expected.views
        for limit in (view.element.min_value, view.element.max_value, view.element.max_length)
    )


def quick(expected: Expected) -> Test:
    """Return a test that no value passes: limits are rare."""
    del expected
    return lambda _value: False


def find(item: Item) -> Iterator[Finding]:
    """Yield `value-below`, `value-above` and `max-length`."""
    for view in item.expected.views:
        element = view.element
        if element.min_value is not None and _compare(item, element.min_value[1], sign=-1) == -1:
            yield item.found("value-below", limit=_told(element.min_value[1]), by=view.said_by)
        if element.max_value is not None and _compare(item, element.max_value[1], sign=1) == 1:
            yield item.found("value-above", limit=_told(element.max_value[1]), by=view.said_by)
        if element.max_length is not None and isinstance(item.value, str) and len(item.value) > element.max_length:
            yield item.found("max-length", limit=element.max_length, found=len(item.value), by=view.said_by)


def _compare(item: Item, limit: Any, *, sign: int) -> int | None:
    if isinstance(item.value, str) and isinstance(limit, dict):
        now: datetime = item.frame.outside.clock()
        limit = moved(now, limit, sign)
    return compare(item.value, limit)


def _told(limit: Any) -> str:
    return f"{limit.get('value')} {limit.get('code', '')}".strip() if isinstance(limit, dict) else str(limit)
