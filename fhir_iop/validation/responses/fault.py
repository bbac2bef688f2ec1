"""What a check of an answer gives back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from fhir_iop.issue import Severity


class Fault(NamedTuple):
    """What is wrong: the rule, and the facts that its sentence needs."""

    rule: str
    facts: dict[str, Any]
    severity: Severity | None = None


# A check takes a value and returns the one fault it finds.
Check = Callable[[Any], Fault | None]


def fault(rule: str, /, *, severity: Severity | None = None, **facts: Any) -> Fault:
    """Make a Fault."""
    return Fault(rule, facts, severity)
