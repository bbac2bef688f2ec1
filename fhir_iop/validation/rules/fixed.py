"""A value equals `fixed[x]`, where a definition fixes it.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_: what the fixed value lacks the
value lacks too, so that a fixed primitive has neither id nor extensions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhir import json
from fhir_iop.validation.pattern import equals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether a view fixes the value."""
    return any(view.element.fixed is not None for view in expected.views)


def quick(expected: Expected) -> Test:
    """Return whether a value equals all that is fixed."""
    fixed = [view.element.fixed[1] for view in expected.views if view.element.fixed is not None]
    return lambda value: all(equals(value, one) for one in fixed)


def find(item: Item) -> Iterator[Finding]:
    """Yield `fixed` for a value that differs, `fixed-bare` for a primitive with more than its value."""
    for view in item.expected.views:
        fixed = view.element.fixed
        if fixed is None:
            continue
        if not equals(item.value, fixed[1]):
            yield item.found("fixed", expected=shown(fixed[1]), by=view.said_by)
            return
        if item.sibling is not None:
            yield item.found("fixed-bare", by=view.said_by)
            return


def shown(value: object) -> str:
    """Return a definition's value as JSON."""
    return json.encode(value).decode()
