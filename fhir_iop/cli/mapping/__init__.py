"""`fhir-iop mapping`: read, check and explain the mappings between a program's records and FHIR."""

from fhir_iop.cli.mapping.group import command

__all__ = ["command"]
