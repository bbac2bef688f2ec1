"""Where the standard says what no definition says: page → the rules that it is the source of."""

from __future__ import annotations

R4 = "http://hl7.org/fhir/R4/"
PAGES = {
    "json.html": ("json-duplicate", "json-array", "json-type", "resource-type-missing"),
    "json.html#null": ("json-null", "json-pairs"),
    "xml.html": (
        *("xml-root", "xml-encoding", "xml-order", "xml-text", "xml-namespace", "xml-attribute", "xml-repeated"),
        *("xml-resource", "xml-doctype"),
    ),
    "resourcelist.html": ("resource-type-unknown",),
    "formats.html#choice": ("choice-twice",),
    "element.html": ("element-id-twice",),
    "datatypes.html#{type}": ("primitive-format", "xml-value"),
    "datatypes.html#string": ("text-blank",),
    "datatypes.html#Attachment": ("attachment-size", "attachment-hash"),
    "datatypes.html#Identifier": ("identifier-uri",),
    "datatypes.html#Coding": ("code-unknown", "code-no-system", "display"),
    "codesystem.html#supplements": ("code-supplement",),
    "narrative.html": (
        *("narrative-namespace", "narrative-loads", "narrative-link", "narrative-scheme", "narrative-id-twice"),
    ),
    "references.html#canonical": ("canonical-relative",),
    "references.html#literal": ("reference-form", "reference-unknown-type"),
    "references.html#Reference": ("reference-type-differs",),
    "references.html#contained": ("reference-contained", "contained-id", "contained-twice", "contained-orphan"),
    "bundle.html": (
        *("bundle-full-url", "bundle-full-url-relative", "bundle-full-url-differs", "bundle-link-twice"),
        *("bundle-entry-missing", "bundle-entry-unreachable", "bundle-full-url-no-id"),
    ),
    "bundle.html#transaction": ("bundle-request-resource", "bundle-request-no-resource"),
    "bundle-definitions.html#Bundle.entry.request.url": ("bundle-request-absolute", "bundle-request-url"),
    "bundle-definitions.html#Bundle.entry.request.ifNoneExist": ("bundle-request-condition",),
    "bundle-definitions.html#Bundle.entry.response.status": ("bundle-response-status",),
    "bundle-definitions.html#Bundle.entry.response.etag": ("bundle-response-etag",),
    "bundle-definitions.html#Bundle.entry.response.lastModified": ("bundle-response-modified",),
    "bundle-definitions.html#Bundle.entry.response.outcome": ("bundle-response-outcome",),
    "bundle-definitions.html#Bundle.entry.search.mode": ("bundle-search-mode",),
    "bundle-definitions.html#Bundle.entry.search.score": ("bundle-search-score",),
    "bundle-definitions.html#Bundle.total": ("bundle-total",),
    "codesystem.html#properties": ("property-twice", "property-type", "property-value"),
    "valueset-definitions.html#ValueSet.compose.include.filter.value": ("filter-boolean", "filter-code"),
    "questionnaire-definitions.html#Questionnaire.item.enableWhen.question": ("question-unknown",),
    "metadatatypes.html#Expression": ("expression-fhirpath",),
    "http.html#create": ("bundle-request-type",),
    "http.html#update": ("bundle-request-id",),
    "http.html#trules": ("bundle-changed-twice", "bundle-target-twice"),
    "valueset.html#compositions": ("value-set-system",),
    "searchparameter.html": ("search-parameter-type",),
    "profiling.html#discriminator": ("discriminator-path",),
    "bundle.html#references": ("bundle-reference-missing", "bundle-reference-differs"),
    "extensibility.html": (
        *("extension-unknown", "modifier-extension-unknown", "extension-is-modifier", "extension-not-modifier"),
        *("extension-relative",),
    ),
}
