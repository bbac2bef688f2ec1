"""Defects against profiles: slices, types, fixed values and patterns, limits; some by profiles made to be broken."""

from collections.abc import Iterator
from typing import Any

from fhir_iop.definitions.package import Package
from fhir_iop.definitions.packages import package_of
from fhir_iop.definitions.schema import Element, Structure
from tests.validation.seeded.seed import Example, Seed, add, both, drop, give, mark, put

BASE = "https://example.org/fhir/StructureDefinition/"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
LOINC = "http://loinc.org"
QUANTITY = "Observation.value.ofType(Quantity)"
PRESSURE = "us-core-blood-pressure"
OTHER_CODE = {"coding": [{"system": LOINC, "code": "72166-2"}]}
PULSE = {
    "code": {"coding": [{"system": LOINC, "code": "8867-4"}]},
    "valueQuantity": {"value": 60, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"},
}


# --- slices -----------------------------------------------------------------------------------------------------


def slices(example: Example) -> Iterator[tuple[Element, list[int]]]:
    """The slices of the example's root elements that must occur, with the positions of what lies in them."""
    told = set()
    for structure in example.structures[1:]:
        for element in structure.children[example.type]:
            values = example.resource.get(element.name)
            if element.slice_name and element.min > 0 and isinstance(values, list):
                inside = [index for index, value in enumerate(values) if is_in(structure, element, value)]
                if (element.name, *inside) not in told:
                    told.add((element.name, *inside))
                    yield element, inside


def is_in(structure: Structure, element: Element, value: Any) -> bool:
    """Whether a value has all that a slice's definition fixes, directly or further inside."""
    if element.fixed is not None:
        return bool(value == element.fixed[1])
    if element.pattern is not None:
        return has(value, element.pattern[1])
    fixing = [child for child in structure.children.get(element.id, ()) if child.min > 0 and not child.slice_name]
    parts = [(child, value.get(child.name)) for child in fixing if isinstance(value, dict) and child.name != "value[x]"]
    return all(
        any(is_in(structure, child, one) for one in (inner if isinstance(inner, list) else [inner]))
        for child, inner in parts
    )


def has(value: Any, pattern: Any) -> bool:
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(has(value.get(name), inner) for name, inner in pattern.items())
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(has(one, inner) for one in value) for inner in pattern)
    return bool(value == pattern)


def missing_slice(example: Example) -> Iterator[Seed]:
    for element, (index, *others) in slices(example):
        if not others:
            path = (element.name, index)
            yield Seed("slice-min", example.type, drop(path), mark(path))


def member_of_another_slice(example: Example) -> Iterator[Seed]:
    for element, (index, *others) in slices(example):
        if element.name == "category" and not others:
            path = (element.name, index)
            yield Seed("slice-min", example.type, put(path, {"text": "Something else"}), give(path, text="The same"))


def slice_too_often(example: Example) -> Iterator[Seed]:
    for element, (index, *_) in slices(example):
        if element.max == 1:
            values = example.resource[element.name]
            place = f"{example.type}.{element.name}[{len(values)}]"
            other = {"text": "Another"} if element.name == "category" else PULSE
            yield Seed("slice-max", place, add((element.name,), values[index]), add((element.name,), other))


def two_wrong_slices(example: Example) -> Iterator[Seed]:
    """The first doesn't hide the second."""
    if example.claims(PRESSURE) and len(example.resource["component"]) == 2:
        yield Seed(
            "slice-min",
            example.type,
            put(("component",), [PULSE, PULSE]),
            both(mark(("component", 0)), mark(("component", 1))),
            more=(("slice-min", example.type),),
        )


def missing_inside_a_slice(example: Example) -> Iterator[Seed]:
    if example.claims(PRESSURE):
        for index, name in ((0, "unit"), (1, "value"), (1, "system"), (0, "code")):
            path = ("component", index, "valueQuantity")
            place = f"Observation.component[{index}].value.ofType(Quantity)"
            yield Seed("min", place, drop((*path, name)), mark(path))
    elif example.has("valueQuantity") and len(example.structures) > 2:  # R4's own profile of a vital sign
        yield Seed("min", QUANTITY, drop(("valueQuantity", "unit")), mark(("valueQuantity",)))


# --- what a profile narrows ---------------------------------------------------------------------------------------


def excluded_type(example: Example) -> Iterator[Seed]:
    if example.claims(PRESSURE):
        path = ("component", 0)
        broken = both(drop((*path, "valueQuantity")), give(path, valueString="high"))
        yield Seed("type-not-allowed", "Observation.component[0].value.ofType(string)", broken, mark(path))
    for spot in example.spots:
        if spot.key == "effectiveDateTime" and all(
            {entry.code for entry in element.types} == {"dateTime", "Period"} for element in spot.elements[1:]
        ):
            broken = both(drop(spot.path), give((), effectiveInstant="2024-03-04T05:06:07Z"))
            control = both(drop(spot.path), give((), effectivePeriod={"start": "2024-03-04"}))
            yield Seed("type-not-allowed", "Observation.effective.ofType(instant)", broken, control)


