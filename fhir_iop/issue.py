"""A finding, and the one catalogue of the words that findings are told in.

Every room reports what it finds as an :class:`Issue`: a value, never an exception. A rule is named once, in
:data:`CATALOGUE`, with its severity, its FHIR issue type (http://hl7.org/fhir/R4/valueset-issue-type.html) and its
wording, so that messages can be read, reviewed and translated in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from fhir_iop.wording import CATALOGUE

Severity = Literal["fatal", "error", "warning", "information"]

ERRORS: frozenset[str] = frozenset({"fatal", "error"})


@dataclass(frozen=True, slots=True)
class Issue:
    """One finding about one place.

    ``rule`` is a key of the catalogue or the key of an invariant (``dom-2``, ``iop-mr-1``); ``severity`` and ``code``
    are FHIR's; ``expression`` is a simple FHIRPath to the element (``MedicationRequest.dosageInstruction[0].timing``),
    or a JSON pointer where the thing found is a record and not FHIR; ``details`` is the sentence a person reads.
    ``line`` and ``column`` (from 1) are set where the source was text and the place in it is known.
    """

    rule: str
    severity: Severity
    code: str
    expression: str
    details: str
    line: int | None = None
    column: int | None = None

    @property
    def is_error(self) -> bool:
        """Whether this finding stops a record (severity error or fatal)."""
        return self.severity in ERRORS


def issue(
    rule: str,
    expression: str = "",
    /,
    *,
    severity: Severity | None = None,
    line: int | None = None,
    column: int | None = None,
    **facts: Any,
) -> Issue:
    """Make the :class:`Issue` that the catalogue describes for ``rule``, its wording filled with ``facts``.

    ``severity`` overrides the catalogue's where the deployment decides (a profile that isn't at hand is a warning in
    the command line and an error at our own endpoint). Raises KeyError for a rule or a fact the catalogue doesn't
    know: both are programming errors, found by the first test that reaches them.
    """
    wording = CATALOGUE[rule]
    return Issue(rule, severity or wording.severity, wording.code, expression, wording.told(facts), line, column)


def has_errors(issues: list[Issue] | tuple[Issue, ...]) -> bool:
    """Whether any of ``issues`` stops a record."""
    return any(found.is_error for found in issues)
