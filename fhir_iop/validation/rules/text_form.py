"""A value has the form that HL7's extensions on its element ask for: `minLength`, `regex`, `maxDecimalPlaces`.

https://hl7.org/fhir/R4/extension-minlength.html, https://hl7.org/fhir/R4/extension-regex.html (the whole text matches),
https://hl7.org/fhir/R4/extension-maxdecimalplaces.html.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhirpath import FhirPathError, patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether a view asks for a form."""
    return any(name in _FITS for view in expected.views for name, _ in view.element.controls)


def quick(expected: Expected) -> Test:
    """Return whether a value has all forms that are asked for."""
    asked = [each for view in expected.views for each in view.element.controls if each[0] in _FITS]
    return lambda value: all(_FITS[name](value, limit) for name, limit in asked)


def find(item: Item) -> Iterator[Finding]:
    """Yield `min-length`, `regex` and `decimal-places`; `regex-unchecked` where a pattern can't be used."""
    if item.value is None:
        return
    for view in item.expected.views:
        for name, limit in view.element.controls:
            if name not in _FITS:
                continue
            try:
                fits = _FITS[name](item.value, limit)
            except FhirPathError as error:
                yield item.found("regex-unchecked", reason=error.message, by=view.said_by)
                continue
            if not fits:
                yield item.found(_RULES[name], limit=limit, by=view.said_by)


def _is_long_enough(value: Any, limit: int) -> bool:
    return not isinstance(value, str) or len(value) >= limit


def _matches(value: Any, pattern: str) -> bool:
    return not isinstance(value, str) or patterns.matches_full(value, pattern)


def _is_coarse_enough(value: Any, limit: int) -> bool:
    exponent = Decimal(str(value)).as_tuple().exponent if isinstance(value, (Decimal, float)) else 0
    return not isinstance(exponent, int) or -exponent <= limit


_FITS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "minLength": _is_long_enough,
    "regex": _matches,
    "maxDecimalPlaces": _is_coarse_enough,
}
_RULES: Final = {"minLength": "min-length", "regex": "regex", "maxDecimalPlaces": "decimal-places"}
