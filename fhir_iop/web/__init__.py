"""The FHIR endpoint over HTTP, one interaction a file, and the pharmacy that a demonstration talks to."""

from fhir_iop.web.endpoint import fhir_endpoint
from fhir_iop.web.services import Flow, Services

__all__ = ["Flow", "Services", "fhir_endpoint"]
