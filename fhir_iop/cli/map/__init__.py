"""`fhir-iop map`: a program's records to FHIR, and FHIR back to records."""

from fhir_iop.cli.map.command import command

__all__ = ["command"]
