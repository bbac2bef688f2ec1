"""Defects of form: JSON, empty values, names, primitives, and how often an element and a choice occur."""

from collections.abc import Iterator
from typing import Any

from tests.validation.seeded.seed import Example, Seed, add, at, both, drop, give, mark, put
from tests.validation.seeded.spots import Spot

WRONG_JSON: dict[str, Any] = {
    "boolean": "true",
    "decimal": "1.0",
    "integer": 1.5,
    "positiveInt": "1",
    "unsignedInt": "1",
}
BAD: dict[str, Any] = {
    "base64Binary": "%%%",
    "canonical": "http://example.org/has white space",
    "code": " padded",
    "date": "2024-02-30",
    "dateTime": "2024-13-01",
    "id": "under_score",
    "instant": "2024-01-01",
    "integer": 2**31,
    "markdown": "bell\x07",
    "positiveInt": 0,
    "string": "bell\x07",
    "time": "24:00:00",
    "unsignedInt": -1,
    "uri": "has white space",
    "url": "has white space",
}
TEXTS = {"string", "markdown"}
UNTOUCHED = {"meta", "resourceType", "div"}  # with rules of their own


def is_primitive(spot: Spot) -> bool:
    return spot.type[0].islower()


def plain(example: Example) -> Iterator[Spot]:
    """Values in which nothing tells a slice: a defect there has no other consequence."""
    return (spot for spot in example.spots if not spot.sliced and UNTOUCHED.isdisjoint(spot.path))


def other_json_type(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        wrong = WRONG_JSON.get(spot.type, 7) if is_primitive(spot) else "text"
        yield Seed("json-type", spot.place, put(spot.path, wrong), mark(spot.path))


def bare_value_for_an_array(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        if spot.path[-1] == 0:
            yield Seed("json-array", spot.property_place, put(spot.property_path, spot.value), mark(spot.path))


def array_for_a_bare_value(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        if not spot.is_list:
            yield Seed("json-type", spot.place, put(spot.path, [spot.value]), mark(spot.path))


def null(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        if not spot.is_list:
            yield Seed("json-null", spot.place, put(spot.path, None), mark(spot.path))
        elif spot.path[-1] == 0:
            length = len(at(example.resource, spot.property_path))
            place = f"{spot.property_place}[{length}]"
            yield Seed("json-null", place, add(spot.property_path, None), mark(spot.path))


def arrays_that_dont_pair(example: Example) -> Iterator[Seed]:
    if example.type in {"CarePlan", "MedicationRequest"}:
        uris = put(("instantiatesUri",), ["https://example.org/protocol", "https://example.org/other"])
        yield Seed(
            "json-pairs",
            f"{example.type}.instantiatesUri",
            both(uris, put(("_instantiatesUri",), [{"id": "a"}])),
            both(uris, put(("_instantiatesUri",), [{"id": "a"}, None])),
        )


def empty_value(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        if is_primitive(spot):
            if isinstance(spot.value, str) and not spot.value.startswith("#"):
                yield Seed("empty", spot.place, put(spot.path, ""), mark(spot.path))
        else:
            yield Seed("empty", spot.place, put(spot.path, {}), mark(spot.path))
            yield Seed("empty", spot.place, put(spot.path, {"id": "only"}), mark(spot.path))


def empty_array(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        if spot.path[-1] == 0:
            yield Seed("empty", spot.property_place, put(spot.property_path, []), mark(spot.path))


def bad_primitive(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        if spot.type in BAD:
            yield Seed("primitive-format", spot.place, put(spot.path, BAD[spot.type]), mark(spot.path))


def blank_text(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        if spot.type in TEXTS and spot.key not in {"reference", "linkId"}:  # which other rules read
            yield Seed("text-blank", spot.place, put(spot.path, " \t"), mark(spot.path))


def unknown_element(example: Example) -> Iterator[Seed]:
    yield Seed(
        "unknown-element", f"{example.type}.statsu", give((), statsu="final"), give((), implicitRules="https://a.test")
    )
    for spot in plain(example):
        if not is_primitive(spot):
            yield Seed("unknown-element", f"{spot.place}.statsu", give(spot.path, statsu="final"), mark(spot.path))


def sibling_of_an_object(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        if not is_primitive(spot) and not spot.is_list:
            broken = put((*spot.holder, f"_{spot.key}"), {"id": "seeded"})
            yield Seed("unknown-element", spot.place, broken, mark(spot.path))


def missing_element(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        is_alone = len(at(example.resource, spot.holder)) == 1  # without it nothing would be there
        if spot.min > 0 and spot.path[-1] in {0, spot.key} and not is_alone:
            yield Seed("min", spot.holder_place, drop(spot.property_path), mark(spot.path))


def forbidden_element(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        profiles = {profile for element in spot.elements for entry in element.types for profile in entry.profiles}
        if any("SimpleQuantity" in profile for profile in profiles):
            place = f"{spot.place}.comparator"
            yield Seed("max", place, give(spot.path, comparator="<"), mark(spot.path))


RXNORM = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "310325"}]}
# An element that is a choice, and another type for it that every profile at hand allows.
OTHERS = {
    "effectiveDateTime": {"effectivePeriod": {"start": "2024-03-04"}},
    "effectivePeriod": {"effectiveDateTime": "2024-03-04"},
    "medicationCodeableConcept": {"medicationReference": {"reference": "Medication/seeded"}},
    "medicationReference": {"medicationCodeableConcept": RXNORM},
    "reportedBoolean": {"reportedReference": {"reference": "Patient/seeded"}},
    "reportedReference": {"reportedBoolean": True},
    "valueString": {"valueCodeableConcept": {"text": "A finding"}},
    "valueQuantity": {"valueCodeableConcept": {"text": "A finding"}},
    "valueCodeableConcept": {"valueString": "A finding"},
    "valueCoding": {"valueString": "An answer"},
    "valueDecimal": {"valueString": "An answer"},
    "doseQuantity": {"doseRange": {"low": {"value": 1}}},
}


def second_choice(example: Example) -> Iterator[Seed]:
    for spot in plain(example):
        other = OTHERS.get(spot.key)
        if other:
            place = spot.place.rpartition(".ofType(")[0]
            yield Seed("choice-twice", place, give(spot.holder, **other), mark(spot.path))


KINDS = (
    other_json_type,
    bare_value_for_an_array,
    array_for_a_bare_value,
    null,
    arrays_that_dont_pair,
    empty_value,
    empty_array,
    bad_primitive,
    blank_text,
    unknown_element,
    sibling_of_an_object,
    missing_element,
    forbidden_element,
    second_choice,
)
