"""Words for consent and labels."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
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
