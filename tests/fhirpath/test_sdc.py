"""SDC's weight(): what coded answers count."""

from decimal import Decimal
from typing import Any

import pytest

from fhir_iop import fhirpath

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
SAID = {"code": "a", "extension": [{"url": ORDINAL, "valueDecimal": Decimal("1.5")}]}
RESPONSE: dict[str, Any] = {
    "resourceType": "QuestionnaireResponse",
    "status": "completed",
    "item": [
        {"linkId": "1", "answer": [{"valueCoding": SAID}]},
        {"linkId": "2", "answer": [{"valueCoding": {"code": "b"}}, {"valueString": "b"}]},
    ],
}


@pytest.mark.parametrize(
    "expression",
    ["item.answer.weight()", "item.answer.value.weight()", "item.answer.value.ordinal()"],
)
def test_an_answer_counts_what_it_or_the_context_says(expression: str) -> None:
    compiled = fhirpath.compile(expression, "QuestionnaireResponse")
    assert compiled(RESPONSE, fhirpath.Context(weigh=lambda _: Decimal(2))) == [
        Decimal("1.5"),
        Decimal(2),
    ]
    assert compiled(RESPONSE) == [Decimal("1.5")]
    assert compiled({"resourceType": "QuestionnaireResponse", "status": "completed"}) == []
