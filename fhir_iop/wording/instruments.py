"""Words for questionnaires that are scored."""

from fhir_iop.wording.wording import Wording

WORDINGS = {
    "instrument-item": Wording("error", "code-invalid", "{name} has no question {item}."),
    "instrument-item-twice": Wording("error", "duplicate", "The question {item} is answered twice."),
    "instrument-not-asked": Wording(
        "error", "business-rule", "The question {item} isn't asked after this answer to {other}."
    ),
    "instrument-answer": Wording(
        "error", "code-invalid", "The question {item} can't be answered so; its answers: {known}."
    ),
    "instrument-mistaken": Wording(
        "warning",
        "code-invalid",
        "{item} is not a question of {name} (it asks for a number of days); {right} is. It is kept and not scored.",
    ),
    "instrument-incomplete": Wording(
        "information", "incomplete", "{missing} of the {all} questions of {name} that count aren't answered: no total."
    ),
    "instrument-band-open": Wording(
        "information", "incomplete", "What a total of {total} in {name} means depends on the patient's sex: no band."
    ),
    "instrument-total": Wording("error", "conflict", "The total of these answers is {ours}, not what the record says."),
    "instrument-band": Wording("error", "conflict", "This total means `{ours}`, not what the record says."),
    "instrument-level": Wording(
        "information",
        "informational",
        "These answers in {name} mean a risk that is {level}; a clinician says which it is.",
    ),
    "instrument-level-open": Wording(
        "information",
        "incomplete",
        "{missing} questions of {name} that were to be asked aren't answered: no level of risk.",
    ),
    "instrument-alert": Wording(
        "warning",
        "business-rule",
        "This answer in {name} needs a safety follow-up, whatever the total; the record tells of none.",
    ),
}
