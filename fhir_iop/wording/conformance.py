"""Words for cases that others wrote."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
    "conformance-missing": Wording("fatal", "not-found", "There is no {file} in this folder."),
    "conformance-case": Wording("fatal", "structure", "{file} can't be read: {reason}"),
}
