"""The FHIR endpoint over HTTP, one interaction a file, and the pharmacy that a demonstration talks to."""

from fhir_iop.web.endpoint import fhir_endpoint

__all__ = ["fhir_endpoint"]
