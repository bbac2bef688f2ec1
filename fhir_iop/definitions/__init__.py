"""What the standard and the guides say: packages, structures, terminology and search parameters, read when needed."""

from fhir_iop.definitions.codes import Membership
from fhir_iop.definitions.configured import configured
from fhir_iop.definitions.definitions import Definitions

__all__ = ["Definitions", "Membership", "configured"]
