"""A QuestionnaireResponse answers its Questionnaire as that asks (see ``responses/``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.responses import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether values are QuestionnaireResponses."""
    return expected.type == "QuestionnaireResponse"


def quick(expected: Expected) -> Test:
    """Return whether a response names no Questionnaire."""
    del expected
    return lambda value: "questionnaire" not in value


def find(item: Item) -> Iterator[Finding]:
    """Yield `answer-…` and `questionnaire-unknown` for a QuestionnaireResponse."""
    if item.expected.type == "QuestionnaireResponse":
        yield from check(item)
