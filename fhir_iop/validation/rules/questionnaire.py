"""What a Questionnaire's conditions ask of is one of its questions.

https://hl7.org/fhir/R4/questionnaire-definitions.html#Questionnaire.item.enableWhen.question. That linkIds are unique
is the standard's invariant que-2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether values are Questionnaires."""
    return expected.type == "Questionnaire"


def quick(expected: Expected) -> Test:
    """Return a test that no Questionnaire passes: they are rare beside what answers them."""
    del expected
    return lambda _value: False


def find(item: Item) -> Iterator[Finding]:
    """Yield `question-unknown` at an enableWhen that asks of no item."""
    items = list(_items(item))
    links = {one.value.get("linkId") for one in items if isinstance(one.value.get("linkId"), str)}
    for one in items:
        for when in one.children.get(one.expected.members["enableWhen"], ()):
            asked = when.value.get("question") if when.fits else None
            if isinstance(asked, str) and asked not in links:
                yield when.found("question-unknown", place=when.place_of("question"))


def _items(holder: Item) -> Iterator[Item]:
    for item in holder.children.get(holder.expected.members["item"], ()):
        if item.fits:
            yield item
            yield from _items(item)
