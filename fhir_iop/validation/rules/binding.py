"""Codes come from the value set that an element is bound to (https://hl7.org/fhir/R4/terminologies.html#strength).

Content that isn't at hand is information: nothing was found wrong, and nothing was checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.definitions import Membership
from fhir_iop.validation.codes import codes_in, is_unknown, membership, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions.schema import Binding
    from fhir_iop.issue import Severity
    from fhir_iop.validation.item import Finding, Item

_RULES = {"required": "binding-required", "extensible": "binding-extensible", "preferred": "binding-preferred"}

# R4 requires these units of every component of a vital sign, which its text doesn't ask and its own examples break
# (the oxygen a patient breathes beside the saturation); HL7's validator reads it so too.
_MEANT_EXTENSIBLE = frozenset({"http://hl7.org/fhir/ValueSet/ucum-vitals-common|4.0.1"})


def find(item: Item) -> Iterator[Finding]:
    """Yield `binding-…` for codes outside a value set, where a code is missing, and where nobody can tell."""
    for said in item.expected.bindings:
        binding: Binding = said.fact
        beyond = list(_check(item, "maximum", binding.max_value_set, said.by)) if binding.max_value_set else []
        yield from beyond
        strength = "extensible" if binding.value_set in _MEANT_EXTENSIBLE else binding.strength
        if strength in _RULES and not beyond:
            yield from _check(item, strength, binding.value_set, said.by)


def _check(item: Item, strength: str, value_set: str, by: str) -> Iterator[Finding]:
    definitions = item.expected.expectations.definitions
    given = codes_in(item.value, item.expected.type)
    codes = [code for code in given if not is_unknown(definitions, *code)]
    if given and not codes:
        return  # rules/coding.py
    if not codes:
        if strength in {"required", "extensible"} and not item.expected.is_quantity:
            severity: Severity = "error" if strength == "required" else "warning"
            yield item.found("binding-no-code", severity=severity, value_set=value_set, by=by)
        return
    found = {membership(definitions, value_set, system, code) for system, code in codes}
    if Membership.MEMBER in found:
        return
    if Membership.UNKNOWN in found:
        if strength != "preferred":
            yield item.found("binding-unchecked", strength=strength, value_set=value_set, by=by)
        return
    rule = _RULES.get(strength, "binding-maximum")
    yield item.found(rule, found=quoted(codes), value_set=value_set, by=by)
