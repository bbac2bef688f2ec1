"""An item's type, asked for at run time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhirpath.model import PRIMITIVES

if TYPE_CHECKING:
    from fhir_iop.fhirpath.model import Model
    from fhir_iop.fhirpath.runtime.typed import TypedValue


def is_type(item: TypedValue, fhir: str | None, system: str | None, model: Model) -> bool:
    """Whether an item is of a type or derives from it."""
    if item.type == system:
        return True
    return fhir is not None and model.is_a(item.type, fhir)


def has_type(item: TypedValue, fhir: str | None, system: str | None, model: Model) -> bool:
    """Whether an item is of a type, a primitive exactly so."""
    if item.type in PRIMITIVES:
        return item.type == fhir
    return is_type(item, fhir, system, model)


def resource_is(resource: dict[str, Any], type_name: str, model: Model) -> bool:
    """Whether a resource is of an abstract type (``DomainResource``)."""
    return model.is_a(str(resource.get("resourceType")), type_name)


def type_info(item: TypedValue | None, model: Model) -> dict[str, str] | None:
    """Return what ``type()`` gives for an item."""
    if item is None:
        return None
    if item.type.startswith("System."):
        return {"namespace": "System", "name": item.type.removeprefix("System.")}
    return {"namespace": "FHIR", "name": model.code(item.type)}
