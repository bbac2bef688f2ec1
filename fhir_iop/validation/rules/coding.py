"""A code exists in its code system, and its display is one that the code system gives.

https://hl7.org/fhir/R4/datatypes.html#Coding. Whatever an element is bound to, a code that its own system doesn't have
says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhir.remembered import remembered
from fhir_iop.validation.codes import is_unknown, quoted
from fhir_iop.validation.rules import binding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.issue import Severity
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_REMEMBERED = 16384
_ANSWER = "QuestionnaireResponse.item.answer.value[x]"


def applies(expected: Expected) -> bool:
    """Whether values hold a code beside its system."""
    return expected.type == "Coding" or expected.is_quantity


def quick(expected: Expected) -> Test:
    """Return whether nothing is wrong with a code, its system and its display."""
    definitions = expected.expectations.definitions
    is_coding = expected.type == "Coding"

    @remembered(_REMEMBERED)
    def is_right(system: str, code: str, display: str | None) -> bool:
        return _fault(definitions, system, code) is None and not _differs(definitions, system, code, display)

    def test(value: dict[str, str]) -> bool:
        if "code" not in value:
            return True
        if "system" not in value:
            return not is_coding
        return is_right(value["system"], value["code"], value.get("display") if is_coding else None)

    return test


def find(item: Item) -> Iterator[Finding]:
    """Yield `code-unknown` and `code-supplement`; for a Coding also `code-no-system` and `display`."""
    is_coding = item.expected.type == "Coding"
    if not applies(item.expected):
        return
    system, code = item.value.get("system"), item.value.get("code")
    if not isinstance(code, str):
        return
    if not isinstance(system, str):
        if is_coding and "_system" not in item.value and not _is_told(item):
            yield item.found("code-no-system")
        return
    definitions = item.expected.expectations.definitions
    fault = _fault(definitions, system, code)
    display = item.value.get("display")
    if fault is not None:
        yield item.found(fault, place=item.place_of("code"), code=quoted([(None, code)]), system=system)
    elif is_coding and isinstance(display, str) and _differs(definitions, system, code, display):
        expected = definitions.display(system, code)
        # What a respondent chose is what was shown: another display is another answer.
        severity: Severity | None = "error" if item.expected.views[0].element.path == _ANSWER else None
        place = item.place.down("display", "display")
        yield item.found("display", place=place, severity=severity, expected=expected)


def _is_told(coding: Item) -> bool:
    """Whether a binding makes an error of it that a code has no system."""
    holders = (coding, coding.up) if coding.up and coding.up.expected.type == "CodeableConcept" else (coding,)
    return any(finding.issue.is_error for holder in holders for finding in binding.find(holder))


def _fault(definitions: Definitions, system: str, code: str) -> str | None:
    code_system = definitions.code_system(system)
    if code_system is not None and (code_system.content == "supplement" or code_system.supplements):
        return "code-supplement"
    return "code-unknown" if is_unknown(definitions, system, code) else None


def _differs(definitions: Definitions, system: str, code: str, display: str | None) -> bool:
    expected = definitions.display(system, code) if display is not None else None
    # Blank text is told as that (rules/text_blank.py).
    return bool(display and not display.isspace() and expected) and _folded(str(display)) != _folded(str(expected))


def _folded(display: str) -> str:
    return " ".join(display.casefold().split())
