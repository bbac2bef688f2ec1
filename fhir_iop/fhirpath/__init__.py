"""FHIRPath for R4: parsed, typed from the definitions, and compiled to Python source."""

from fhir_iop.fhirpath.context import Context
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.expression import Expression
from fhir_iop.fhirpath.expression import compile_expression as compile  # noqa: A004  as in `re`
from fhir_iop.fhirpath.parser import parse as check_syntax
from fhir_iop.fhirpath.runtime.typed import TypedValue

__all__ = ["Context", "Expression", "FhirPathError", "TypedValue", "check_syntax", "compile"]
