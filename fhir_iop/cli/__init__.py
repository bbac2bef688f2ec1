"""The command line: one command a file, loaded when it is called."""

from fhir_iop.cli.main import main

__all__ = ["main"]
