"""Each property is an element of the type (https://hl7.org/fhir/R4/json.html)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation.misnamed import is_known
from fhir_iop.validation.place import told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.item import Finding, Item


def applies(expected: Expected) -> bool:
    """Whether there are child elements."""
    return bool(expected.members)


def find(item: Item) -> Iterator[Finding]:
    """Yield `unknown-element` for each property that the type doesn't have, with the name that may be meant."""
    for key in item.content:
        if not is_known(item.expected, key):
            name = item.misnamed.get(key)
            hint = f" Did you mean {name}?" if name else ""
            found = item.found(
                "unknown-element", place=item.place_of(key), name=told(key), type=item.expected.type, hint=hint
            )
            yield found._replace(names=frozenset({name, item.step_of(name)})) if name else found
