"""An Expression that says that it is FHIRPath is FHIRPath.

https://hl7.org/fhir/R4/metadatatypes.html#Expression and http://hl7.org/fhirpath. Only its grammar is looked at: what
its names mean, who evaluates it knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fhir_iop.fhir.remembered import remembered
from fhir_iop.fhirpath import FhirPathError, check_syntax

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_FHIRPATH: Final = "text/fhirpath"
_REMEMBERED: Final = 1024


def applies(expected: Expected) -> bool:
    """Whether values are Expressions."""
    return expected.type == "Expression"


def quick(expected: Expected) -> Test:
    """Return whether an Expression is of another language, or is FHIRPath."""
    del expected
    return lambda value: (
        value.get("language") != _FHIRPATH or "expression" not in value or _fault(value["expression"]) is None
    )


def find(item: Item) -> Iterator[Finding]:
    """Yield `expression-fhirpath` for text that isn't FHIRPath, with the reason."""
    if item.expected.type != "Expression" or item.value.get("language") != _FHIRPATH:
        return
    text = item.value.get("expression")
    reason = _fault(text) if isinstance(text, str) else None
    if reason is not None:
        yield item.found("expression-fhirpath", place=item.place_of("expression"), reason=reason)


@remembered(_REMEMBERED)
def _fault(text: str) -> str | None:
    try:
        check_syntax(text)
    except FhirPathError as error:
        return str(error)
    return None