def other_than_fixed(example: Example) -> Iterator[Seed]:
    def broken(structure: Structure, id_: str, path: tuple[str | int, ...], place: str) -> Iterator[Seed]:
        for element in structure.children.get(id_, ()):
            if element.fixed and element.name in {"code", "system"}:
                wrong = "x" if element.name == "code" else "https://example.org/units"
                yield Seed("fixed", f"{place}.{element.name}", put((*path, element.name), wrong), mark(path))

    for structure in example.structures[1:]:
        if "valueQuantity" in example.resource:
            for id_ in ("Observation.value[x]", "Observation.value[x]:valueQuantity"):
                yield from broken(structure, id_, ("valueQuantity",), QUANTITY)
        if example.claims(PRESSURE):
            path = ("component", 0, "valueQuantity")
            place = "Observation.component[0].value.ofType(Quantity)"
            yield from broken(structure, "Observation.component:systolic.value[x]", path, place)


def other_than_pattern(example: Example) -> Iterator[Seed]:
    for spot in example.spots:
        patterns = [element.pattern for element in spot.elements if element.pattern]
        if spot.key == "code" and patterns and len(spot.path) == 1:
            yield Seed("pattern", spot.place, put(spot.path, OTHER_CODE), give(spot.path, text="The same"))


# --- profiles made to be broken -----------------------------------------------------------------------------------


def made(version: str) -> Package:
    """Return profiles on US Core's that use what US Core doesn't: other slicings, limits of values."""

    def profile(name: str, base: str, *elements: dict[str, Any]) -> dict[str, Any]:
        return {
            "resourceType": "StructureDefinition",
            "url": BASE + name,
            "version": "1",
            "name": name,
            "status": "draft",
            "kind": "resource",
            "abstract": False,
            "type": "Observation",
            "baseDefinition": f"{US_CORE}{base}|{version}",
            "derivation": "constraint",
            "differential": {"element": [{"id": one["path"]} | one for one in elements]},
        }

    def slicing(**how: Any) -> dict[str, Any]:
        by = [{"type": "pattern", "path": "code"}]
        return {"path": "Observation.component", "slicing": {"discriminator": by} | how}

    return package_of(
        [
            profile("closed", PRESSURE, slicing(rules="closed")),
            profile("ordered", PRESSURE, slicing(rules="open", ordered=True)),
            profile("at-end", PRESSURE, slicing(rules="openAtEnd")),
            profile("short", "us-core-simple-observation", {"path": "Observation.code.text", "maxLength": 5}),
            profile(
                "limited",
                "us-core-simple-observation",
                {
                    "path": "Observation.value[x]",
                    "type": [{"code": "integer"}],
                    "minValueInteger": 1,
                    "maxValueInteger": 9,
                },
            ),
        ],
        "seeded",
        version,
    )


def claim(name: str) -> Any:
    return give(("meta",), profile=[BASE + name])


def closed_or_ordered(example: Example) -> Iterator[Seed]:
    if not example.claims(PRESSURE) or len(example.resource["component"]) != 2:
        return
    first, second = example.resource["component"]
    for name, rule, index, components in (
        ("closed", "slice-closed", 1, [first, PULSE, second]),
        ("ordered", "slice-order", 1, [second, first]),
        ("at-end", "slice-end", 0, [PULSE, first, second]),
    ):
        place = f"Observation.component[{index}]"
        yield Seed(rule, place, both(claim(name), put(("component",), components)), claim(name))


def beyond_limits(example: Example) -> Iterator[Seed]:
    if not any(structure.url == US_CORE + "us-core-simple-observation" for structure in example.structures):
        return
    short = both(claim("short"), give(("code",), text="short"))
    yield Seed("max-length", "Observation.code.text", both(short, give(("code",), text="longer")), short)
    keys = [key for key in example.resource if key.startswith("value")]
    bare = both(claim("limited"), *(drop((key,)) for key in keys))
    place = "Observation.value.ofType(integer)"
    for rule, value in (("value-below", 0), ("value-above", 10)):
        yield Seed(rule, place, both(bare, give((), valueInteger=value)), both(bare, give((), valueInteger=5)))


KINDS = (
    missing_slice,
    member_of_another_slice,
    slice_too_often,
    two_wrong_slices,
    missing_inside_a_slice,
    excluded_type,
    other_than_fixed,
    other_than_pattern,
    closed_or_ordered,
    beyond_limits,
)
