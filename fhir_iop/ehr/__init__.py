"""Takes over what another system knows of a patient's medication, as reported and never as ordered here."""

from fhir_iop.ehr.client import EhrClient, Pulled
from fhir_iop.ehr.matching import Match, match, record_numbers
from fhir_iop.ehr.reported import Reported, as_reported_medication

__all__ = ["EhrClient", "Match", "Pulled", "Reported", "as_reported_medication", "match", "record_numbers"]
