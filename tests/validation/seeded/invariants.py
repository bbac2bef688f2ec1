"""Defects against invariants: of the types, of the data types in them, and of US Core."""

from collections.abc import Iterator
from typing import Any

from tests.validation.seeded.content import ABSENT, coded
from tests.validation.seeded.seed import Edit, Example, Seed, both, drop, give, put

LOINC = "http://loinc.org"
UNKNOWN = coded("http://terminology.hl7.org/CodeSystem/data-absent-reason", "unknown")

# Of a dosage's `timing.repeat`: what breaks each invariant, and what keeps it.
REPEATS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "tim-1": ({"duration": 1}, {"duration": 1, "durationUnit": "h"}),
    "tim-2": ({"period": 1}, {"period": 1, "periodUnit": "d"}),
    "tim-4": ({"duration": -1, "durationUnit": "h"}, {"duration": 0, "durationUnit": "h"}),
    "tim-5": ({"period": -1, "periodUnit": "d"}, {"period": 0, "periodUnit": "d"}),
    "tim-6": ({"periodMax": 2}, {"period": 1, "periodMax": 2, "periodUnit": "d"}),
    "tim-7": ({"durationMax": 2}, {"duration": 1, "durationMax": 2, "durationUnit": "h"}),
    "tim-8": ({"countMax": 3}, {"count": 2, "countMax": 3}),
    "tim-9": ({"offset": 30, "when": ["C"]}, {"offset": 30, "when": ["AC"]}),
    "tim-10": ({"timeOfDay": ["08:00:00"], "when": ["AC"]}, {"timeOfDay": ["08:00:00"]}),
}


def in_a_timing(example: Example) -> Iterator[Seed]:
    if not example.has("dosageInstruction"):
        return
    for key, (wrong, right) in REPEATS.items():
        broken, control = (
            put(("dosageInstruction", 0, "timing"), {"repeat": repeat, "code": {"text": "as told"}})
            for repeat in (wrong, right)
        )
        yield Seed(key, "MedicationRequest.dosageInstruction[0].timing.repeat", broken, control)


def in_a_data_type(example: Example) -> Iterator[Seed]:
    name = {"CarePlan": "period", "Observation": "effectivePeriod"}.get(example.type)
    if name == "effectivePeriod" and not example.has("effectivePeriod"):
        name = None
    if name:
        backwards, forwards = (
            put((name,), {"start": start, "end": "2024-03-04"}) for start in ("2024-03-05", "2024-03-04")
        )
        place = f"{example.type}." + ("period" if name == "period" else "effective.ofType(Period)")
        yield Seed("per-1", place, backwards, forwards)
    if example.has("dosageInstruction"):
        path, place = ("dosageInstruction", 0, "maxDosePerPeriod"), "MedicationRequest.dosageInstruction[0]"
        dose = {"value": 4, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
        day = {"value": 1, "unit": "day", "system": "http://unitsofmeasure.org", "code": "d"}
        whole = put(path, {"numerator": dose, "denominator": day})
        yield Seed("rat-1", f"{place}.maxDosePerPeriod", put(path, {"numerator": dose}), whole)
        less = {key: value for key, value in dose.items() if key != "system"}
        half = put(path, {"numerator": less, "denominator": day})
        yield Seed("qty-3", f"{place}.maxDosePerPeriod.numerator", half, whole)
    if example.type == "Observation" and not example.has("referenceRange"):
        low, high = ({"value": value, "unit": "a"} for value in (1, 9))
        right = put(("referenceRange",), [{"low": low, "high": high}])
        nothing = put(("referenceRange",), [{"type": {"text": "normal"}}])
        yield Seed("obs-3", "Observation.referenceRange[0]", nothing, right)


def in_an_observation(example: Example) -> Iterator[Seed]:
    values = [key for key in example.resource if key.startswith("value")]
    is_asked = any(
        element.min > 0
        for structure in example.structures
        for element in structure.elements
        if element.path == "Observation.value[x]"
    )
    if example.type != "Observation" or not values or is_asked or example.has("dataAbsentReason"):
        return
    without: Edit = drop((values[0],))
    absent = both(without, give((), dataAbsentReason=UNKNOWN))
    yield Seed("obs-6", "Observation", give((), dataAbsentReason=UNKNOWN), absent)
    is_vital = example.claims("vitalsigns") or any(
        constraint.key == "vs-2" for structure in example.structures for constraint in structure.elements[0].constraints
    )
    asks = is_vital or any(
        constraint.key == "us-core-2"
        for structure in example.structures
        for constraint in structure.elements[0].constraints
    )
    if asks and not example.has("component") and not example.has("hasMember"):
        yield Seed("vs-2" if is_vital else "us-core-2", "Observation", without, absent)
    if "coding" in example.resource["code"] and not example.has("component") and not is_vital:
        again, other = (
            give((), component=[{"code": code, "valueString": "x"}])
            for code in (example.resource["code"], coded(LOINC, "72166-2"))
        )
        yield Seed("obs-7", "Observation", again, other)


def in_a_vital_sign(example: Example) -> Iterator[Seed]:
    if example.claims("us-core-blood-pressure"):
        path = ("component", 0)
        without = drop((*path, "valueQuantity"))
        yield Seed("vs-3", "Observation.component[0]", without, both(without, give(path, dataAbsentReason=UNKNOWN)))
    if example.has("effectiveDateTime") and len(example.structures) > 1:
        keys = {
            constraint.key
            for structure in example.structures
            for element in structure.elements
            if element.path == "Observation.effective[x]"
            for constraint in element.constraints
        } & {"vs-1", "us-core-1"}
        for key in keys:
            day = give((), effectiveDateTime="2024-03-04")
            yield Seed(key, "Observation.effective.ofType(dateTime)", give((), effectiveDateTime="2024"), day)


def in_other_resources(example: Example) -> Iterator[Seed]:
    if example.resource.get("intent") == "order" and example.type == "MedicationRequest" and example.has("requester"):
        without = drop(("requester",))
        yield Seed("us-core-21", "MedicationRequest", without, both(without, give((), intent="plan")))
    if example.type == "CarePlan":
        detail = {"detail": {"status": "scheduled"}}
        reference = {"reference": {"reference": "ServiceRequest/1"}}
        twice, once = (give((), activity=[activity]) for activity in (detail | reference, detail))
        yield Seed("cpl-3", "CarePlan.activity[0]", twice, once)
    for index, item in enumerate(example.resource.get("item", ())):
        if "answer" in item and "item" not in item:
            inner = [{"linkId": f"{item['linkId']}/inner", "text": "And why?"}]
            broken = give(("item", index), item=inner)
            control = give(("item", index, "answer", 0), item=inner)
            yield Seed("qrs-1", f"QuestionnaireResponse.item[{index}]", broken, control)


def in_an_extension(example: Example) -> Iterator[Seed]:
    url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
    place = f"{example.type}.extension[{len(example.resource.get('extension', ()))}]"
    extensions = example.resource.get("extension", [])
    neither = give((), extension=[*extensions, {"url": url}])
    yield Seed("min", place, neither, give((), extension=[*extensions, *ABSENT["extension"]]))


KINDS = (
    in_a_timing,
    in_a_data_type,
    in_an_observation,
    in_a_vital_sign,
    in_other_resources,
    in_an_extension,
)
