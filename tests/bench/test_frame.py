"""The frame of the benches: what it counts, not how fast anything is."""

import math

from bench.frame import OURS, Row, geometric_mean, measure, rows, table


def test_every_contender_takes_its_turns() -> None:
    calls = {"by hand": 0, OURS: 0}

    def called(who: str) -> None:
        calls[who] += 1

    seconds = measure({who: lambda who=who: called(who) for who in calls}, rounds=3, turn=0)
    assert set(seconds) == set(calls)
    assert all(0 < each < 1 for each in seconds.values())
    assert all(count >= 4 for count in calls.values())  # a warm-up and one turn in each round


def test_ratio_is_the_time_over_the_floors() -> None:
    found = rows("work", {"floor": 0.5, OURS: 0.25, "peer": 2.0}, floor="floor", units=10)
    assert found == [Row("work", "floor", 20, 1), Row("work", OURS, 40, 0.5), Row("work", "peer", 5, 4)]


def test_the_mean_of_ratios_is_geometric() -> None:
    assert math.isclose(geometric_mean([0.5, 2.0]), 1.0)
    assert math.isnan(geometric_mean([]))


def test_the_table_is_plain_and_aligned() -> None:
    found = [Row("a", "floor", 1000, 1), Row("a", OURS, 12345.6, 0.0812), Row("b", "floor", 1, 1)]
    assert table(found).splitlines() == [
        "work  who       per second  ratio",
        "",
        "a     floor          1,000   1.00",
        "      fhir-iop      12,346   0.08",
        "",
        "b     floor              1   1.00",
    ]
