"""Cases that others wrote: read where they lie, run, and counted by how often we agree."""

from fhir_iop.conformance.result import Outcome, Tally, group_of, numbered, tally

__all__ = ["Outcome", "Tally", "group_of", "numbered", "tally"]
