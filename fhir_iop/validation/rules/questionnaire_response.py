"""A QuestionnaireResponse answers its Questionnaire as that asks (see ``responses/``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.validation.responses.check import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether values are QuestionnaireResponses."""
    return expected.type == "QuestionnaireResponse"


def quick(expected: Expected) -> Test:
    """Return whether a response names no Questionnaire, or one at hand that it answers as that asks."""
    expectations = expected.expectations
    forms = expectations.forms

    def passes(response: dict[str, Any]) -> bool:
        canonical = response.get("questionnaire")
        if canonical is None:
            return True
        here = expectations.here
        compiled = forms.in_package(canonical) or forms.find(canonical, here.frame)
        return compiled is not None and compiled.quick.passes(response, lambda: here.frame.context, here)

    return passes


def find(item: Item) -> Iterator[Finding]:
    """Yield `answer-…` and `questionnaire-unknown` for a QuestionnaireResponse."""
    if item.expected.type == "QuestionnaireResponse":
        yield from check(item)
