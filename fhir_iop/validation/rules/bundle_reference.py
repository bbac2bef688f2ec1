"""References between a Bundle's entries lead where they seem to (https://hl7.org/fhir/R4/bundle.html#references)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhir import reference as references

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.issue import Severity
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item

_WHOLE = frozenset({"document", "message"})


def applies(expected: Expected) -> bool:
    """Whether values are References."""
    return expected.type == "Reference"


def find(item: Item) -> Iterator[Finding]:
    """Yield `bundle-reference-missing` for a URN that is no entry's, `bundle-reference-differs` for a near miss."""
    if item.expected.type != "Reference" or item.frame.entries is None or not isinstance(item.value, dict):
        return
    reference = item.value.get("reference")
    if not isinstance(reference, str) or item.frame.resolve(reference) is not None:
        return
    if not references.has_form(reference) or item.frame.entries.may_lead_to_garbled(reference):
        return
    if reference.startswith(("urn:uuid:", "urn:oid:")):
        yield item.found("bundle-reference-missing", place=item.place_of("reference"))
        return
    literal = references.parse(reference)
    if literal is not None and literal.base is None and literal.local in item.frame.entries.by_local:
        # Elsewhere the reference may mean what a server has already.
        severity: Severity = "error" if item.frame.entries.type in _WHOLE else "warning"
        yield item.found("bundle-reference-differs", place=item.place_of("reference"), severity=severity)
