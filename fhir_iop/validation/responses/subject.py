"""A response is about somebody, or something, that its Questionnaire may be answered about.

https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.subjectType
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import reference as references
from fhir_iop.validation.responses.fault import fault

if TYPE_CHECKING:
    from fhir_iop.validation.responses.fault import Fault
    from fhir_iop.validation.responses.form import Form


def check_subject(form: Form, response: dict[str, Any]) -> Fault | None:
    """Return `answer-subject` where the subject's type, as far as its reference tells it, is none that may be asked."""
    subject = response.get("subject")
    if not form.subject_types or not isinstance(subject, dict):
        return None
    reference = subject.get("reference")
    literal = references.parse(reference) if isinstance(reference, str) else None
    type_ = subject.get("type") if literal is None else literal.type
    if not isinstance(type_, str) or type_ in form.subject_types:
        return None
    return fault("answer-subject", form=form.name, allowed=", ".join(sorted(form.subject_types)))
