"""Issues told as a FHIR OperationOutcome (https://hl7.org/fhir/R4/operationoutcome.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.systems import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fhir_iop.issue import Issue


def operation_outcome(issues: Iterable[Issue]) -> dict[str, Any]:
    """Return an OperationOutcome with one ``issue`` a finding; without findings, one that says all is well.

    The rule's id is the coding of ``details``, with a system of our own, so that a client can tell two findings of one
    FHIR issue type apart.
    Where the source was text, ``diagnostics`` says the line and column; R4 has no extension for them.
    """
    told = [_told(found) for found in issues]
    well = {"severity": "information", "code": "informational", "details": {"text": "No issues were found."}}
    return {"resourceType": "OperationOutcome", "issue": told or [well]}


def _told(found: Issue) -> dict[str, Any]:
    told: dict[str, Any] = {
        "severity": found.severity,
        "code": found.code,
        "details": {"coding": [{"system": RULES, "code": found.rule}], "text": found.details},
    }
    if found.expression:
        told["expression"] = [found.expression]
    if found.line is not None:
        column = "" if found.column is None else f", column {found.column}"
        told["diagnostics"] = f"Line {found.line}{column}."
    return told
