"""Codes come from the value set that an element is bound to (https://hl7.org/fhir/R4/terminologies.html#strength).

Content that isn't at hand is information: nothing was found wrong, and nothing was checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.definitions import Membership
from fhir_iop.fhir.remembered import remembered
from fhir_iop.validation.codes import NO_SYSTEM, codes_in, grammar_of, is_unknown, membership, quoted
from fhir_iop.validation.rules import fixed, pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.issue import Severity
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test

_RULES = {
    "required": "binding-required",
    "maximum": "binding-maximum",
    "extensible": "binding-extensible",
    "preferred": "binding-preferred",
}
_NEEDS_CODE = frozenset({"required", "extensible"})
_FORBIDDING = frozenset({"required", "maximum"})

_REMEMBERED = 8192  # codes a value set


def applies(expected: Expected) -> bool:
    """Whether a binding can be broken."""
    return bool(expected.bindings)


def quick(expected: Expected) -> Test:
    """Return whether a value's code is surely in each value set."""
    tests = [
        _is_member(expected, bound.value_set, needs_code=bound.strength in _NEEDS_CODE and not expected.is_quantity)
        for bound in expected.bindings
    ]
    if len(tests) == 1:
        return tests[0]
    sets = [codes for test in tests if isinstance(codes := getattr(test, "__self__", None), frozenset)]
    if len(sets) == len(tests):
        return frozenset.intersection(*sets).__contains__
    return lambda value: all(test(value) for test in tests)


def _is_member(expected: Expected, value_set: str, *, needs_code: bool) -> Test:
    definitions = expected.expectations.definitions
    grammar = grammar_of(value_set)
    if expected.is_primitive:
        if grammar is not None:
            return lambda code: grammar.fullmatch(code) is not None
        codes = definitions.codes(value_set)
        if codes is not None:
            return codes.__contains__

    @remembered(_REMEMBERED)
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
    """Yield `binding-…` for codes outside a value set, where a code is missing, and where nobody can tell.

    Of a fault that several bindings see the strongest tell, and of these the narrowest; one that another rule tells
    isn't told again: a code that doesn't exist, that isn't the one that is fixed, or that lacks its system.
    """
    definitions = item.expected.expectations.definitions
    given = codes_in(item.value, item.expected.type)
    codes = [code for code in given if not is_unknown(definitions, *code)]
    if not given:
        yield from _no_code(item)
        return
    if not codes or _is_other_than_fixed(item):
        return
    lacks_system = all(system == NO_SYSTEM for system, _ in codes)
    if lacks_system and item.expected.is_quantity:
        return  # the invariant qty-3
    tellers: set[str] = set()
    for bound in item.expected.bindings:
        if bound.tighter & tellers or (bound.strength not in _FORBIDDING and (tellers or lacks_system)):
            continue
        found = {membership(definitions, bound.value_set, *code) for code in codes}
        if found == {Membership.NOT_MEMBER}:
            tellers.add(bound.by)
            yield item.found(_RULES[bound.strength], found=quoted(codes), value_set=bound.value_set, by=bound.by)
        elif Membership.MEMBER not in found and bound.strength != "preferred":
            yield item.found("binding-unchecked", strength=bound.strength, value_set=bound.value_set, by=bound.by)


def _no_code(item: Item) -> Iterator[Finding]:
    asking = [bound for bound in item.expected.bindings if bound.strength in _NEEDS_CODE]
    if asking and not item.expected.is_quantity:
        severity: Severity = "error" if asking[0].strength == "required" else "warning"
        yield item.found("binding-no-code", severity=severity, value_set=asking[0].value_set, by=asking[0].by)


def _is_other_than_fixed(item: Item) -> bool:
    """Whether a definition says outright which code stands here, and it is another."""
    parts = [one for one in item.walk() if one is item or one.place.key in {"coding", "code", "system"}]
    return any(rule.applies(one.expected) and any(rule.find(one)) for one in parts for rule in (fixed, pattern))
