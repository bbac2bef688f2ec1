"""The close look at all of a resource, with no quick test before it: what the quick way must agree with."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from fhir_iop.definitions import Definitions
from fhir_iop.issue import Issue
from fhir_iop.validation.expectations import Expectations
from fhir_iop.validation.findings import findings
from fhir_iop.validation.frame import Frame, Options, Outside, nothing


def close_look(definitions: Definitions) -> Callable[[dict[str, Any]], list[Issue]]:
    """Return what tells the findings of a resource that way."""
    outside = Outside(Options(), lambda *_: None, nothing, lambda: datetime.now(UTC))
    expectations = Expectations(definitions, outside)

    def look(resource: dict[str, Any]) -> list[Issue]:
        type_, claims = expectations.claims(resource)
        expected = expectations.expected(type_, (), claims)
        return [finding.issue for finding in findings(resource, expected, Frame(resource, outside))]

    return look
