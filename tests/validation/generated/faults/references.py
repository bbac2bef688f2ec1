"""Faults of references and of what is contained."""

from random import Random

from fhir_iop.validation.item import Item
from fhir_iop.validation.rules.reference_target import allowed_types
from tests.validation.generated.faults.fault import Fault, Maker, Sites, chosen, is_free

_SOME = ("Patient", "Medication", "Slot", "ValueSet", "Location")


def wrong_target(sites: Sites, rng: Random) -> Fault | None:
    found = [item for item in _references(sites) if _allowed(sites, item)]
    item = chosen(rng, found)
    if item is None:
        return None
    types = [type_ for type_ in _SOME if type_ not in _allowed(sites, item)]
    if not types:
        return None
    item.content["reference"] = f"{rng.choice(types)}/elsewhere"
    return sites.fault("reference-target", item.place.expression)


def unknown_type(sites: Sites, rng: Random) -> Fault | None:
    return _changed(sites, rng, rng.choice(("Invented/1", "Pateint/1")), "reference-unknown-type")


def not_contained(sites: Sites, rng: Random) -> Fault | None:
    return _changed(sites, rng, "#nowhere", "reference-contained")


def form(sites: Sites, rng: Random) -> Fault | None:
    return _changed(sites, rng, rng.choice(("Patient/a b", " Patient/1")), "reference-form")


def type_differs(sites: Sites, rng: Random) -> Fault | None:
    found = [item for item in _references(sites) if str(item.content["reference"]).count("/") == 1]
    item = chosen(rng, found)
    if item is None:
        return None
    type_ = str(item.content["reference"]).partition("/")[0]
    others = [other for other in _allowed(sites, item) or _SOME if other != type_]
    if not others:
        return None
    item.content["type"] = rng.choice(sorted(others))
    return sites.fault("reference-type-differs", item.place.expression)


def orphan(sites: Sites, rng: Random) -> Fault | None:
    sites.resource["contained"] = [
        *sites.resource.get("contained", ()),
        {"resourceType": "Medication", "id": "nobody", "status": "active"},
    ]
    return sites.fault(
        "contained-orphan", f"{sites.resource['resourceType']}.contained[{len(sites.resource['contained']) - 1}]"
    )


def contained_without_id(sites: Sites, rng: Random) -> Fault | None:
    sites.resource["contained"] = [
        *sites.resource.get("contained", ()),
        {"resourceType": "Medication", "status": "active"},
    ]
    return sites.fault(
        "contained-id", f"{sites.resource['resourceType']}.contained[{len(sites.resource['contained']) - 1}]"
    )


def _changed(sites: Sites, rng: Random, reference: str, rule: str) -> Fault | None:
    item = chosen(rng, _references(sites))
    if item is None:
        return None
    item.content["reference"] = reference
    return sites.fault(rule, f"{item.place.expression}.reference")


def _references(sites: Sites) -> list[Item]:
    """The references that lead elsewhere by their text alone."""
    return [
        item
        for item in sites.objects()
        if item.expected.type == "Reference" and is_free(item) and "type" not in item.content
        and "_reference" not in item.content and not str(item.content.get("reference", "#")).startswith("#")
    ]  # fmt: skip


def _allowed(sites: Sites, item: Item) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for _, entry in item.expected.type_entries:
        types = allowed_types(entry, sites.generator.definitions)
        if types is not None:
            found = found & types or types
    return found


KINDS: dict[str, Maker] = {
    "reference to another type": wrong_target,
    "reference to no type": unknown_type,
    "reference to nothing contained": not_contained,
    "malformed reference": form,
    "reference that says another type": type_differs,
    "contained for nothing": orphan,
    "contained without id": contained_without_id,
}
