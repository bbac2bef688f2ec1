"""The quick way: says whether a resource must be looked at, and where; valid data passes with next to nothing made."""

from fhir_iop.validation.quick.look import Quick
from fhir_iop.validation.quick.notes import known_findings, paths_of

__all__ = ["Quick", "known_findings", "paths_of"]
