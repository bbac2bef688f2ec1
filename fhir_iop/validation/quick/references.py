"""References at a glance: most say by their text alone that they lead where they may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.reference import has_form
from fhir_iop.validation import rules
from fhir_iop.validation.frame import nothing
from fhir_iop.validation.primitives import TESTS
from fhir_iop.validation.quick.leaves import FIRST_OF_TEXT
from fhir_iop.validation.quick.notes import HERE, under
from fhir_iop.validation.rules import reference_form, reference_resolution, reference_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.validation.expected import Expected
    from fhir_iop.validation.quick.known import Look
    from fhir_iop.validation.quick.notes import Notes
    from fhir_iop.validation.surroundings import Surroundings

_BY_TEXT = {reference_form, reference_target, reference_resolution}


def at_a_glance(expected: Expected, look: Look, look_of: Callable[[Expected], Look]) -> Look:
    """Return the look at References: ``look``, asked only where their text isn't enough.

    ``look_of`` gives the look at an identifier beside the text. In a Bundle a reference that leads to no entry is
    noted: whether it should is told closely.
    """

    def closely(value: dict[str, Any], here: Surroundings) -> Notes | None:
        return look(value, here) if here.is_alone else HERE + (look(value, here) or [])

    return _by_text(expected, closely, look_of)


def _by_text(expected: Expected, look: Look, look_of: Callable[[Expected], Look]) -> Look:
    if any(rule not in _BY_TEXT for rule in rules.CONTENT if rule.applies(expected)):
        return look
    if any(len(member.views) > 1 or member.slicings for member in expected.members.values()):
        return look
    # Where a store is asked, what is there may be something else than the text says.
    if expected.expectations.outside.look_up is not nothing:
        return look
    definitions = expected.expectations.definitions
    types = definitions.resource_types
    for _, entry in expected.type_entries:
        types &= reference_target.allowed_types(entry, definitions) or types
    look_at_identifier = look_of(expected.members["identifier"].expected("Identifier"))
    is_id = TESTS["id"]
    asks_profiles = any(
        structure is None or structure.derivation == "constraint"
        for _, entry in expected.type_entries
        for structure in map(definitions.structure, entry.target_profiles)
    )

    def reference(value: dict[str, Any], here: Surroundings) -> Notes | None:
        text = value.get("reference")
        if text is not None:
            type_, _, id_ = text.partition("/")
            is_sure = is_id(id_)
            if not (is_sure and here.is_alone) and (text[0] == "#" or not here.is_alone):
                frame = here.frame
                target = frame.resolve(text)
                if target is not None:
                    is_sure = not asks_profiles and has_form(text)
                    type_ = target.get("resourceType", "")
                elif frame.entries is None or text in frame.entries.by_local:
                    is_sure = False
            if is_sure and type_ in types:
                left = len(value) - 1
                if left and "display" in value:
                    display = value["display"]
                    left -= display >= FIRST_OF_TEXT and display.isprintable()
                if left and "type" in value:
                    left -= value["type"] == type_
                if not left:
                    return None
                if left == 1 and "identifier" in value:
                    notes = look_at_identifier(value["identifier"], here)
                    return None if notes is None else under(None, notes, "identifier", "identifier")
        return look(value, here)

    return reference
