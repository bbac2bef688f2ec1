"""A value conforms to one of the profiles that its element's type names.

https://hl7.org/fhir/R4/elementdefinition-definitions.html#ElementDefinition.type.profile. A single profile is merged
into what is expected of the value; of several any one is enough, and which one only the value tells.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.definitions.schema import ElementType
    from fhir_iop.validation.expected import Expected, View
    from fhir_iop.validation.item import Finding, Item
    from fhir_iop.validation.rule import Test


def applies(expected: Expected) -> bool:
    """Whether a view names several profiles, or one that isn't at hand."""
    # An extension's definition is found by its url (rules/extension.py).
    return expected.type != "Extension" and any(_left_over(expected))


def quick(expected: Expected) -> Test:
    """Return whether a value conforms to one profile of each choice; what isn't at hand is looked at closely."""
    definitions = expected.expectations.definitions
    choices = [entry.profiles for _, entry in _left_over(expected)]
    if any(definitions.structure(profile) is None for profiles in choices for profile in profiles):
        return lambda _value: False
    expectations, type_ = expected.expectations, expected.type

    def conforms(value: Any) -> bool:
        frame = expectations.here.frame
        return all(any(frame.suits(value, type_, one) for one in profiles) for profiles in choices)

    return conforms


def find(item: Item) -> Iterator[Finding]:
    """Yield `type-profile` where no profile fits, `type-profile-unknown` for one that isn't at hand and could."""
    if item.value is None or item.expected.type == "Extension":
        return
    for view, entry in _left_over(item.expected):
        verdicts = {one: item.frame.suits(item.value, item.expected.type, one) for one in entry.profiles}
        if True in verdicts.values():
            continue
        unknown = [profile for profile, verdict in verdicts.items() if verdict is None]
        for profile in unknown:
            yield item.found("type-profile-unknown", canonical=profile, by=view.said_by)
        if not unknown:
            yield item.found("type-profile", profiles=", ".join(entry.profiles), by=view.said_by)


def _left_over(expected: Expected) -> Iterator[tuple[View, ElementType]]:
    """Go through the type entries with profiles that aren't merged (see Expectations)."""
    definitions = expected.expectations.definitions
    for view, entry in expected.type_entries:
        if len(entry.profiles) > 1 or any(definitions.structure(profile) is None for profile in entry.profiles):
            yield view, entry
