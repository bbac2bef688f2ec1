"""The functions of FHIRPath and of FHIR, one subject a file; each file's table ``FUNCTIONS`` is its catalogue."""

from fhir_iop.fhirpath.functions import (
    boundaries,
    combining,
    conversion,
    dates,
    existence,
    fhir,
    filtering,
    math,
    navigation,
    sdc,
    strings,
    subsetting,
    types,
    utility,
)
from fhir_iop.fhirpath.functions.registry import Function

_SUBJECTS = (
    existence,
    filtering,
    subsetting,
    combining,
    conversion,
    strings,
    math,
    dates,
    boundaries,
    navigation,
    types,
    utility,
    fhir,
    sdc,
)
CATALOGUE: dict[str, Function] = {function.name: function for subject in _SUBJECTS for function in subject.FUNCTIONS}
