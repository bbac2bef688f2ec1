"""Words for what is taken over from an EHR."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
    "ehr-id": Wording(
        "fatal", "value", "A patient's id at another server has 1 to 64 letters, digits, hyphens or dots."
    ),
    "ehr-no-patient": Wording("fatal", "not-found", "{host} has no patient with this id."),
    "ehr-refused": Wording("fatal", "forbidden", "{host} refuses (HTTP {status}): check the address and the log-in."),
    "ehr-answer": Wording("fatal", "structure", "{host} answers something else than {expected}."),
    "ehr-link": Wording("fatal", "security", "{host} sends its next page from {target}; nothing is read from there."),
    "ehr-endless": Wording("fatal", "too-costly", "{host} sends pages without an end; nothing of them was taken over."),
    "ehr-outcome": Wording("information", "informational", "The server adds a remark ({code}) to its answer."),
    "ehr-outcome-error": Wording("error", "incomplete", "The server says that its answer is not whole ({code})."),
    "ehr-ignored": Wording("information", "informational", "The server sends {type} that was not asked for; ignored."),
    "ehr-no-id": Wording("error", "required", "The server sends a resource without an id; it was left out."),
    "ehr-other-patient": Wording(
        "error", "security", "The server sends a medication of another patient than asked for; it was left out."
    ),
    "ehr-modifier": Wording(
        "error", "not-supported", "A modifier that is not known here changes its meaning, so it was not taken over."
    ),
    "ehr-intent": Wording("error", "business-rule", "It is neither an order nor a plan, so it was not taken over."),
    "ehr-status": Wording("error", "code-invalid", "Its status is none that a MedicationRequest has; not taken over."),
    "ehr-no-medication": Wording("error", "required", "It doesn't say which medicine it is, so it was not taken over."),
    "ehr-medication-by-name": Wording(
        "warning", "incomplete", "The medicine is known by the name that is displayed alone; its record was not there."
    ),
    "ehr-ingredient": Wording(
        "warning", "incomplete", "An ingredient that only refers to the other system was left out."
    ),
    "ehr-match-no-number": Wording(
        "error", "required", "The patient has no record number to be known by; a name alone links nobody."
    ),
    "ehr-match-none": Wording(
        "error", "not-found", "No patient here has one of the record numbers; a person must look."
    ),
    "ehr-match-several": Wording(
        "error", "multiple-matches", "Several patients here share a record number; a person must look."
    ),
    "ehr-match-replaced": Wording(
        "error", "business-rule", "One of the two patient records was replaced; a person must look."
    ),
    "ehr-match-contradicts": Wording(
        "error", "conflict", "The record number is the same and birth date or family name are not; a person must look."
    ),
}
