"""A primitive has a value, not only extensions, where a definition asks for one; or one of the extensions it names.

The rules are those of FHIR R5 (https://hl7.org/fhir/R5/elementdefinition-definitions.html#ElementDefinition.mustHaveValue
and `valueAlternatives`), which R4 profiles state by their cross-version extensions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_MUST = "mustHaveValue"
_ALTERNATIVE = "valueAlternatives"


def applies(expected: Expected) -> bool:
    """Whether a view asks for a value."""
    return expected.is_primitive and any(
        name in {_MUST, _ALTERNATIVE} for view in expected.views for name, _ in view.element.controls
    )


def quick(expected: Expected) -> Test:
    """Return a test of a value, which is there."""
    del expected
    return lambda value: value is not None


def find(item: Item) -> Iterator[Finding]:
    """Yield `value-missing` and `value-alternative` for a primitive without a value."""
    if item.value is not None or not item.expected.is_primitive:
        return
    extensions = item.content.get("extension")
    given = [one.get("url") for one in extensions if isinstance(one, dict)] if isinstance(extensions, list) else []
    for view in item.expected.views:
        controls = view.element.controls
        if (_MUST, True) in controls:
            yield item.found("value-missing", by=view.said_by)
        alternatives = [str(url).partition("|")[0] for name, url in controls if name == _ALTERNATIVE]
        if alternatives and not any(url in given for url in alternatives):
            yield item.found("value-alternative", allowed=", ".join(alternatives), by=view.said_by)
