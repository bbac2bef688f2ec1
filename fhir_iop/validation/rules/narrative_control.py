"""A narrative says its languages and where its parts come from, as a profile asks by HL7's narrative extensions.

http://hl7.org/fhir/StructureDefinition/narrative-language-control (`_no`: no part is in a language of its own; `_yes`:
some are; `_resource`: one is in the resource's language; a language's code: one is in that) and
…/narrative-source-control (each part says in `class` whether it is boilerplate, generated or original).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.xhtml import sections

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fhir_iop.issue import Severity
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test
    from fhir_iop.validation.xhtml import Section

_LANGUAGE = "narrative-language-control"
_SOURCE = "narrative-source-control"
_SOURCES = frozenset({"boilerplate", "generated", "original"})


def applies(expected: Expected) -> bool:
    """Whether a view controls the narrative."""
    return expected.type == "Narrative" and any(
        name in {_LANGUAGE, _SOURCE} for view in expected.views for name, _ in view.element.controls
    )


def quick(expected: Expected) -> Test:
    """Return a test that no narrative passes: such profiles are rare."""
    del expected
    return lambda _value: False


def find(item: Item) -> Iterator[Finding]:
    """Yield `narrative-language-…` and `narrative-source` at the narrative's div."""
    div = item.value.get("div") if item.expected.type == "Narrative" else None
    if not isinstance(div, str):
        return
    parts = sections(div)
    for view in item.expected.views:
        for name, asked in view.element.controls:
            if name == _LANGUAGE:
                yield from _languages(item, parts, asked, view.said_by)
            elif name == _SOURCE and not all(part.classes & _SOURCES for part in parts):
                severity: Severity = "warning" if asked == "warning" else "error"
                yield item.found("narrative-source", place=item.place_of("div"), severity=severity, by=view.said_by)


def _languages(item: Item, parts: Sequence[Section], asked: str, by: str) -> Iterator[Finding]:
    given = {part.language for part in parts if part.language}
    place = item.place_of("div")
    if asked == "_no":
        if given:
            yield item.found("narrative-language-none", place=place, by=by)
    elif asked == "_yes":
        if not given:
            yield item.found("narrative-language-some", place=place, by=by)
    else:
        language = item.frame.resource.get("language") if asked == "_resource" else asked
        if isinstance(language, str) and language not in given:
            yield item.found("narrative-language", place=place, language=asked.removeprefix("_"), by=by)
