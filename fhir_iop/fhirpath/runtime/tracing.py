"""What ``trace`` tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from fhir_iop.fhirpath.context import Context

T = TypeVar("T")


def traced(context: Context | None, label: str | None, value: T) -> T:
    """Tell the context's listener, if there is one, and return the value."""
    if context is not None and context.trace is not None:
        context.trace(label or "", value)
    return value
