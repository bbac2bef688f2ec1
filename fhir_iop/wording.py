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
_DEFINITIONS = {
    "facts-unreadable": Wording("fatal", "structure", "This is not a file of compact definitions."),
    "package-unreadable": Wording("fatal", "structure", "This is not a FHIR package (.tgz): {reason}."),
    "package-unsafe": Wording(
        "fatal", "security", "The archive holds a link, a device or a name that leads out of it; nothing of it is used."
    ),
    "package-too-large": Wording("fatal", "too-costly", "The archive unpacks to more than {limit} bytes or entries."),
    "package-no-manifest": Wording(
        "fatal", "structure", "A FHIR package has a package/package.json with a name and a version; this has none."
    ),
    "package-resource": Wording(
        "warning", "structure", "This file of the package {package} is no resource that can be used; it is passed over."
    ),
    "package-dependency": Wording(
        "warning", "not-found", "{package} builds on {dependency}, which is not at hand: what it defines is unknown here."
    ),
    "package-altered": Wording(
        "fatal", "security", "The registry gave other bytes for {package} than those it announced; nothing is used."
    ),
    "definition-malformed": Wording("fatal", "structure", "{canonical} is not the {kind} that it says it is."),
    "package-missing": Wording("fatal", "not-found", "The package {package} is not at hand."),
}

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
    "policy": Wording("fatal", "exception", "The policy on disclosures can't be used: {place}: {reason}."),
    "notice": Wording("fatal", "exception", "The notice of protection can't be used: {reason}."),
    "consent-unreadable": Wording(
        "warning", "security", "A Consent can't be understood, and so permits nothing: {reason}."
    ),
    "disclosure-denied": Wording("error", "suppressed", "The {type} may not be disclosed. {says} (Rule {rule}.)"),
}

# --- store --------------------------------------------------------------------------------------------------------
_STORE = {
    "store-url": Wording(
        "fatal", "value", "The database must be given as sqlite:///FILE or postgresql://USER@HOST/NAME."
    ),
    "store-memory": Wording("fatal", "value", "The store needs a database file: sqlite:///FILE."),
    "store-driver": Wording("fatal", "not-found", "PostgreSQL needs a driver: pip install 'fhir-iop[postgres]'."),
    "store-file": Wording("fatal", "exception", "The database file {name} can't be opened or made: {reason}."),
    "store-unusable": Wording("fatal", "exception", "The database can't be used: {reason}."),
    "store-foreign": Wording(
        "fatal", "exception", "The database holds tables of another program; give fhir-iop a database of its own."
    ),
    "store-newer": Wording(
        "fatal",
        "exception",
        "The database has schema {found}, made by a newer fhir-iop; this one knows up to {known}. Update fhir-iop.",
    ),
    "store-unavailable": Wording("error", "transient", "The database doesn't answer as it should: {reason}. Try again."),
    "store-not-found": Wording("error", "not-found", "There is no {reference}."),
    "store-gone": Wording("error", "deleted", "{reference} was deleted."),
    "store-taken": Wording("error", "duplicate", "There is a {reference} already."),
    "store-moved-on": Wording(
        "error", "conflict", "Version {expected} of {reference} isn't current; read it again before changing it."
    ),
    "store-message-taken": Wording("error", "conflict", "Message {id} was queued before with other content."),
    "store-message-answered": Wording("error", "conflict", "Message {id} has another answer already, which stays."),
    "store-message-unknown": Wording("error", "not-found", "There is no message {id} in the outbox."),
    "search-unknown": Wording("error", "not-supported", "{parameter} is no search parameter of this type.{hint}"),
    "search-unsupported": Wording("error", "not-supported", "Search by {parameter} isn't supported here."),
    "search-chained": Wording("error", "not-supported", "Chained search ({parameter}) isn't supported here."),
    "search-modifier": Wording(
        "error", "not-supported", "{parameter} doesn't take this modifier; it takes: {modifiers}."
    ),
    "search-value": Wording("error", "value", "{parameter} expects {expected}."),
    "search-empty": Wording("error", "value", "{parameter} has no value; leave it out to search without it."),
    "search-twice": Wording("error", "value", "{parameter} may be given once."),
    "search-too-many": Wording("error", "too-costly", "A search may ask for {limit} values; split it."),
    "search-cursor": Wording("error", "value", "_cursor doesn't continue this search; begin it again without."),
}

