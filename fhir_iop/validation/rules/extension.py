"""Extensions are known, stand where their definition lets them, and a modifier extension is never passed over.

https://hl7.org/fhir/R4/extensibility.html and https://hl7.org/fhir/R4/defining-extensions.html#context. What is inside
a known extension is checked with its definition like anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.contexts import allows, broken_invariants, fits, names_of
from fhir_iop.validation.primitives import FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item

# What HL7's own examples use, and its tools, whose extensions no package of R4 defines.
_EXAMPLE_HOSTS = ("example.org", "acme.com", "nema.org", "hl7.org/fhir/tools/")


def applies(expected: Expected) -> bool:
    """Whether values are Extensions."""
    return expected.type == "Extension"


def known_in(holder: Expected, *, is_modifier: bool) -> Callable[[str], bool]:
    """Return whether the url of an extension in ``holder`` is one that may stand there for certain."""
    definitions = holder.expectations.definitions
    names = names_of(holder)

    def is_known(url: str) -> bool:
        structure = definitions.structure(url) if ":" in url else None
        if structure is None or structure.type != "Extension" or structure.elements[0].is_modifier != is_modifier:
            return False
        if structure.context_invariants:
            return False
        return not structure.context or any(fits(kind, expression, names) for kind, expression in structure.context)

    return is_known


def find(item: Item) -> Iterator[Finding]:
    """Yield `extension-…` and `modifier-extension-…` for an Extension."""
    if item.expected.type != "Extension" or not isinstance(item.value, dict) or item.up is None:
        return
    url = item.value.get("url")
    if not isinstance(url, str) or not url:
        return
    definitions = item.expected.expectations.definitions
    if not FORMATS["uri"](url):
        return  # told as that
    if ":" not in url:
        yield from _relative(item)
        return
    is_modifier = item.place.key == "modifierExtension"
    structure = definitions.structure(url)
    if structure is None or structure.type != "Extension":
        if is_modifier:
            yield item.found("modifier-extension-unknown", url=url)
        else:
            severity = "warning" if _is_example(url) else item.frame.outside.options.unknown_extension
            yield item.found("extension-unknown", severity=severity, url=url)
        return
    if structure.elements[0].is_modifier != is_modifier:
        rule = "extension-is-modifier" if structure.elements[0].is_modifier else "extension-not-modifier"
        yield item.found(rule, url=url)
    if structure.context and not allows(structure, item.up):
        where = ", ".join(expression for _, expression in structure.context)
        yield item.found("extension-context", url=url, allowed=where)
    else:
        for expression in broken_invariants(structure, item):
            yield item.found("extension-invariant", url=url, expression=expression)


def _is_example(url: str) -> bool:
    """Whether a url is made up for an example: it names no definition that could be missing."""
    return any(host in url for host in _EXAMPLE_HOSTS)


def _relative(item: Item) -> Iterator[Finding]:
    """Check a relative url, which names a part of a complex extension, and only there has it a meaning."""
    outer = item.up
    if outer is None or outer.expected.type != "Extension":
        yield item.found("extension-relative")
    elif _is_known(outer) and not any(item.chosen.values()):
        yield item.found("extension-part-unknown", url=_outer_url(outer))


def _is_known(outer: Item) -> bool:
    """Whether a definition of the outer extension is at hand: its root, or the part of one that it is."""
    return any(
        view.structure.derivation == "constraint" and view.structure.type == "Extension"
        for view in outer.expected.views
    )


def _outer_url(outer: Item) -> str:
    url = outer.value.get("url") if isinstance(outer.value, dict) else None
    return url if isinstance(url, str) and ":" in url else "the outer extension"
