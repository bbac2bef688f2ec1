"""The forms that findings are printed in, one file each."""

from fhir_iop.cli.validate.formats.format import Format
from fhir_iop.cli.validate.formats.json import Json
from fhir_iop.cli.validate.formats.outcome import Outcome
from fhir_iop.cli.validate.formats.sarif import Sarif
from fhir_iop.cli.validate.formats.text import Lines

FORMATS: dict[str, Format] = {"text": Lines(), "json": Json(), "outcome": Outcome(), "sarif": Sarif()}

__all__ = ["FORMATS", "Format"]
