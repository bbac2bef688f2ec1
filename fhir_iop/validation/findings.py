"""The slow, complete way: walk a resource beside what is expected of it, and tell every fault once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation import rules
from fhir_iop.validation.item import Item
from fhir_iop.validation.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.frame import Frame
    from fhir_iop.validation.item import Finding


def findings(value: Any, expected: Expected, frame: Frame) -> list[Finding]:
    """Return what is wrong with a value in its frame, in the order of the definition, each fault once."""
    item = Item(value, expected, Place(expected.type), frame)
    found: dict[tuple[str, str, str], Finding] = {}
    for one in item.walk():
        for finding in _at(one):
            issue = finding.issue
            found.setdefault((issue.rule, issue.expression, issue.details), finding)
    return list(found.values())


def _at(item: Item) -> Iterator[Finding]:
    """Yield the findings at one value; a value that isn't one of its type is told as that, and nothing more."""
    if not item.fits:
        return  # told at the object that holds it, by rules/json_type.py
    faults = [finding for rule in rules.FORM for finding in rule.find(item)]
    yield from faults
    here = item.place.json_path
    if any(fault.path == here for fault in faults):
        return
    for rule in rules.CONTENT:
        yield from rule.find(item)
