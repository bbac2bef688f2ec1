"""`fhir-iop validate`: check FHIR resources, and tell what is wrong with them and where."""

from fhir_iop.cli.validate.command import command

__all__ = ["command"]
