"""Whether a value has the form of its type: of what hasn't, only that is told, and nothing that follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.validation import rules

if TYPE_CHECKING:
    from fhir_iop.validation.item import Item

_HOLDERS = frozenset({"BackboneElement", "Element"})


def is_sound(item: Item) -> bool:
    """Whether a data type's parts have their form: its own, and those of the codings in a CodeableConcept.

    Of anything larger nothing is said: what holds of a whole resource seldom hangs on one of its parts.
    """
    expected = item.expected
    if expected.is_primitive or expected.is_resource or expected.type in _HOLDERS:
        return True
    parts = [item, *(child for children in item.children.values() for child in children)]
    if expected.type == "CodeableConcept":
        parts += [part for child in parts[1:] for parts in child.children.values() for part in parts]
    return not any(finding for part in parts for rule in rules.FORM for finding in rule.find(part))
