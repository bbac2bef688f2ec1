"""What a profile of the guide asks for is missed where an example lacks it or has something else.

From each valid example, one after the other, what its profile asks for beyond the profile's base is taken away (`min`),
put there (`max` 0), or given another code (pattern, required binding): each time an error must say so.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any, NamedTuple

import pytest

from fhir_iop.validation import Validator
from tests.guide.conftest import resources, with_name
from tests.guide.test_examples import VALID, read

PROFILES = {each["id"]: each for each in with_name("StructureDefinition").values() if each["type"] != "Extension"}
EXAMPLES = [*map(read, VALID), *(each for each in resources() if each["resourceType"] == "Questionnaire")]
OTHER = "no-such-code"
LEFT = {"url": "https://example.org/unheard-of", "valueBoolean": True}
TOLD_BY = {
    "missing": {"min", "slice-min"},
    "there": {"max"},
    "another": {"pattern", "binding-required", "code-unknown"},
}


class Asked(NamedTuple):
    """An element of a profile and what of it is tried on the examples that claim the profile."""

    profile: str
    element: dict[str, Any]
    what: str


def asked() -> Iterator[Any]:
    for name, profile in PROFILES.items():
        for element in profile["differential"]["element"]:
            coded = element.keys() & {"patternCodeableConcept", "patternCode", "patternCoding"}
            bound = element.get("binding", {}).get("strength") == "required"
            # What tells a slice may be another: it is of no slice then.
            telling = re.search(r":[^.]*(\.code)?$", element["id"])
            whats = [
                *(["missing"] if element.get("min", 0) > 0 else []),
                *(["there"] if element.get("max") == "0" else []),
                *(["another"] if (coded or bound) and not telling else []),
            ]
            if "." in element["id"]:
                for what in whats:
                    yield pytest.param(Asked(name, element, what), id=f"{name}-{element['id']}-{what}")


def held(profile: dict[str, Any], holder: Any, step: str, path: str) -> Iterator[tuple[Any, Any, Any]]:
    """Go through what ``holder`` has of one step of an element's id, as (container, key, value)."""
    name, _, slice_ = step.partition(":")
    for key in [*holder] if isinstance(holder, dict) else ():
        if key == name or (name.endswith("[x]") and re.fullmatch(rf"{name[:-3]}[A-Z]\w*", key)):
            inside = [(holder, key, holder[key])]
            if isinstance(holder[key], list):
                inside = [(holder[key], place, each) for place, each in enumerate(holder[key])]
            yield from (each for each in inside if not slice_ or is_of(profile, each[2], path))


def is_of(profile: dict[str, Any], value: Any, path: str) -> bool:
    """Whether ``value`` is of the slice at ``path``: by its extension's url, its own pattern or that of its code."""
    said = [each for base in lineage(profile) for each in base["differential"]["element"]]
    if "extension" in path.rpartition(".")[2]:
        urls = {
            url for each in said if each["id"] == path for type_ in each.get("type", ()) for url in type_["profile"]
        }
        return value["url"] in urls
    own = [each["patternCodeableConcept"] for each in said if each["id"] == path and "patternCodeableConcept" in each]
    of_code = [each["patternCodeableConcept"] for each in said if each["id"] == f"{path}.code"]
    asked, there = (own[0], value) if own else (of_code[0], value["code"])
    return all(any(one.items() <= each.items() for each in there.get("coding", ())) for one in asked["coding"])


def lineage(profile: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give a profile, and those of the guide that it derives from."""
    yield profile
    for base in PROFILES.values():
        if base["url"] == profile["baseDefinition"]:
            yield from lineage(base)


def found(profile: dict[str, Any], resource: dict[str, Any], identifier: str) -> list[tuple[Any, Any, Any]]:
    """Return the places of an element in a resource, and its holders where it isn't there: (holder, None, None)."""
    holders: list[tuple[Any, Any, Any]] = [(None, None, resource)]
    steps = identifier.split(".")
    for depth in range(1, len(steps)):
        path = ".".join(steps[: depth + 1])
        within = [value for _, _, value in holders]
        holders = [each for value in within for each in held(profile, value, steps[depth], path)]
        if depth == len(steps) - 1 and not holders:
            return [(value, None, None) for value in within]
    return holders


def changed(asked: Asked, resource: dict[str, Any]) -> dict[str, Any] | None:
    """Return the example changed so that it lacks what is asked; None where it has nothing that could be changed."""
    copy = deepcopy(resource)
    places = found(PROFILES[asked.profile], copy, asked.element["id"])
    name = asked.element["id"].rpartition(".")[2].partition(":")[0]
    if asked.what == "there":
        for holder, _, _ in places:
            holder[name.replace("[x]", "String")] = "something" if name.endswith("[x]") else {"id": "something"}
        return copy if places else None
    places = [each for each in places if each[1] is not None]
    for container, key, value in reversed(places):
        if asked.what == "missing":
            del container[key]
            if container == {}:
                container["extension"] = [LEFT]  # nothing at all would be another fault
        elif isinstance(value, str):
            container[key] = OTHER
        else:
            for coding in value.get("coding", [value]):
                coding["code"] = OTHER
    return pruned(copy) if places else None


def pruned(value: Any) -> Any:
    """Return ``value`` without lists that hold nothing, which say it otherwise than FHIR does."""
    if isinstance(value, dict):
        return {key: pruned(each) for key, each in value.items() if each != []}
    return [pruned(each) for each in value] if isinstance(value, list) else value


@pytest.mark.parametrize("asked", list(asked()))
def test_what_is_asked_for_is_missed(validator: Validator, asked: Asked) -> None:
    url = PROFILES[asked.profile]["url"]
    claiming = [each for each in EXAMPLES if url in each.get("meta", {}).get("profile", ())]
    tried = [each for each in (changed(asked, example) for example in claiming) if each is not None]
    assert tried, "no example has it, or what it would lie in"
    for example in tried:
        told = {each.rule for each in validator.validate(example) if each.is_error}
        assert told & TOLD_BY[asked.what], example["id"]
