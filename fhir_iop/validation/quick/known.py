"""Values that are equal have the same said of them: what was told of a code once needn't be found out again.

Only values that say all about themselves are kept (codes, and amounts without their number): in them nothing depends on
what stands around. How many are kept is bounded.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir import json
from fhir_iop.fhir.remembered import LONGEST
from fhir_iop.validation import rules
from fhir_iop.validation.codes import LIKE_A_CODE
from fhir_iop.validation.findings import findings
from fhir_iop.validation.frame import Frame
from fhir_iop.validation.quick.leaves import FIRST_OF_TEXT, OF_TEXT_ALONE, depends_on_itself_alone
from fhir_iop.validation.quick.notes import HERE, Known, Misfit, paths_of
from fhir_iop.validation.rules import binding, fixed, pattern

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.invariants import Invariant
    from fhir_iop.validation.quick.notes import Notes
    from fhir_iop.validation.surroundings import Surroundings

    Look = Callable[[Any, Surroundings], Notes | None]

_REMEMBERED: Final = 16384
# What compiled invariants ask of an amount without its number: whether a property is there, what another one is.
_BESIDE_THE_NUMBER: Final = re.compile(r"'\w+' in this\b|\bthis\.get\('(?!value')\w+'")
_NOT_PLAIN: Final = (b'"extension"', b'"modifierExtension"', b'"id"', b'"_')
_UNSEEN: Final[Any] = object()

_encode = json.encode


def remembering(expected: Expected, look: Look) -> Look:
    """Return ``look``, which finds out what is wrong with such values, with a memory of values seen before."""
    if depends_on_itself_alone(expected, (rule for rule in rules.CONTENT if rule.applies(expected))):
        if expected.type == "CodeableConcept":
            return _concepts(expected, look)
        if expected.type == "Coding":
            return _codings(expected, look)
        if expected.is_quantity:
            return _quantities(expected, look)
    return look


def _concepts(expected: Expected, look: Look) -> Look:
    known: dict[bytes, Notes | None] = {}
    is_told_by_codes = all(rule is binding for rule in rules.CONTENT if rule.applies(expected)) and all(
        len(expected.members[name].views) == 1 for name in ("text", "coding")
    )

    def concept(value: dict[str, Any], here: Surroundings) -> Notes | None:
        codings = value.get("coding")
        text = value.get("text")
        if text is None:
            if codings is None or len(value) > 1:
                return look(value, here)
        elif (
            text < FIRST_OF_TEXT
            or not text.isprintable()
            or len(value) > (2 if codings else 1)
            or (codings is None and not is_told_by_codes)
        ):
            return look(value, here)
        key = _encode(codings if is_told_by_codes else value)
        try:
            return known[key]
        except KeyError:
            return _learnt(known, key, key, expected, look, value, here)

    return concept


def _codings(expected: Expected, look: Look) -> Look:
    known: dict[bytes, Notes | None] = {}

    def one(value: dict[str, Any], here: Surroundings) -> Notes | None:
        key = _encode(value)
        try:
            return known[key]
        except KeyError:
            return _learnt(known, key, key, expected, look, value, here)

    return one


def _quantities(expected: Expected, look: Look) -> Look:
    if any(map(_asks_for_the_number, expected.invariants)):
        return look
    if any(rule in {pattern, fixed} for rule in rules.CONTENT if rule.applies(expected)):
        return look
    number = expected.members["value"].expected("decimal")
    if any(rule.applies(number) for rule in rules.CONTENT):
        return look
    known: dict[Any, Notes | None] = {}

    def amount(value: dict[str, Any], here: Surroundings) -> Notes | None:
        get = value.get
        key = ("value" in value, get("unit"), get("system"), get("code"), get("comparator"), len(value))
        try:
            return known[key]
        except KeyError:
            return _learnt(known, key, _encode(value), expected, look, value, here)

    return amount


def _asks_for_the_number(invariant: Invariant) -> bool:
    body = invariant.source.partition("def holds(this, context=None):")[2]
    return "this" in _BESIDE_THE_NUMBER.sub("", body)


def remembering_codes(expected: Expected) -> Look | None:
    """Return what notes a bare code in which something may be wrong, with a memory of such codes; None for no codes."""
    asked = [rule for rule in rules.CONTENT if rule.applies(expected) and rule not in OF_TEXT_ALONE]
    if binding not in asked or not depends_on_itself_alone(expected, asked):
        return None
    known: dict[Any, Notes | None] = {}

    def one(value: str, here: Surroundings) -> Notes | None:
        if not LIKE_A_CODE.fullmatch(value):  # a name or an address, or a fragment, which leads somewhere
            return HERE
        found = known.get(value, _UNSEEN)
        return found if found is not _UNSEEN else _learnt(known, value, b"", expected, _noting, value, here)

    return one


def _noting(_value: str, _here: Surroundings) -> Notes:
    return HERE


def _learnt(
    known: dict[Any, Notes | None],
    key: Any,
    text: bytes,
    expected: Expected,
    look: Look,
    value: Any,
    here: Surroundings,
) -> Notes | None:
    """Find out what is wrong with a value, and remember it where it says all about itself."""
    if len(text) > LONGEST:
        return HERE  # looked at closely, where nothing is remembered
    found = look(value, here)
    if any(part in text for part in _NOT_PLAIN):
        return found
    if len(known) >= _REMEMBERED:
        known.clear()
    if found is not None:
        told = findings(value, expected, Frame({}, here.outside))
        from_here = len(expected.type)
        known_findings = tuple(
            each._replace(issue=replace(each.issue, expression=each.issue.expression[from_here:])) for each in told
        )
        found = [((), "", Known(tuple(paths_of(found)), known_findings))] if known_findings else None
    known[key] = found
    return found


def misfit(*_: Any) -> Notes | None:
    """Say of any value that its form is in doubt."""
    raise Misfit
