"""QuestionnaireResponses against their Questionnaires (https://hl7.org/fhir/R4/questionnaireresponse.html#link)."""

from fhir_iop.validation.responses.check import check

__all__ = ["check"]
