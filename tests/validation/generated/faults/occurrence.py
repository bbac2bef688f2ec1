"""Faults of occurrence: too few, too many, a choice made twice or wrongly, slices too few, too many or unknown."""

from copy import deepcopy
from random import Random
from typing import Any

from fhir_iop.validation.expected import Member
from fhir_iop.validation.item import Item
from tests.validation.generated.faults.fault import Fault, Maker, Sites, chosen, fresh, is_free, is_settled, remove
from tests.validation.generated.plan import Slot, flat
from tests.validation.generated.sliced import views_of


def missing(sites: Sites, rng: Random) -> Fault | None:
    found = [
        (item, member)
        for item in sites.objects()
        for member, children in item.children.items()
        if children and len(item.content) > 1 + item.expected.is_resource and _is_needed(item, member)
    ]
    site = chosen(rng, found)
    if site is None:
        return None
    item, member = site
    remove(item, member)
    return sites.fault("min", item.place.expression)


def too_many(sites: Sites, rng: Random) -> Fault | None:
    found = [
        (item, member, children, min(view.element.max for view in member.views if view.element.max))
        for item in sites.objects()
        for member, children in item.children.items()
        if member.is_list and not member.slicings and any(view.element.max for view in member.views)
    ]
    site = chosen(rng, found)
    if site is None:
        return None
    item, member, children, most = site
    values = item.content[children[0].place.key]
    item.content.pop("_" + children[0].place.key, None)
    while len(values) <= most:
        values.append(without_ids(values[0]))
    return sites.fault("max", f"{item.place.expression}.{member.step}[{most}]")


def excluded(sites: Sites, rng: Random) -> Fault | None:
    """Put in an element that a profile takes out."""
    found = [
        (item, member)
        for item in sites.objects()
        if not is_settled(item.expected)
        for member in item.expected.members.values()
        if any(view.element.max == 0 for view in member.views) and member not in item.children
        and len(member.variants) == 1 and not member.slicings
    ]  # fmt: skip
    site = chosen(rng, found)
    if site is None:
        return None
    item, member = site
    name, type_ = next(iter(member.variants.items()))
    value = sites.generator.value(member.expected(type_), 4, fresh(rng))
    item.content[name] = [value] if member.is_list else value
    return sites.fault("max", f"{item.place.expression}.{member.step}" + ("[0]" if member.is_list else ""))


def choice_twice(sites: Sites, rng: Random) -> Fault | None:
    found = [
        (item, member, children[0])
        for item in sites.objects()
        for member, children in item.children.items()
        if len(member.variants) > 1 and not member.slicings and item.expected.type != "Extension"
    ]
    site = chosen(rng, found)
    if site is None:
        return None
    item, member, child = site
    slot = sites.generator.plan(item.expected).by_name[child.place.key]
    others = [form for form in slot.forms if form[0] != child.place.key and form[1] != "Reference"]
    if not others:
        return None
    name, type_ = rng.choice(others)
    item.content[name] = sites.generator.value(member.expected(type_), 4, fresh(rng))
    return sites.fault("choice-twice", f"{item.place.expression}.{member.step}")


def wrong_choice(sites: Sites, rng: Random) -> Fault | None:
    """Choose a type that a profile doesn't allow."""
    found = [
        (item, member)
        for item in sites.objects()
        for member in item.children
        if len(member.variants) > 1 and not member.slicings
    ]
    site = chosen(rng, found)
    if site is None:
        return None
    item, member = site
    slot = next(slot for slot in sites.generator.plan(item.expected).slots if slot.member is member)
    others = [form for form in member.variants.items() if form not in slot.forms and form[1] != "Reference"]
    if not others:
        return None
    name, type_ = rng.choice(others)
    base = sites.generator.expectations.expected(type_, ())
    value = sites.generator.value(base, 4, fresh(rng))
    remove(item, member)
    item.content[name] = value
    return sites.fault("type-not-allowed", f"{item.place.expression}.{member.step}.ofType({type_})")


def slice_missing(sites: Sites, rng: Random) -> Fault | None:
    """Put something that lies in no slice where a slice's only member stood."""
    site = chosen(rng, [found for found in _sliced(sites) if found[3].element.min == 1])
    if site is None:
        return None
    item, slot, inside, _ = site
    if len(inside) != 1:
        return None
    child = inside[0]
    other = _outside(sites, slot, child.expected.type, rng)
    if other is None or any(slicing.rules != "open" for slicing in slot.slicings):
        return None
    values = item.content[child.place.key]
    values[child.place.index] = other
    return sites.fault("slice-min", item.place.expression)


def slice_twice(sites: Sites, rng: Random) -> Fault | None:
    site = chosen(rng, [found for found in _sliced(sites) if found[3].element.max == len(found[2]) > 0])
    if site is None:
        return None
    item, slot, inside, _ = site
    values = item.content[inside[0].place.key]
    if len(values) + 1 > slot.high or any(slicing.ordered for slicing in slot.slicings):
        return None
    if "_" + inside[0].place.key in item.content or sum(bool(any(child.chosen.values())) for child in inside) != len(
        inside
    ):
        return None
    values.append(without_ids(inside[0].value))
    return sites.fault("slice-max", f"{item.place.expression}.{slot.name}[{len(values) - 1}]")


def _sliced(sites: Sites) -> list[tuple[Item, Slot, list[Item], Any]]:
    """List (object, sliced element, its members in one slice, the slice's view) where one slicing alone has its say."""
    found = []
    for item in sites.objects():
        if any(any(at.chosen.values()) for at in _around(item)):
            continue
        for member, children in item.children.items():
            if len(member.slicings) != 1 or not member.is_list or member.name in {"extension", "modifierExtension"}:
                continue
            slot = next(slot for slot in sites.generator.plan(item.expected).slots if slot.member is member)
            for slice_ in flat(member.slicings[0]):
                inside = [child for child in children if slice_ in child.chosen.get(member.slicings[0], ())]
                if inside:
                    found.append((item, slot, inside, slice_.view))
    return found


def _around(item: Item) -> list[Item]:
    return [item, *(_around(item.up) if item.up is not None else ())]


def _outside(sites: Sites, slot: Slot, type_: str, rng: Random) -> Any:
    for _ in range(8):
        value = sites.generator.value(slot.member.expected(type_), 4, fresh(rng))
        if not views_of(slot, type_, value, sites.generator.outside):
            return value
    return None


def _is_needed(item: Item, member: Member) -> bool:
    """Whether an element must be there, and nothing else depends on it."""
    children = item.children[member]
    if not any(view.element.min for view in member.views) or any(any(child.chosen.values()) for child in children):
        return False
    if item.up is not None and not is_free(item):
        return False
    return not is_settled(item.expected) and item.expected.type not in {"Extension", "Coding", "CodeableConcept"}


def without_ids(value: Any) -> Any:
    """Return a copy in which no element has an id."""
    if isinstance(value, list):
        return [without_ids(inner) for inner in value]
    if not isinstance(value, dict):
        return deepcopy(value)
    return {name: without_ids(inner) for name, inner in value.items() if name != "id"}


KINDS: dict[str, Maker] = {
    "missing": missing,
    "too many": too_many,
    "excluded": excluded,
    "choice made twice": choice_twice,
    "type not allowed": wrong_choice,
    "slice missing": slice_missing,
    "slice too often": slice_twice,
}
