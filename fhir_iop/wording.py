"""Every rule's severity, FHIR issue type and wording.

One section a room. Words say what was found, what was expected, and what to do where that isn't plain; ``{name}`` is
filled from the facts that the rule's caller gives. No wording carries a patient's data: values quoted are structural
(element names, codes, canonicals, formats), and free text is never repeated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fhir_iop.issue import Severity


class Wording(NamedTuple):
    """How one rule is told: FHIR severity, FHIR issue type, and a sentence with ``{facts}`` to fill in."""

    severity: Severity
    code: str
    words: str


# --- settings -----------------------------------------------------------------------------------------------------
_SETTINGS = {
    "setting-unknown": Wording("fatal", "not-found", "{variable} names no setting; see `fhir-iop serve --help`."),
    "setting-value": Wording("fatal", "value", "{variable} must be of the kind {kind}."),
}

# --- fhir: what arrives as bytes ---------------------------------------------------------------------------------
_FHIR = {
    "json-malformed": Wording("fatal", "structure", "This is not JSON: {reason}."),
    "json-number": Wording("fatal", "value", "This number can't be taken: {reason}."),
    "json-depth": Wording("fatal", "too-costly", "The JSON is nested deeper than {limit} levels."),
    "json-not-object": Wording("fatal", "structure", "A resource is a JSON object; this is {found}."),
    "model-unknown": Wording("error", "structure", "fhir.resources has no class for this resourceType."),
    "model-refused": Wording("error", "structure", "The fhir.resources class {type} can't take {where} ({reason})."),
}

# --- definitions --------------------------------------------------------------------------------------------------
_DEFINITIONS: dict[str, Wording] = {}

# --- fhirpath -----------------------------------------------------------------------------------------------------
_FHIRPATH: dict[str, Wording] = {}

# --- validation ---------------------------------------------------------------------------------------------------
_VALIDATION: dict[str, Wording] = {}

# --- mapping ------------------------------------------------------------------------------------------------------
_MAPPING: dict[str, Wording] = {}

# --- instruments --------------------------------------------------------------------------------------------------
_INSTRUMENTS: dict[str, Wording] = {}

# --- consent ------------------------------------------------------------------------------------------------------
_CONSENT: dict[str, Wording] = {}

# --- store --------------------------------------------------------------------------------------------------------
_STORE: dict[str, Wording] = {}

# --- pharmacy -----------------------------------------------------------------------------------------------------
_PHARMACY: dict[str, Wording] = {}

# --- ehr ----------------------------------------------------------------------------------------------------------
_EHR: dict[str, Wording] = {}

# --- web ----------------------------------------------------------------------------------------------------------
_WEB: dict[str, Wording] = {}

CATALOGUE: dict[str, Wording] = {
    **_SETTINGS,
    **_FHIR,
    **_DEFINITIONS,
    **_FHIRPATH,
    **_VALIDATION,
    **_MAPPING,
    **_INSTRUMENTS,
    **_CONSENT,
    **_STORE,
    **_PHARMACY,
    **_EHR,
    **_WEB,
}
