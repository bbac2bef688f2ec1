"""The shape that every suite reports in."""

from fhir_iop.conformance import Outcome, Tally, numbered, tally


def outcome(group: str, *, agreed: bool) -> Outcome:
    return Outcome(f"{group}/x", group, agreed, ("a",), ("b",), {"format": "json"})


def test_names_that_come_again_are_numbered() -> None:
    assert numbered(["a", "b", "a", "a", "b"]) == ["a", "b", "a#2", "a#3", "b#2"]


def test_a_tally_counts_by_group_in_the_order_they_come() -> None:
    outcomes = [outcome("b", agreed=True), outcome("a", agreed=False), outcome("b", agreed=False)]
    assert tally(outcomes) == [Tally("b", 1, 2), Tally("a", 0, 1)]


def test_a_row_is_flat_but_for_the_two_results() -> None:
    assert outcome("g", agreed=False).row() == {
        "id": "g/x", "group": "g", "format": "json", "agreed": False, "expected": ["a"], "found": ["b"],
    }  # fmt: skip
