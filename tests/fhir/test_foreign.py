from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.fhir.foreign import is_deeper_than, number, numbers, objects, part, resources, text

BUNDLE = {"entry": [{"resource": {"resourceType": "A", "n": [{"t": "x"}, 3]}}, {"resource": 1}, 2, {}]}


def test_ways_down_end_where_the_json_ends():
    assert part(BUNDLE, "entry", 0, "resource", "n", 0, "t") == "x"
    assert part(BUNDLE, "entry", 9) is part(BUNDLE, "entry", "resource") is part(None, 0) is None
    assert text(BUNDLE, "entry", 0, "resource", "resourceType") == "A"
    assert text(BUNDLE, "entry") == ""
    assert objects(BUNDLE, "entry", 0, "resource", "n") == [{"t": "x"}]
    assert objects(BUNDLE, "entry", 0) == []
    assert resources(BUNDLE) == resources(BUNDLE, "A") == [BUNDLE["entry"][0]["resource"]]
    assert resources(BUNDLE, "B") == resources(7) == []


def test_half_an_identifier_is_none():
    whole = {"system": "urn:s", "value": " 1 "}
    halves = [{}, {"system": "urn:s"}, {"value": "1"}, {"system": "urn:s", "value": " "}, {"system": 1, "value": 2}, 3]
    assert number(whole) == ("urn:s", "1")
    assert all(number(half) is None for half in halves)
    assert numbers({"identifier": [whole, *halves]}) == {("urn:s", "1")}
    assert numbers({"identifier": whole}) == numbers(None) == frozenset()


@given(st.integers(0, 40), st.integers(0, 40), st.booleans())
def test_depth(levels, limit, is_list):
    value = "leaf"
    for _ in range(levels):
        value = [1, value] if is_list else {"a": value, "b": 1}
    assert is_deeper_than(value, limit) == (levels > limit)


def test_depth_beyond_recursion():
    value = []
    for _ in range(100_000):
        value = [value]
    assert is_deeper_than(value, 200)
