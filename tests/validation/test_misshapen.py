"""A value that is no such thing at all, put anywhere: it is told, and no rule takes its form for granted."""

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fhir_iop.definitions import Definitions
from fhir_iop.validation import Validator
from tests.validation import made
from tests.validation.generated.generator import Generator
from tests.validation.test_conformance_resources import BROKEN

STRANGE: list[Any] = [
    None, True, 0, -1, 1.5, "", "x" * 300, "\0", "#", "http://x", "Patient/1", "urn:uuid:1", "2020-13-40",
    [], [[]], [None], [{}], [1, "a", None], {}, {"a": 1}, {"extension": []}, {"reference": "#"},
    {"coding": [{"code": None}]}, {"value": {}}, [{"resource": None}], [{"item": [7]}],
]  # fmt: skip
BUNDLE = made.bundle("document", made.entry("https://example.org/Patient/p", made.patient(id="p")))
WHOLE = [resource for resource, _, _ in BROKEN] + [made.questionnaire(), made.order(), made.observation(), BUNDLE]


@cache
def _validator() -> Validator:
    return Validator(Definitions.bundled(), best_practice=True, must_support=True)


@cache
def _generator() -> Generator:
    return Generator(Validator(Definitions.bundled()))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the way to every value inside ``value``, and to a `_` sibling beside each property."""
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield (*path, key)
        if isinstance(key, str) and key[0] != "_":
            yield (*path, f"_{key}")
        yield from places(value[key], (*path, key))


def with_value(resource: dict[str, Any], path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed: Any = copy.deepcopy(resource)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    holder[path[-1]] = copy.deepcopy(value)
    return changed


@pytest.mark.parametrize("number", range(len(WHOLE)), ids=lambda number: WHOLE[number]["resourceType"])
def test_anything_anywhere_in_resources_with_rules_of_their_own(number: int) -> None:
    for path in places(WHOLE[number]):
        for value in STRANGE[number % 2 :: 2]:
            _validator().validate(with_value(WHOLE[number], path, value))


@settings(max_examples=150)
@given(
    type_=st.sampled_from(sorted(Definitions.bundled().resource_types - {"StructureDefinition"})),
    seed=st.integers(0, 2**32),
    place=st.integers(0, 10**6),
    value=st.sampled_from(STRANGE),
)
def test_anything_anywhere_in_a_resource_of_any_type(type_: str, seed: int, place: int, value: Any) -> None:
    resource = _generator().resource(type_, seed=seed)
    paths = list(places(resource))
    _validator().validate(with_value(resource, paths[place % len(paths)], value))


@pytest.mark.parametrize("meta", [False, 7, "profile", ["profile"], {"profile": "x"}, {"profile": [None]}])
def test_meta_that_is_no_object_claims_nothing(validator: Validator, meta: object) -> None:
    assert any(found.is_error for found in validator.validate({"resourceType": "Patient", "meta": meta}))
