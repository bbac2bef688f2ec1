"""Faults of content: fixed values and patterns broken, sizes and hashes and addresses that aren't what they say."""

from random import Random
from typing import Any

from fhir_iop.validation.item import Item
from tests.validation.generated.faults.fault import Fault, Maker, Sites, chosen, is_free, is_told_apart, replace


def fixed(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, [item for item in sites.items if _is_fixed(item) and _is_no_criterion(item)])
    if item is None:
        return None
    replace(item, _other(item.value))
    return sites.fault("fixed", item.place.expression)


def fixed_extended(sites: Sites, rng: Random) -> Fault | None:
    found = [item for item in sites.items if _is_fixed(item) and item.sibling is None and item.place.index is None]
    item = chosen(rng, [item for item in found if item.place.key != "url"])
    if item is None:
        return None
    item.up.content["_" + item.place.key] = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/originalText", "valueString": "x"}]
    }
    return sites.fault("fixed-bare", item.place.expression)


def pattern(sites: Sites, rng: Random) -> Fault | None:
    found = [
        item
        for item in sites.items
        if item.up is not None and any(view.element.pattern is not None for view in item.expected.views)
        and not item.expected.bindings and _is_no_criterion(item)
    ]  # fmt: skip
    item = chosen(rng, found)
    if item is None:
        return None
    replace(item, {"text": "something else"} if item.expected.type == "CodeableConcept" else _other(item.value))
    return sites.fault("pattern", item.place.expression)


def size(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, [item for item in sites.objects() if _has_data(item)])
    if item is None:
        return None
    item.content["size"] = 4711
    return sites.fault("attachment-size", f"{item.place.expression}.size")


def hash_(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(rng, [item for item in sites.objects() if _has_data(item)])
    if item is None:
        return None
    item.content["hash"] = "SGVsbG8="
    return sites.fault("attachment-hash", f"{item.place.expression}.hash")


def identifier(sites: Sites, rng: Random) -> Fault | None:
    found = [
        item for item in sites.objects()
        if item.expected.type == "Identifier" and {"system", "value"} <= item.content.keys() and is_free(item)
    ]  # fmt: skip
    item = chosen(rng, found)
    if item is None:
        return None
    item.content |= {"system": "urn:ietf:rfc:3986", "value": "12345"}
    return sites.fault("identifier-uri", f"{item.place.expression}.value")


def canonical(sites: Sites, rng: Random) -> Fault | None:
    item = chosen(
        rng, [item for item in sites.primitives() if item.expected.type == "canonical" and item.place.key != "profile"]
    )
    if item is None:
        return None
    replace(item, "definitions/12")
    return sites.fault("canonical-relative", item.place.expression)


def _is_fixed(item: Item) -> bool:
    own = any(view.element.fixed is not None for view in item.expected.views)
    return own and item.up is not None and item.expected.is_primitive and item.place.key != "url"


def _is_no_criterion(item: Item) -> bool:
    """Whether no slice is told by what stands here, and no binding holds the value to something else."""
    at: Item | None = item
    while at is not None:
        is_bound = any(bound.strength in {"required", "maximum"} for bound in at.expected.bindings)
        if is_told_apart(at) or is_bound:
            return False
        at = at.up
    return True


def _other(value: Any) -> Any:
    return {str: "another", bool: not value}.get(type(value), {"text": "another"} if isinstance(value, dict) else 4711)


def _has_data(item: Item) -> bool:
    return item.expected.type == "Attachment" and "data" in item.content and is_free(item)


KINDS: dict[str, Maker] = {
    "fixed value changed": fixed,
    "fixed value extended": fixed_extended,
    "pattern broken": pattern,
    "wrong size": size,
    "wrong hash": hash_,
    "identifier that is no URI": identifier,
    "relative canonical": canonical,
}
