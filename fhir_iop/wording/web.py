"""Words for the endpoint."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
    "web-address": Wording("error", "not-found", "There is nothing at this address; /metadata lists what there is."),
    "web-type-unknown": Wording(
        "error", "not-supported", "{type} is not a resource type that is kept here{suggestion}"
    ),
    "search-include": Wording(
        "error",
        "not-supported",
        "_include takes {type}:parameter, with a search parameter of {type} whose values are references.",
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
    "web-type-mismatch": Wording(
        "error", "invalid", "The address is of the type {type}; the body's resourceType is another."
    ),
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
