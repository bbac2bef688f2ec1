"""FHIR XML, read and written without loss, as the definitions order it (https://hl7.org/fhir/R4/xml.html)."""

from fhir_iop.fhir.xml.reading import Fault, XmlResource, read
from fhir_iop.fhir.xml.shape import Types
from fhir_iop.fhir.xml.writing import write

__all__ = ["Fault", "Types", "XmlResource", "read", "write"]
