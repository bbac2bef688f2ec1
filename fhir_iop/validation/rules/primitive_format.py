"""A primitive's value is one of its type (https://hl7.org/fhir/R4/datatypes.html#primitive)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.primitives import EXAMPLES, FORMATS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item


def holds(expected: Expected) -> Callable[[Any], bool] | None:
    """Return the predicate that a value of the right JSON type must meet."""
    return FORMATS.get(expected.type)


def find(item: Item) -> Iterator[Finding]:
    """Yield `primitive-format`; the value isn't repeated, for it may be a patient's."""
    test = FORMATS.get(item.expected.type)
    if test is not None and item.value not in (None, "") and not test(item.value):
        type_ = item.expected.type
        yield item.found("primitive-format", type=type_, form=EXAMPLES[type_])
