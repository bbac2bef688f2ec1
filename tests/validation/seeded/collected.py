"""All seeds: of each kind a sample, one for each rule, type of resource and element, drawn from a fixed seed."""

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from fhir_iop import decode
from fhir_iop.definitions import Definitions
from fhir_iop.validation.vital_signs import profiles_of
from tests.validation.seeded import answers, around, content, form, invariants, profiled
from tests.validation.seeded.seed import Example, Kind, Seed
from tests.validation.us_core import VERSIONS, examples, store_of, validator_of

Json = dict[str, Any]

TYPES = ("MedicationRequest", "CarePlan", "Observation", "QuestionnaireResponse")
MOST = 16  # seeds of a kind
ANSWERS: dict[str, Kind] = {kind.__name__: kind for kind in answers.KINDS}
KINDS: dict[str, Kind] = ANSWERS | {
    kind.__name__: kind for kind in (*form.KINDS, *profiled.KINDS, *content.KINDS, *around.KINDS, *invariants.KINDS)
}
_INDEX = re.compile(r"\[\d+\]")


@cache
def chosen(shared: Path) -> tuple[Example, ...]:
    """Return the examples of the four types; of those that claim the same, one a version."""
    found: dict[tuple[str, ...], Example] = {}
    for version in VERSIONS:
        definitions = validator_of(version).definitions
        store = store_of(examples(shared, version))
        for name, text in examples(shared, version).items():
            resource = decode(text)
            if resource["resourceType"] in TYPES:
                example = _example(name, version, resource, definitions, store.get(resource.get("questionnaire", "")))
                same = sorted(structure.canonical for structure in example.structures)
                key = (version, *same) if example.type == "Observation" else (version, name)
                found.setdefault(key, example)
    return tuple(found.values())


def _example(name: str, version: str, resource: Json, definitions: Definitions, questionnaire: Json | None) -> Example:
    type_ = resource["resourceType"]
    claims = resource.get("meta", {}).get("profile", [])
    vital = profiles_of(resource) if type_ == "Observation" else []
    structures = (definitions.structure(canonical) for canonical in (*claims, *vital))
    base = definitions.type(type_)
    assert base is not None
    known = tuple(structure for structure in structures if structure is not None)
    return Example(name, version, resource, (base, *known), definitions, questionnaire)


@cache
def seeds(shared: Path, kind: str) -> list[tuple[Example, Seed]]:
    """Return the sample of one kind."""
    grouped: dict[tuple[str, str, str], list[tuple[Example, Seed]]] = {}
    for example, seed in _all(shared, KINDS[kind]):
        grouped.setdefault((example.type, seed.rule, _INDEX.sub("", seed.place)), []).append((example, seed))
    chance = random.Random(kind)
    one_each = [chance.choice(group) for group in grouped.values()]
    chance.shuffle(one_each)
    first = {seed.rule: (example, seed) for example, seed in one_each}  # each rule has its turn
    others = [(example, seed) for example, seed in one_each if first[seed.rule][1] is not seed]
    return [*first.values(), *others][: max(MOST, len(first))]


def _all(shared: Path, kind: Kind) -> Iterator[tuple[Example, Seed]]:
    for example in chosen(shared):
        for seed in kind(example):
            yield example, seed
