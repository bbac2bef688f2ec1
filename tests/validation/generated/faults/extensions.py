"""Faults of extensions: unknown modifiers, places where they may not stand, values of another type."""

from random import Random
from typing import Any

from fhir_iop.validation.contexts import fits, names_of
from fhir_iop.validation.item import Item
from tests.validation.generated.faults.fault import Fault, Maker, Sites, chosen, fresh, is_settled
from tests.validation.generated.faults.occurrence import without_ids
from tests.validation.generated.primitives import HOST

_UNKNOWN = f"{HOST}/fhir/StructureDefinition/unknown"


def unknown_modifier(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, [item for item in sites.objects() if "modifierExtension" in item.expected.members])
    return _added(
        sites, item, "modifierExtension", {"url": _UNKNOWN, "valueBoolean": True}, "modifier-extension-unknown"
    )


def misplaced(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, _holders(sites))
    if item is None:
        return None
    names = names_of(item.expected)
    structures = [
        one
        for one in sites.generator.extensions.all
        if not one.elements[0].is_modifier
        and not any(kind != "element" or fits(kind, expression, names) for kind, expression in one.context)
    ]
    structure = rng.choice(structures)
    expectations = sites.generator.expectations
    member = item.expected.members["extension"]
    expected = expectations.expected("Extension", (), (expectations.root(structure),))
    making = fresh(rng)
    value = without_ids(sites.generator.value(expected, 4, making))
    if making.has_failed or member.slicings:
        return None
    return _added(sites, item, "extension", value, "extension-context")


def relative(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, _holders(sites))
    return _added(sites, item, "extension", {"url": "part", "valueBoolean": True}, "extension-relative")


def as_modifier(sites: Sites, rng: Random) -> Fault | None:
    """Put an extension that modifies nothing among those that do."""
    item = chosen(rng, [item for item in sites.objects() if "modifierExtension" in item.expected.members])
    extension = {"url": "http://hl7.org/fhir/StructureDefinition/originalText", "valueString": "x"}
    return _added(sites, item, "modifierExtension", extension, "extension-not-modifier")


def wrong_value(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, _holders(sites))
    extension = {"url": "http://hl7.org/fhir/StructureDefinition/originalText", "valueBoolean": True}
    fault = _added(sites, item, "extension", extension, "type-not-allowed")
    return fault and Fault(fault.resource, f"{fault.expression}.value.ofType(boolean)", fault.rule)


def without_url(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, _holders(sites))
    return _added(sites, item, "extension", {"valueBoolean": True}, "min")


def _holders(sites: Sites) -> list[Item]:
    """Objects that may have extensions, and of whose extensions nothing is said."""
    return [
        item
        for item in sites.objects()
        if item.expected.type != "Extension"
        and "extension" in item.expected.members
        and not is_settled(item.expected)
        and not item.expected.members["extension"].slicings
        and not any(view.element.max == 0 for view in item.expected.members["extension"].views)
    ]


def _added(sites: Sites, item: Item | None, name: str, extension: dict[str, Any], rule: str) -> Fault | None:
    if item is None:
        return None
    item.content[name] = [*item.content.get(name, ()), extension]
    return sites.fault(rule, f"{item.place.expression}.{name}[{len(item.content[name]) - 1}]")


KINDS: dict[str, Maker] = {
    "unknown modifier extension": unknown_modifier,
    "extension at a wrong place": misplaced,
    "relative extension": relative,
    "extension as a modifier": as_modifier,
    "extension of another type": wrong_value,
    "extension without url": without_url,
}
