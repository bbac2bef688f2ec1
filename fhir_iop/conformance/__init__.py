"""Cases that others wrote: read where they lie, run, and counted by how often we agree."""

from fhir_iop.conformance.result import Outcome, Tally, numbered, tally

__all__ = ["Outcome", "Tally", "numbered", "tally"]
