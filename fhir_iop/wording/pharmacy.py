"""Words for prescription messages and their answers."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
    "rx-already-sent": Wording(
        "error",
        "conflict",
        "This order was sent to its pharmacy with another content; cancel it and write a new one that replaces it.",
    ),
    "rx-status": Wording("error", "business-rule", "Only an active order goes to a pharmacy; this one is {found}."),
    "rx-intent": Wording("error", "business-rule", "Only an order goes to a pharmacy; this one's intent is {found}."),
    "rx-no-order": Wording("error", "business-rule", "A report, or a request not to give, is no order for a pharmacy."),
    "rx-no-pharmacy": Wording("error", "required", "The order names no pharmacy."),
    "rx-category": Wording("error", "business-rule", "An order for use inside an institution goes to no pharmacy."),
    "rx-not-ended": Wording(
        "error", "business-rule", "Only an order that ended can be cancelled; this one is {found}."
    ),
    "rx-no-reason": Wording("error", "required", "A cancellation must say why: the order has no statusReason."),
    "rx-no-identifier": Wording("error", "required", "A cancellation repeats the order's identifier; it has none."),
    "rx-unresolved": Wording("error", "not-found", "This must lead to a {types} that is stored here, and doesn't."),
    "rx-other-patient": Wording("error", "business-rule", "The reason for the order is a record of another patient."),
    "rx-patient": Wording("error", "required", "A pharmacy knows a patient by name and birth date; one is missing."),
    "rx-prescriber": Wording("error", "required", "The prescriber has no NPI."),
    "rx-pharmacy": Wording(
        "error", "required", "The pharmacy has no NCPDP provider id, so the message could go astray."
    ),
    "rx-indication": Wording("error", "required", "The order doesn't say what it is for."),
    "rx-not-permitted": Wording(
        "error", "suppressed", "No consent, or no notice to go with it, permits this; half of it is never sent."
    ),
    "rx-controls": Wording("fatal", "exception", "The rules on controlled substances can't be used: {reason}."),
    "rx-methadone": Wording(
        "error",
        "business-rule",
        "Methadone for opioid use disorder is dispensed by an opioid treatment program, never by a pharmacy; an order "
        "for methadone must say another reason.",
    ),
    "rx-unsigned": Wording(
        "error",
        "business-rule",
        "A schedule {schedules} substance is ordered in a system certified for that; the order has no reference to its "
        "signature there (extension {url}), and nothing is signed here.",
    ),
    "rx-schedule": Wording("error", "business-rule", "A substance of schedule {schedule} is not prescribed."),
    "rx-refills": Wording("error", "business-rule", "A schedule {schedule} substance has at most {most} refills."),
    "rx-controlled-element": Wording("error", "required", "An order for a controlled substance needs {element}."),
    "rx-telemedicine": Wording(
        "warning",
        "business-rule",
        "After {until} an order for a controlled substance can't rest on the DEA's telemedicine flexibilities alone.",
    ),
    "rx-silence": Wording(
        "warning", "timeout", "No pharmacist has answered for {hours} hours: call the pharmacy; a lost order is harm."
    ),
    "task-transition": Wording("error", "conflict", "A prescription's Task that is {before} can't become {after}."),
    "pharmacy-endpoint": Wording(
        "error",
        "not-supported",
        "{host} doesn't take messages at this address (HTTP {status}): check FHIR_IOP_PHARMACY_URL.",
    ),
    "pharmacy-later": Wording("warning", "transient", "{host} can't take the message now (HTTP {status})."),
    "reply-empty": Wording(
        "warning", "incomplete", "The pharmacy's answer (HTTP {status}) is empty, so it says nothing."
    ),
    "reply-not-fhir": Wording("warning", "structure", "The pharmacy's answer is {found}, which is not FHIR JSON."),
    "reply-malformed": Wording("warning", "structure", "The pharmacy's answer can't be read ({reason})."),
    "reply-other": Wording("warning", "conflict", "The pharmacy's answer is about another message or another order."),
    "reply-unclear": Wording("warning", "incomplete", "The pharmacy's answer doesn't say what becomes of the order."),
    "reply-later": Wording("warning", "transient", "The pharmacy asks for the message again later."),
    "reply-conflict": Wording(
        "error", "conflict", "The pharmacy knows this message with another content: ask it what it will dispense."
    ),
    "reply-not-cancelled": Wording("error", "business-rule", "The pharmacy did not cancel the order: it still stands."),
    "simulator-no-message": Wording("error", "structure", "This is not a prescription message."),
    "simulator-missing": Wording("error", "required", "The prescription lacks {what}."),
}
