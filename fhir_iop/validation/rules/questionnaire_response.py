"""A QuestionnaireResponse answers its Questionnaire as that asks (see ``responses/``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.responses import check

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.item import Finding, Item


def find(item: Item) -> Iterator[Finding]:
    """Yield `answer-…` and `questionnaire-unknown` for a QuestionnaireResponse."""
    if item.expected.type == "QuestionnaireResponse":
        yield from check(item)
