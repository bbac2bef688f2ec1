"""When a JSON value equals a `fixed[x]` and when it contains a `pattern[x]`.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.fixed_x_ and #ElementDefinition.pattern_x_.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

_NUMBERS = (int, float, Decimal)


def equals(value: Any, fixed: Any) -> bool:
    """Whether ``value`` is exactly ``fixed``: the same properties, the same items in the same order.

    Numbers are compared as written, for FHIR decimals keep their precision: 1.0 is not 1.00.
    """
    if isinstance(fixed, dict):
        return (
            isinstance(value, dict)
            and value.keys() == fixed.keys()
            and all(equals(value[name], inner) for name, inner in fixed.items())
        )
    if isinstance(fixed, list):
        return isinstance(value, list) and len(value) == len(fixed) and all(map(equals, value, fixed))
    return _same(value, fixed)


def contains(value: Any, pattern: Any) -> bool:
    """Whether ``value`` has at least all that ``pattern`` says: each property, and for each item one that fits it."""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(
            name in value and contains(value[name], inner) for name, inner in pattern.items()
        )
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(contains(item, inner) for item in value) for inner in pattern)
    return _same(value, pattern)


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool) or isinstance(value, bool) or not isinstance(wanted, _NUMBERS):
        return type(value) is type(wanted) and bool(value == wanted)
    return isinstance(value, _NUMBERS) and str(value) == str(wanted)
