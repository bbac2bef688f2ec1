"""Words for FHIRPath expressions."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
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
