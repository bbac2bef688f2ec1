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
_FHIRPATH = {
    "fhirpath-syntax": Wording("error", "invalid", "This FHIRPath can't be read: {found} doesn't belong here{place}."),
    "fhirpath-element": Wording("error", "invalid", "{type} has no element `{name}`{place}.{hint}"),
    "fhirpath-function": Wording("error", "invalid", "There is no function `{name}`{place}.{hint}"),
    "fhirpath-arguments": Wording("error", "invalid", "`{name}` takes {expected}, not {given}{place}."),
    "fhirpath-type": Wording("error", "invalid", "`{name}` can't take {found}; it needs {expected}{place}."),
    "fhirpath-type-name": Wording("error", "invalid", "`{name}` is no type{place}.{hint}"),
    "fhirpath-variable": Wording("error", "invalid", "There is no variable `%{name}` here{place}.{hint}"),
    "fhirpath-special": Wording("error", "invalid", "`${name}` has no meaning here{place}."),
    "fhirpath-order": Wording("error", "invalid", "`{name}` needs an order, and {found} has none{place}."),
    "fhirpath-unsupported": Wording("error", "not-supported", "`{name}` isn't supported: {reason}{place}."),
    "fhirpath-pattern": Wording("error", "invalid", "The regular expression can't be taken: {reason}{place}."),
    "fhirpath-limit": Wording("error", "too-costly", "The expression goes beyond {limit}{place}."),
    "fhirpath-many": Wording("error", "multiple-matches", "`{name}` needs one item and was given several{place}."),
    "fhirpath-value": Wording("error", "value", "`{name}` has no result here: {reason}{place}."),
    "fhirpath-resource": Wording("error", "structure", "The data hasn't the shape of {type}, so nothing can be said."),
    "fhirpath-budget": Wording("error", "too-costly", "The evaluation was stopped: it took more than {limit}."),
}

# --- validation ---------------------------------------------------------------------------------------------------
_VALIDATION: dict[str, Wording] = {}

# --- mapping ------------------------------------------------------------------------------------------------------
_MAPPING: dict[str, Wording] = {}

# --- instruments --------------------------------------------------------------------------------------------------
_INSTRUMENTS: dict[str, Wording] = {}

# --- consent ------------------------------------------------------------------------------------------------------
_CONSENT = {
    "safety-net": Wording(
        "fatal", "exception", "The safety net for substance use records can't be used: {place}: {reason}."
    ),
}

# --- store --------------------------------------------------------------------------------------------------------
_STORE: dict[str, Wording] = {}

# --- pharmacy -----------------------------------------------------------------------------------------------------
_PHARMACY: dict[str, Wording] = {}

# --- ehr ----------------------------------------------------------------------------------------------------------
_EHR: dict[str, Wording] = {}

# --- web ----------------------------------------------------------------------------------------------------------
_WEB: dict[str, Wording] = {}

# --- conformance: cases that others wrote -------------------------------------------------------------------------
_CONFORMANCE = {
    "conformance-missing": Wording("fatal", "not-found", "There is no {file} in this folder."),
    "conformance-case": Wording("fatal", "structure", "{file} can't be read: {reason}"),
}

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
    **_CONFORMANCE,
}
