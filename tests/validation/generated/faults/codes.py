"""Faults of codes: none, one that its system doesn't have, one of another system, one outside of the value set."""

from random import Random

from fhir_iop.definitions import Membership
from fhir_iop.validation.codes import codes_in, grammar_of, membership
from fhir_iop.validation.item import Item
from tests.validation.generated.faults.fault import Fault, Maker, Sites, chosen, is_settled, replace

GENDER = "http://hl7.org/fhir/administrative-gender"
NULL = "http://terminology.hl7.org/CodeSystem/v3-NullFlavor"
# Real codes that hardly any value set has.
_ELSEWHERE = ((GENDER, "male"), (NULL, "UNK"), ("http://terminology.hl7.org/CodeSystem/v3-RoleCode", "COUSN"))


def wrong_code(sites: Sites, rng: Random) -> Fault | None:
    found = [item for item in sites.items if item.expected.type == "code" and item.value and _required(sites, item)]
    item = chosen(rng, [item for item in found if _stands_alone(item)])
    if item is None:
        return None
    replace(item, rng.choice(("invented", "Final", "X")))
    return sites.fault("binding-required", item.place.expression)


def wrong_concept(sites: Sites, rng: Random) -> Fault | None:
    """Put a real code of another system where a value set is required."""
    found = [item for item in sites.objects() if _required(sites, item) and _stands_alone(item)]
    item = chosen(rng, [item for item in found if item.expected.type in {"Coding", "CodeableConcept"}])
    if item is None:
        return None
    system, code = rng.choice(_ELSEWHERE)
    definitions = sites.generator.definitions
    sets = [bound.value_set for bound in item.expected.bindings if bound.strength == "required"]
    if any(membership(definitions, value_set, system, code) is not Membership.NOT_MEMBER for value_set in sets):
        return None
    coding = {"system": system, "code": code}
    replace(item, {"coding": [coding]} if item.expected.type == "CodeableConcept" else coding)
    return sites.fault("binding-required", item.place.expression)


def no_code(sites: Sites, rng: Random) -> Fault | None:
    found = [item for item in sites.objects() if item.expected.type == "CodeableConcept" and _stands_alone(item)]
    item = chosen(rng, [item for item in found if any(one.strength == "required" for one in item.expected.bindings)])
    if item is None:
        return None
    replace(item, {"text": "In words alone"})
    return sites.fault("binding-no-code", item.place.expression)


def unknown_code(sites: Sites, rng: Random) -> Fault | None:
    """Use a code that its system, which is all at hand, doesn't have."""
    found = [
        item
        for item in sites.objects()
        if item.expected.type == "Coding" and _stands_alone(item) and item.up is not None and _stands_alone(item.up)
        and isinstance(item.content.get("system"), str) and "code" in item.content
    ]  # fmt: skip
    item = chosen(rng, found)
    if item is None or len(codes_in(item.up.value, item.up.expected.type)) > 1:
        return None
    system = sites.generator.definitions.code_system(item.content["system"])
    if system is None or system.content != "complete":
        return None
    item.content["code"] = "invented-code"
    item.content.pop("display", None)
    return sites.fault("code-unknown", f"{item.place.expression}.code")


def _required(sites: Sites, item: Item) -> bool:
    """Whether a value set is required of which everything is known."""
    definitions = sites.generator.definitions
    required = [one.value_set for one in item.expected.bindings if one.strength == "required"]
    return bool(required) and all(
        grammar_of(value_set) is None and definitions.expansion(value_set).is_exact for value_set in required
    )


def _stands_alone(item: Item) -> bool:
    """Whether a code may change without changing what something else is."""
    at: Item | None = item
    while at is not None:
        if any(at.chosen.values()) or is_settled(at.expected) or (at is not item and at.expected.type == "Extension"):
            return False
        at = at.up
    return item.up is not None


KINDS: dict[str, Maker] = {
    "code outside of the value set": wrong_code,
    "concept outside of the value set": wrong_concept,
    "no code": no_code,
    "unknown code": unknown_code,
}
