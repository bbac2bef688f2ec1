"""What goes into a compiled expression, and what comes out of it."""

from __future__ import annotations

from decimal import InvalidOperation
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.quantity import Quantity
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.runtime.typed import TypedValue, boxed_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.fhirpath.model import Model

# What Python raises where data hasn't the shape that its definition gives it: text for an object, a list for a value.
FAULTS = (AttributeError, TypeError, KeyError, IndexError, ValueError, InvalidOperation, RecursionError)


def misshapen(described: str) -> FhirPathError:
    """Return the error of an input that hasn't the shape of its type."""
    return FhirPathError("fhirpath-resource", type=described)


def input_of_any_type(this: Any) -> TypedValue | None:
    """Return an input whose type only it can tell; None where there is none."""
    return None if this is None else boxed_value(this)


def input_value(this: Any) -> Any:
    """Return the value of an input that may come with its type."""
    return this.value if isinstance(this, TypedValue) else this


def primitive_input(this: Any, type_name: str) -> TypedValue | None:
    """Return a primitive input with its type."""
    if this is None or isinstance(this, TypedValue):
        return this
    return TypedValue(type_name, this)


def values_of(items: Sequence[TypedValue]) -> list[Any]:
    """Return the JSON-like values of items; one that has only extensions has none."""
    return [_json(item.value) for item in items if item.value is not None]


def typed_results(items: Sequence[TypedValue], model: Model) -> list[TypedValue]:
    """Return items for a caller: an element's own type by the name that FHIR gives it, quantities as FHIR's."""
    found = []
    for item in items:
        if isinstance(item.value, Quantity) or model.is_element(item.type):
            item = TypedValue(model.code(item.type), _json(item.value), item.element)  # noqa: PLW2901  the same item, told
        found.append(item)
    return found


def _json(value: Any) -> Any:
    return value.as_json() if isinstance(value, Quantity) else value
