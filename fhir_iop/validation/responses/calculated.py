"""Scores that a Questionnaire says how to calculate are what that calculation gives.

The calculation is SDC's `calculatedExpression`, a FHIRPath on the response
(http://hl7.org/fhir/uv/sdc/StructureDefinition/sdc-questionnaire-calculatedExpression).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop import fhirpath
from fhir_iop.validation.responses.enabled import same
from fhir_iop.validation.responses.form import SDC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.responses.form import Form

CALCULATED = SDC + "sdc-questionnaire-calculatedExpression"


def check_calculated(form: Form, response: Item) -> Iterator[Finding]:
    """Yield `answer-calculated` where an answer differs, `answer-not-calculated` where nobody can tell."""
    for item in response.walk():
        link = item.value.get("linkId") if isinstance(item.value, dict) else None
        question = form.by_link.get(link) if isinstance(link, str) else None
        expression = question.limit(CALCULATED) if question else None
        text = expression.get("expression") if isinstance(expression, dict) else None
        values = list(_values(item))
        if not values or not isinstance(text, str):
            continue
        try:
            expected = fhirpath.compile(text, "QuestionnaireResponse", item.expected.expectations.definitions)(
                response.value, response.frame.context
            )
        except fhirpath.FhirPathError as error:
            yield item.found("answer-not-calculated", link=link, reason=str(error))
            continue
        if len(expected) != len(values) or not all(map(same, (value.value for value in values), expected)):
            yield values[0].found("answer-calculated", link=link)


def _values(item: Item) -> Iterator[Item]:
    for member, children in item.children.items():
        if member.name == "answer":
            for answer in children:
                for inner, values in answer.children.items():
                    if inner.name == "value[x]":
                        yield from values