# --- pharmacy -----------------------------------------------------------------------------------------------------
_PHARMACY: dict[str, Wording] = {}

# --- ehr ----------------------------------------------------------------------------------------------------------
_EHR: dict[str, Wording] = {}

# --- web ----------------------------------------------------------------------------------------------------------
_WEB = {
    "web-address": Wording("error", "not-found", "There is nothing at this address; /metadata lists what there is."),
    "web-type-unknown": Wording(
        "error", "not-supported", "{type} is not a resource type that is kept here{suggestion}"
    ),
    "web-version": Wording("error", "not-found", "There is no such version."),
    "web-method": Wording("error", "not-supported", "This method is not possible here; possible: {allowed}."),
    "web-not-acceptable": Wording(
        "error", "not-supported", "Answers are FHIR R4 in JSON (application/fhir+json); that is not what was asked for."
    ),
    "web-content-type": Wording(
        "error", "not-supported", "The body must be {expected}, in UTF-8, of FHIR version 4.0."
    ),
    "web-content-encoding": Wording("error", "not-supported", "The body must come uncompressed."),
    "web-body-missing": Wording("error", "required", "A body is needed here, and there is none."),
    "web-body-length": Wording("error", "required", "The length of the body must be announced (Content-Length)."),
    "web-body-truncated": Wording("error", "incomplete", "The body ended before its announced length; send it again."),
    "web-body-too-large": Wording("error", "too-long", "The body is larger than {limit} bytes."),
    "web-query": Wording(
        "error", "invalid", "The parameters can't be read: they must be percent-encoded UTF-8, and not too many."
    ),
    "web-parameter": Wording("error", "not-supported", "There is a parameter unknown here; known: {known}."),
    "web-host": Wording("error", "security", "The Host header names another server."),
    "web-request": Wording("error", "invalid", "This is no request that can be understood."),
    "web-incident": Wording(
        "fatal", "exception", "Something went wrong here, and nothing was kept. Quote incident {incident} when you ask."
    ),
    "web-type-mismatch": Wording("error", "invalid", "The address is for a {type}; the body's resourceType is not."),
    "web-id-mismatch": Wording("error", "invalid", "The id in the body must be the one in the address."),
    "web-if-match": Wording("error", "value", 'If-Match must hold one ETag of this resource, such as W/"3".'),
    "web-criteria": Wording("error", "required", "The condition needs search parameters with values."),
    "web-several-match": Wording("error", "multiple-matches", "More than one resource meets the condition."),
    "web-metadata-mode": Wording("error", "not-supported", "Only the modes full and normative are answered."),
    "validate-nothing": Wording("error", "required", "There is no resource to validate."),
    "validate-mode": Wording("error", "value", "There can be one mode, and it must be one of {modes}."),
    "validate-parameter": Wording(
        "error", "invalid", "This is no parameter of $validate with a value of its type; it has {known}."
    ),
    "bundle-type": Wording("error", "value", "What is sent here must be a Bundle of type batch or transaction."),
    "bundle-entry": Wording(
        "error", "structure", "Each entry needs a request with an HTTP method and an url, and at most one resource."
    ),
    "bundle-nested": Wording("error", "not-supported", "A Bundle's entry can't be a batch or transaction."),
    "bundle-target-twice": Wording("error", "duplicate", "Two entries of this transaction are about this resource."),
    "bundle-full-url-twice": Wording("error", "duplicate", "Another entry of this transaction has this fullUrl."),
    "bundle-reference": Wording("error", "not-found", "A reference here is to a fullUrl that no entry has."),
    "bundle-no-match": Wording("error", "not-found", "A conditional reference here is met by no resource."),
    "records-none": Wording("error", "required", "There are no records in the body."),
    "records-not-object": Wording("error", "structure", "A record is a JSON object."),
    "pharmacy-message-reused": Wording(
        "error", "conflict", "A message with this id came before, and said something else."
    ),
}

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
