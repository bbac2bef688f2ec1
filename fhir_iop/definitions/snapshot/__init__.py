"""Snapshots generated from differentials, and compared with those that others made."""

from fhir_iop.definitions.snapshot.generate import Source, generate

__all__ = ["Source", "generate"]
