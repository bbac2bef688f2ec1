"""A code exists in its code system, and its display is one that the code system gives.

https://hl7.org/fhir/R4/datatypes.html#Coding. Whatever an element is bound to, a code that its own system doesn't have
says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.codes import is_unknown, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item


def find(item: Item) -> Iterator[Finding]:
    """Yield `code-unknown` and `code-supplement`; for a Coding also `code-no-system` and `display`."""
    is_coding = item.expected.type == "Coding"
    if not is_coding and not item.expected.is_quantity:
        return
    system, code = item.value.get("system"), item.value.get("code")
    if not isinstance(code, str):
        return
    if not isinstance(system, str):
        if is_coding and "_system" not in item.value:
            yield item.found("code-no-system")
        return
    definitions = item.expected.expectations.definitions
    code_system = definitions.code_system(system)
    if code_system is not None and code_system.content == "supplement":
        yield item.found("code-supplement", system=system)
    elif is_unknown(definitions, system, code):
        yield item.found("code-unknown", code=quoted([(None, code)]), system=system)
    elif is_coding:
        yield from _display(item, definitions.display(system, code))


def _display(item: Item, expected: str | None) -> Iterator[Finding]:
    display = item.value.get("display")
    if expected and isinstance(display, str) and _folded(display) != _folded(expected):
        yield item.found("display", place=item.place.down("display", "display"), expected=expected)


def _folded(display: str) -> str:
    return " ".join(display.casefold().split())
