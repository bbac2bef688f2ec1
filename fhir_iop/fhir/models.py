"""A typed view of a resource: the classes of `fhir.resources`, for who wants attributes instead of dicts.

The dict stays the carrier. The classes are those of R4B (fhir.resources has no R4), in which the types that this
project uses are the same; they accept codes that R4 doesn't, and write 0.50 as 0.5, so what is stored or sent never
passes through them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from fhir_core.fhirabstractmodel import FHIRAbstractModel


def view(resource: dict[str, Any]) -> FHIRAbstractModel:
    """Return ``resource`` as an object of its fhir.resources class.

    Raises BadInput with one Issue an offending element when the class can't take it. The values themselves aren't
    repeated, for they may be a patient's.
    """
    name = resource.get("resourceType")
    try:
        model = get_fhir_model_class(name if isinstance(name, str) else "")
    except (ValueError, KeyError):
        raise BadInput(issue("model-unknown", "resourceType")) from None
    try:
        viewed: FHIRAbstractModel = model.model_validate(resource)
    except ValidationError as error:
        found = [(name, ".".join([str(name), *map(str, fault["loc"])]), fault["type"]) for fault in error.errors()]
        raise BadInput(
            *(issue("model-refused", where, type=name, where=where, reason=reason) for name, where, reason in found)
        ) from None
    return viewed
