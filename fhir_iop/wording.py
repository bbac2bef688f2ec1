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
    "xml-malformed": Wording("fatal", "structure", "This is not well-formed XML: {reason}."),
    "xml-doctype": Wording(
        "fatal", "structure", "FHIR XML has no DOCTYPE and no entities; this document declares one."
    ),
    "xml-depth": Wording("fatal", "too-costly", "The XML is nested deeper than {limit} levels."),
    "xml-root": Wording(
        "fatal", "structure", "The root element {found} is not a FHIR R4 resource in the namespace {namespace}."
    ),
    "xml-order": Wording(
        "error", "structure", "The element {element} stands after an element that the definition puts behind it."
    ),
    "xml-text": Wording("error", "structure", "Text stands between the elements, where FHIR XML has none."),
    "xml-empty": Wording("error", "structure", "The element {element} has neither a value nor an extension."),
    "xml-unwritable": Wording("error", "structure", "{where} has no XML form: validate the resource to learn why."),
    "model-unknown": Wording("error", "structure", "fhir.resources has no class for this resourceType."),
    "model-refused": Wording("error", "structure", "The fhir.resources class {type} can't take {where} ({reason})."),
}

# --- session: other servers ---------------------------------------------------------------------------------------
_SESSION = {
    "peer-address": Wording(
        "fatal", "value", "This is not an address that can be called: it needs http(s):// and a host."
    ),
    "peer-plain": Wording(
        "fatal",
        "security",
        "{host} would be called without TLS; health data goes over https, or stays on this machine.",
    ),
    "peer-failed": Wording("fatal", "transient", "{host} gave no answer: {cause}."),
    "peer-redirect": Wording("fatal", "security", "{host} redirects to {target}; nothing is sent to another address."),
    "peer-large": Wording("fatal", "too-costly", "{host} answers with more than {limit} bytes."),
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
    **_SESSION,
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
