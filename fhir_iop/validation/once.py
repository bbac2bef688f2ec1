"""Findings of different rules that are one fault: the one that says more, or is graver, is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.validation.item import Finding
    from fhir_iop.validation.place import JsonPath

# Each rule → those that tell its fault, at the same place or inside it.
_TOLD_BY: Final = {
    "answer-option": frozenset({"code-unknown"}),
    "answer-question-text": frozenset({"empty"}),
    "bundle-entry-missing": frozenset({"bundle-reference-differs"}),
    "bundle-reference-missing": frozenset({"bundle-entry-missing"}),
    "code-no-system": frozenset({"answer-option", "answer-value-set"}),
    "drt-1": frozenset({"binding-maximum"}),
    "qrs-1": frozenset({"answer-item-outside", "answer-none-allowed"}),
    "text-blank": frozenset({"answer-question-text"}),
}
_TELLERS: Final = frozenset().union(*_TOLD_BY.values())

# What makes that an element can't be read: what an invariant would make of it isn't told. What is missing, or a code of
# another value set, can be: what an invariant says of those may be the graver fault.
_GARBLING: Final = frozenset(
    {
        *("empty", "json-array", "json-null", "json-pairs", "json-type", "primitive-format"),
        *("resource-type-missing", "resource-type-unknown", "unknown-element"),
    }
)
_RESOURCES: Final = frozenset({"contained", "resource"})
_STEP: Final = re.compile(r"\.(?!ofType\()(\w+|\(not a name\))")


def once(findings: Sequence[Finding]) -> list[Finding]:
    """Return ``findings`` without those that another one of them tells."""
    if len(findings) < 2:
        return list(findings)
    told = {
        (finding.issue.rule, finding.path[:length])
        for finding in findings
        if finding.issue.rule in _TELLERS
        for length in range(len(finding.path) + 1)
    }
    asking = [one for one in findings if one.names and one.issue.rule not in _GARBLING]
    garbled = _garbled(findings) if asking else {}
    return [
        finding
        for finding in findings
        if not any((rule, finding.path) in told for rule in _TOLD_BY.get(finding.issue.rule, ()))
        and (finding.issue.rule in _GARBLING or finding.names.isdisjoint(garbled.get(finding.path, ())))
    ]


def _garbled(findings: Sequence[Finding]) -> dict[JsonPath, set[str]]:
    """Return the names of the elements that can't be read, by the path of each object around them in their resource.

    What is around a garbled element is so too, up to the item of a list that it lies in: the others can be read.
    """
    found: dict[JsonPath, set[str]] = {}
    for finding in findings:
        if finding.issue.rule not in _GARBLING:
            continue
        steps = _STEP.findall(finding.issue.expression)
        names = set(finding.names or steps[-1:])
        path = finding.path[: -2 if finding.path and isinstance(finding.path[-1], int) else -1]
        del steps[-1:]  # a misspelt name may be no step of a path
        found.setdefault(path, set()).update(names)
        while path and path[-1] not in _RESOURCES and steps:
            step = steps.pop()
            if isinstance(path[-1], int):
                if path[-2] in _RESOURCES:
                    break
                path = path[:-2]
            else:
                names.add(step)
                path = path[:-1]
            found.setdefault(path, set()).update(names)
    return found
