"""A reference leads to a type of resource that the element allows, and one that conforms to what is asked of it.

https://hl7.org/fhir/R4/references.html: what the target is, is told by the resource itself where it is at hand, else
by the form of the reference, else by `Reference.type`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from fhir_iop.fhir import reference as references
from fhir_iop.validation.frame import nothing
from fhir_iop.validation.place import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions import Definitions
    from fhir_iop.definitions.schema import ElementType
    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.frame import Frame
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


class _Fault(NamedTuple):
    rule: str
    facts: dict[str, Any]
    at_reference: bool = False


def applies(expected: Expected) -> bool:
    """Whether values are References."""
    return expected.type == "Reference"


def quick(expected: Expected) -> Test:
    """Return whether a Reference leads where it may: at a glance where its text says so, else as :func:`find` does."""
    expectations = expected.expectations
    definitions = expected.expectations.definitions
    types = definitions.resource_types
    for _, entry in expected.type_entries:
        types &= allowed_types(entry, definitions) or types
    at_a_glance = re.compile(rf"(?:{'|'.join(sorted(types)) or '(?!)'})/[A-Za-z0-9\-.]{{1,64}}").fullmatch
    # Where a store is asked, what is there may be something else than the text says.
    is_told_by_text = expected.expectations.outside.look_up is nothing

    def leads(value: dict[str, Any]) -> bool:
        reference = value.get("reference")
        if is_told_by_text and "type" not in value and (reference is None or at_a_glance(reference)):
            return True
        return next(_faults(value, expected, expectations.here.frame), None) is None

    return leads


def find(item: Item) -> Iterator[Finding]:
    """Yield `reference-unknown-type`, `reference-type-differs`, `reference-target` and `reference-profile`."""
    if applies(item.expected):
        for fault in _faults(item.value, item.expected, item.frame):
            place = item.place_of("reference") if fault.at_reference else None
            yield item.found(fault.rule, place=place, **fault.facts)


def _faults(value: dict[str, Any], expected: Expected, frame: Frame) -> Iterator[_Fault]:
    definitions = expected.expectations.definitions
    reference, stated = value.get("reference"), value.get("type")
    if not isinstance(stated, str) or stated not in definitions.resource_types:
        stated = None
    target = frame.resolve(reference) if isinstance(reference, str) else None
    implied = _implied(reference, target, definitions)
    if implied is not None and implied not in definitions.resource_types:
        yield _Fault("reference-unknown-type", {"type": told(implied)}, at_reference=True)
        return
    if implied and stated and stated != implied:
        yield _Fault("reference-type-differs", {"stated": stated, "found": implied})
    found = implied or stated
    for view, entry in reversed(expected.type_entries) if found else ():  # profiles ask more than the type
        allowed = allowed_types(entry, definitions)
        if allowed is not None and found not in allowed:
            facts = {"found": str(found), "allowed": ", ".join(sorted(allowed)), "by": view.said_by}
            yield _Fault("reference-target", facts)
            return
    if target is not None and implied is not None:
        yield from _profile_faults(target, expected, frame)


def _implied(reference: Any, target: dict[str, Any] | None, definitions: Definitions) -> str | None:
    if target is not None:
        type_ = target.get("resourceType")
        return type_ if isinstance(type_, str) and type_ in definitions.resource_types else None
    literal = references.parse(reference) if isinstance(reference, str) else None
    if literal is None or (literal.base is not None and literal.type not in definitions.resource_types):
        return None  # another server's address need not be a FHIR server's
    return literal.type


def _profile_faults(target: dict[str, Any], expected: Expected, frame: Frame) -> Iterator[_Fault]:
    """Try the target profiles on a target that is at hand: one of them is enough."""
    for view, entry in expected.type_entries:
        verdicts = [
            _leads_to(target, canonical, expected.expectations.definitions, frame)
            for canonical in entry.target_profiles
        ]
        if verdicts and all(verdict is False for verdict in verdicts):
            yield _Fault("reference-profile", {"profiles": ", ".join(entry.target_profiles), "by": view.said_by})
            return


def _leads_to(target: dict[str, Any], canonical: str, definitions: Definitions, frame: Frame) -> bool | None:
    """Whether a target is what one target profile asks for; None where nobody can tell."""
    type_ = str(target.get("resourceType"))
    structure = definitions.structure(canonical)
    if structure is None or not definitions.is_a(type_, structure.type):
        return None if structure is None else False
    # What is wrong with a target by its own type is told at the target, where that is validated.
    return True if structure.derivation != "constraint" else frame.suits(target, type_, canonical)


def allowed_types(entry: ElementType, definitions: Definitions) -> frozenset[str] | None:
    """Return the resource types that an element's type entry lets a reference lead to; None where any will do."""
    types = set()
    for canonical in entry.target_profiles:
        structure = definitions.structure(canonical)
        type_ = structure.type if structure else references.canonical(canonical)[0].rpartition("/")[2]
        if type_ not in definitions.resource_types:  # Resource, or a profile that isn't at hand
            return None
        types.add(type_)
    return frozenset(types) or None
