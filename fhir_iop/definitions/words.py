"""What a guide says in words of a profile, for people: structures keep what decides whether data is right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Words:
    """A profile's title and description, each element's short description by id, and each constraint's risk by key."""

    title: str = ""
    description: str = ""
    shorts: dict[str, str] = field(default_factory=dict)
    risks: dict[str, str] = field(default_factory=dict)


def words(profiles: Iterable[dict[str, Any]]) -> Words:
    """Return what ``profiles`` say: StructureDefinitions, the one that is asked for first, then what it derives from.

    ``requirements`` is where a constraint says what happens otherwise
    (https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.constraint.requirements).
    """
    found = Words()
    for place, profile in enumerate(profiles):
        if place == 0:
            found = Words(profile.get("title", ""), profile.get("description", ""))
        for element in profile["differential"]["element"]:
            if "short" in element and "." in element["id"]:
                found.shorts.setdefault(element["id"], element["short"])
            for constraint in element.get("constraint", ()):
                if "requirements" in constraint:
                    found.risks.setdefault(constraint["key"], constraint["requirements"])
    return found
