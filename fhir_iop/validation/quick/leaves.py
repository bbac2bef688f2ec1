"""Quick tests of primitive values, as Python expressions for the generated functions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir.remembered import LONGEST
from fhir_iop.validation import rules
from fhir_iop.validation.primitives import TESTS
from fhir_iop.validation.rules import (
    binding,
    canonical,
    coding,
    fixed,
    invariant,
    pattern,
    reference_resolution,
    text_blank,
    text_form,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.rule import QuickRule, Test

OF_TEXT_ALONE: Final = frozenset({text_blank, reference_resolution})
"""Of what these rules say, a value that is neither blank nor a fragment needn't fear anything."""

FIRST_OF_TEXT: Final = "!"
"""Printable text from here on, in the order of code points, isn't blank: it doesn't begin with a space."""

# What their shape says of them is all that can be said (fhir_iop/fhir/shapes.py).
_BY_SHAPE: Final = frozenset({"boolean", "decimal", "integer", "positiveInt", "unsignedInt"})
_LOOKING_AT_NOTHING_ELSE: Final = frozenset({binding, canonical, coding, fixed, invariant, pattern, text_form})
# Of these the same values come again and again. How many are remembered is bounded.
_VOCABULARY: Final = frozenset({"code", "uri", "url", "canonical"})
_REMEMBERED: Final = 4096


def condition(expected: Expected, constant: Callable[[Any, str], str], value: str) -> str | None:
    """Return an expression that is true where nothing is wrong with ``value``; None where nothing can be.

    ``constant`` names an object for the function that the expression will stand in. The value has the JSON form of its
    type and isn't empty.
    """
    applying = [rule for rule in rules.CONTENT if rule.applies(expected)]
    others = [rule for rule in applying if rule not in OF_TEXT_ALONE]
    if not others:
        if expected.type in _BY_SHAPE:
            return None
        if expected.type in text_blank.TEXTS:
            whole = constant(_whole(expected), "text")
            return f"({value} >= {FIRST_OF_TEXT!r} and {value}.isprintable() or {whole}({value}))"
    test = _whole(expected)
    codes = getattr(test, "__self__", None)
    if codes.__class__ is frozenset:
        return f"{value} in {constant(codes, 'codes')}"
    if expected.type in _VOCABULARY and depends_on_itself_alone(expected, others):
        right: set[str] = set()
        seen = constant(right, "seen")
        return f"({value} in {seen} or {constant(_learning(test, right), expected.type)}({value}))"
    return f"{constant(test, expected.type)}({value})"


def depends_on_itself_alone(expected: Expected, asked: Iterable[QuickRule]) -> bool:
    """Whether ``asked``, of the rules that apply, say the same of equal values wherever they stand."""
    return all(rule in _LOOKING_AT_NOTHING_ELSE for rule in asked) and not any(
        one.needs_context or one.is_outer for one in expected.invariants
    )


def _learning(test: Test, right: set[str]) -> Test:
    """Return ``test``, which adds to the values that are ``right``."""

    def learn(value: str) -> bool:
        if not test(value):
            return False
        # Where a fragment leads depends on the resource around it.
        if len(right) < _REMEMBERED and len(value) <= LONGEST and not value.startswith("#"):
            right.add(value)
        return True

    return learn


def _whole(expected: Expected) -> Test:
    """Return the test of a primitive's form and of all that is asked of it."""
    form = TESTS[expected.type]
    tests = [rule.quick(expected) for rule in rules.CONTENT if rule.applies(expected)]
    if not tests:
        return form
    if len(tests) == 1:
        only = tests[0]
        # A code that is in a set of codes has the form of one.
        if getattr(only, "__self__", None).__class__ is frozenset:
            return only
        return lambda value: form(value) and only(value)
    return lambda value: form(value) and all(test(value) for test in tests)
