"""The slow, complete way: look at values beside what is expected of them, and tell every fault once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation import rules
from fhir_iop.validation.item import MOST_FINDINGS, Item
from fhir_iop.validation.once import once
from fhir_iop.validation.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.frame import Frame
    from fhir_iop.validation.item import Finding
    from fhir_iop.validation.place import JsonPath


def findings(value: Any, expected: Expected, frame: Frame) -> list[Finding]:
    """Return what is wrong with a value in its frame, in the order of the definition, each fault once."""
    return _told(Item(value, expected, Place(expected.type), frame).walk())


def errors(value: Any, expected: Expected, frame: Frame) -> Iterator[Finding]:
    """Yield the errors of a value one by one: whoever asks whether there are any needs the first alone."""
    for item in Item(value, expected, Place(expected.type), frame).walk():
        for finding in _at(item):
            if finding.issue.is_error:
                yield finding


def findings_at(paths: Iterable[JsonPath], resource: dict[str, Any], expected: Expected, frame: Frame) -> list[Finding]:
    """Return what is wrong with the values at ``paths`` alone, in the order of the definition."""
    root = Item(resource, expected, Place(expected.type), frame)
    return _told(_items_at(root, list(dict.fromkeys(paths))))


def _told(items: Iterable[Item]) -> list[Finding]:
    found: dict[tuple[str, str, str], Finding] = {}
    for item in items:
        for finding in _at(item):
            issue = finding.issue
            found.setdefault((issue.rule, issue.expression, issue.details), finding)
            if len(found) == MOST_FINDINGS:
                return [*once([*found.values()]), item.found("findings-many", limit=MOST_FINDINGS)]
    return once([*found.values()])


def _at(item: Item) -> Iterator[Finding]:
    """Yield the findings at one value; a value that isn't one of its type is told as that, and nothing more."""
    if not item.fits:
        return  # told at the object that holds it, by rules/json_type.py
    faults = item.form_faults
    if faults:
        yield from faults
        here = item.place.json_path
        if any(fault.path == here for fault in faults):
            return
    for rule in item.expected.rules if item.is_readable else rules.STRUCTURE:
        yield from rule.find(item)


def _items_at(item: Item, paths: list[JsonPath]) -> Iterator[Item]:
    """Yield the items at ``paths`` below ``item``, in the order of the definition, without making any other."""
    if () in paths:
        yield item
    below: dict[tuple[str, int | None], list[JsonPath]] = {}
    for path in filter(None, paths):
        name = str(path[0]).removeprefix("_")
        index = path[1] if len(path) > 1 and isinstance(path[1], int) else None
        below.setdefault((name, index), []).append(path[1 if index is None else 2 :])
    order = item.expected.order
    for name, index in sorted(below, key=lambda step: (order.get(step[0], -1), step[1] or 0)):
        child = item.child(name, index)
        if child is not None:
            yield from _items_at(child, below[name, index])
