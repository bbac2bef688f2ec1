"""Codes come from the value set that an element is bound to (https://hl7.org/fhir/R4/terminologies.html#strength).

Content that isn't at hand is information: nothing was found wrong, and nothing was checked.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from fhir_iop.definitions import Membership
from fhir_iop.validation.codes import NO_SYSTEM, codes_in, grammar_of, is_unknown, membership, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions.schema import Binding
    from fhir_iop.issue import Severity
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_RULES = {"required": "binding-required", "extensible": "binding-extensible", "preferred": "binding-preferred"}
_NEEDS_CODE = frozenset({"required", "extensible"})

# R4 requires these units of every component of a vital sign, which its text doesn't ask and its own examples break
# (the oxygen a patient breathes beside the saturation); HL7's validator reads it so too.
_MEANT_EXTENSIBLE = frozenset({"http://hl7.org/fhir/ValueSet/ucum-vitals-common|4.0.1"})

_REMEMBERED = 8192  # codes a value set


def applies(expected: Expected) -> bool:
    """Whether a binding can be broken."""
    return any(said.fact.strength in _RULES or said.fact.max_value_set for said in expected.bindings)


def quick(expected: Expected) -> Test:
    """Return whether a value's code is surely in each value set."""
    tests = []
    for said in expected.bindings:
        binding: Binding = said.fact
        if binding.max_value_set is not None:
            tests.append(_is_member(expected, binding.max_value_set, needs_code=False))
        if binding.strength in _RULES:
            needs_code = binding.strength in _NEEDS_CODE and not expected.is_quantity
            tests.append(_is_member(expected, binding.value_set, needs_code=needs_code))
    return tests[0] if len(tests) == 1 else lambda value: all(test(value) for test in tests)


def _is_member(expected: Expected, value_set: str, *, needs_code: bool) -> Test:
    definitions = expected.expectations.definitions
    grammar = grammar_of(value_set)
    if expected.is_primitive:
        if grammar is not None:
            return lambda code: grammar.fullmatch(code) is not None
        codes = definitions.codes(value_set)
        if codes is not None:
            return codes.__contains__

    @lru_cache(_REMEMBERED)
    def is_sure(system: str | None, code: str) -> bool:
        return membership(definitions, value_set, system, code) is Membership.MEMBER

    def coded(value: Any) -> bool:
        return is_sure(value.get("system", NO_SYSTEM), value["code"]) if "code" in value else not needs_code

    def concept(value: Any) -> bool:
        codings = value.get("coding")
        if not codings:
            return not needs_code
        return any("code" in coding and coded(coding) for coding in codings)

    if expected.is_primitive:
        return lambda code: is_sure(None, code)
    return concept if expected.type == "CodeableConcept" else coded


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
        if strength in _NEEDS_CODE and not item.expected.is_quantity:
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
