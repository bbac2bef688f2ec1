"""A value lies between `minValue[x]` and `maxValue[x]`, and text isn't longer than `maxLength`.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.minValue_x_; a duration as the limit of a
date counts from now, backwards to the least and forwards to the most.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation.order import compare, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from fhir_iop.definitions.schema import Element
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether a view limits the value."""
    return any(_is_limited(view.element) for view in expected.views)


def quick(expected: Expected) -> Test:
    """Return whether a value lies within all limits."""
    elements = [view.element for view in expected.views if _is_limited(view.element)]
    clock = expected.expectations.outside.clock
    return lambda value: not any(True for element in elements for _ in _faults(value, element, clock))


def find(item: Item) -> Iterator[Finding]:
    """Yield `value-below`, `value-above` and `max-length`."""
    for view in item.expected.views:
        for rule, facts in _faults(item.value, view.element, item.frame.outside.clock):
            yield item.found(rule, by=view.said_by, **facts)


def _is_limited(element: Element) -> bool:
    return any(limit is not None for limit in (element.min_value, element.max_value, element.max_length))


def _faults(value: Any, element: Element, clock: Callable[[], datetime]) -> Iterator[tuple[str, dict[str, Any]]]:
    if element.min_value is not None and _compare(value, element.min_value[1], clock, sign=-1) == -1:
        yield "value-below", {"limit": _told(element.min_value[1])}
    if element.max_value is not None and _compare(value, element.max_value[1], clock, sign=1) == 1:
        yield "value-above", {"limit": _told(element.max_value[1])}
    if element.max_length is not None and isinstance(value, str) and len(value) > element.max_length:
        yield "max-length", {"limit": element.max_length, "found": len(value)}


def _compare(value: Any, limit: Any, clock: Callable[[], datetime], *, sign: int) -> int | None:
    if isinstance(value, str) and isinstance(limit, dict):
        limit = moved(clock(), limit, sign)
    return compare(value, limit)


def _told(limit: Any) -> str:
    return f"{limit.get('value')} {limit.get('code', '')}".strip() if isinstance(limit, dict) else str(limit)
