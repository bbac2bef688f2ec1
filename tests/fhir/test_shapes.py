"""Shapes: made when they are first used, of types that name each other."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from fhir_iop.fhir.shapes import Field, Shapes

DESCRIBED = {
    "Reference": {"reference": Field("text"), "identifier": Field("Identifier")},
    "Identifier": {"value": Field("text", is_required=True), "assigner": Field("Reference")},
    "Name": {"given": Field("text", is_list=True, nulls=True), "prefix": Field("text", is_list=True)},
    "Odd": {"strange": Field("Unheard"), "stranger": Field("Unheard", is_list=True)},
    "Odder": {"strange": Field("Unheard", is_required=True)},
}


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("Reference", {}, True),
        ("Reference", {"identifier": {"value": "1", "assigner": {"identifier": {"value": "2"}}}}, True),
        ("Reference", {"identifier": {"value": "1", "assigner": {"identifier": {}}}}, False),
        ("Identifier", {}, False),
        ("Identifier", {"value": ""}, False),
        ("Identifier", {"value": "1", "values": "2"}, False),
        ("Name", {"given": ["A", None], "prefix": ["B"]}, True),
        ("Name", {"prefix": ["B", None]}, False),
        ("Name", {"given": []}, False),
        ("Odd", {}, True),
        ("Odd", {"strange": {}}, False),
        ("Odd", {"stranger": [{}]}, False),
        ("Odder", {}, False),
    ],
)
def test_a_value_fits_its_shape_or_not(name: str, value: Any, fits: bool) -> None:
    has_shape = Shapes(DESCRIBED.get).test(name)
    assert has_shape is not None
    assert has_shape(value) is fits


def test_what_isnt_described_is_no_shape() -> None:
    assert Shapes(DESCRIBED.get).test("Unheard") is None


def test_nothing_but_the_shape_itself_is_described_before_it_is_used() -> None:
    asked: list[str] = []

    def describe(name: str) -> dict[str, Field] | None:
        asked.append(name)
        return DESCRIBED.get(name)

    has_shape = Shapes(describe).test("Reference")
    assert asked == ["Reference"]
    assert has_shape is not None
    assert has_shape({})
    assert asked == ["Reference", "Identifier"]


def test_threads_may_use_a_shape_at_once() -> None:
    for _ in range(20):
        shapes = Shapes(DESCRIBED.get)
        tests = [shapes.test(name) for name in ("Reference", "Identifier") * 4]
        with ThreadPoolExecutor(8) as threads:
            assert all(threads.map(lambda test: test and test({"identifier": {}}) is False, tests))
