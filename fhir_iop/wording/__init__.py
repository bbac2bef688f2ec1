"""Every rule's severity, FHIR issue type and wording, one file a room: one catalogue to review and translate."""

from fhir_iop.wording.catalogue import CATALOGUE
from fhir_iop.wording.wording import Wording

__all__ = ["CATALOGUE", "Wording"]
