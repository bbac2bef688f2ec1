"""fhir-iop: a virtual IOP's records to FHIR R4 and back, validated, served, exchanged, guarded by 42 CFR Part 2.

The public names of the library; each is loaded when it is first used, so that importing the package costs next to
nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fhir_iop.api import map_record, to_records, validate
    from fhir_iop.definitions import Definitions
    from fhir_iop.errors import BadInput, FhirIopError, Refused
    from fhir_iop.fhir.json import decode, encode
    from fhir_iop.fhir.models import view
    from fhir_iop.issue import Issue
    from fhir_iop.mapping import Mappings
    from fhir_iop.validation import Validator

__all__ = [
    "BadInput",
    "Definitions",
    "FhirIopError",
    "Issue",
    "Mappings",
    "Refused",
    "Validator",
    "decode",
    "encode",
    "map_record",
    "to_records",
    "validate",
    "view",
]

_HOMES = {
    "BadInput": "fhir_iop.errors",
    "Definitions": "fhir_iop.definitions",
    "FhirIopError": "fhir_iop.errors",
    "Issue": "fhir_iop.issue",
    "Mappings": "fhir_iop.mapping",
    "Refused": "fhir_iop.errors",
    "Validator": "fhir_iop.validation",
    "decode": "fhir_iop.fhir.json",
    "encode": "fhir_iop.fhir.json",
    "map_record": "fhir_iop.api",
    "to_records": "fhir_iop.api",
    "validate": "fhir_iop.api",
    "view": "fhir_iop.fhir.models",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
