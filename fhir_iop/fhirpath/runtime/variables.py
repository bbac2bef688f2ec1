"""The caller's variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.runtime.typed import TypedValue, boxed_value
from fhir_iop.fhirpath.suggestion import closest

if TYPE_CHECKING:
    from fhir_iop.fhirpath.context import Context


def variable(context: Context, name: str) -> list[TypedValue]:
    """Return a variable's items with their types. Raises FhirPathError where the caller gave none of that name."""
    if name not in context.variables:
        raise FhirPathError("fhirpath-variable", name=name, suggestion=closest(name, context.variables))
    value = context.variables[name]
    if value is None:
        return []
    return [boxed_value(item) for item in value] if isinstance(value, (list, tuple)) else [boxed_value(value)]
