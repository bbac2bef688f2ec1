"""Findings of different rules that are one fault: the one that says more, or is graver, is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.validation.item import Finding

# Each rule → those that tell its fault, at the same place or inside it.
_TOLD_BY: Final = {
    "answer-option": frozenset({"code-unknown"}),
    "answer-question-text": frozenset({"empty"}),
    "bundle-reference-missing": frozenset({"bundle-entry-missing"}),
    "code-no-system": frozenset({"answer-option", "answer-value-set"}),
    "qrs-1": frozenset({"answer-item-outside", "answer-none-allowed"}),
    "text-blank": frozenset({"answer-question-text"}),
}
_TELLERS: Final = frozenset().union(*_TOLD_BY.values())


def once(findings: Sequence[Finding]) -> list[Finding]:
    """Return ``findings`` without those that another one of them tells."""
    if not any(finding.issue.rule in _TOLD_BY for finding in findings):
        return list(findings)
    told = {
        (finding.issue.rule, finding.path[:length])
        for finding in findings
        if finding.issue.rule in _TELLERS
        for length in range(len(finding.path) + 1)
    }
    return [
        finding
        for finding in findings
        if not any((rule, finding.path) in told for rule in _TOLD_BY.get(finding.issue.rule, ()))
    ]
