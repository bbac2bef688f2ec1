"""Versions: which is newest, and which a part of one names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.definitions.versions import fitting, newest, order


@pytest.mark.parametrize(
    "versions",
    [
        ["", "0.9", "1.0.0-ballot", "1.0.0", "1.2.0", "1.10.0", "2.0.0-alpha1", "2.0.0-alpha2", "2.0.0-beta", "2.0.0"],
        ["2014-03-26", "2018-08-12", "2019-01-01"],
        ["5.1.0-cibuild", "5.1.0"],
    ],
)
def test_versions_have_an_order(versions: list[str]) -> None:
    shuffled = [*versions[1::2], *versions[::2]]
    assert sorted(shuffled, key=order) == versions
    assert newest(versions) == versions[-1]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (None, "6.10.0"),
        ("6.1.0", "6.1.0"),
        ("6.1", "6.1.1"),
        ("6.1.x", "6.1.1"),
        ("6", "6.10.0"),
        ("6.x", "6.10.0"),
        ("6.1.", None),
        ("7", None),
        ("", None),
        ("6.1.0.0", None),
    ],
)
def test_a_part_of_a_version_names_the_newest_that_begins_with_it(wanted: str | None, found: str | None) -> None:
    assert fitting(["5.0.1", "6.0.0", "6.1.0", "6.1.1", "6.10.0"], wanted) == found


@given(st.text(), st.text())
def test_any_two_versions_can_be_compared(one: str, other: str) -> None:
    assert (order(one) < order(other)) or (order(one) >= order(other))


@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=1))
def test_numbers_are_compared_as_numbers(versions: list[tuple[int, int, int]]) -> None:
    texts = [".".join(map(str, version)) for version in versions]
    assert newest(texts) == ".".join(map(str, max(versions)))
