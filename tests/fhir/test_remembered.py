"""What is remembered is worked out once; of what is long, nothing is kept."""

import gc
import tracemalloc
from collections.abc import Callable

import pytest

from fhir_iop.fhir import date, ucum
from fhir_iop.fhir.remembered import LONGEST, remembered
from fhir_iop.fhirpath import check_syntax


def test_what_is_long_is_worked_out_each_time() -> None:
    asked = []

    @remembered(2)
    def joined(left: str, right: str | None) -> str:
        asked.append((left, right))
        return left + (right or "")

    assert (joined("a", None), joined("a", None), joined("a", "b")) == ("a", "a", "ab")
    assert asked == [("a", None), ("a", "b")]
    long = "x" * (LONGEST + 1)
    assert joined("a", long) == joined("a", long) == "a" + long
    assert joined(long, None) == joined(long, None) == long
    assert len(asked) == 6
    assert joined("a", None) == "a"
    assert len(asked) == 6
    assert joined(long[1:], None) == joined(long[1:], None)
    assert len(asked) == 7


@pytest.mark.parametrize(
    "ask",
    [
        lambda text: date.parse(f"2020-01-01T00:00:00.{text}Z"),
        lambda text: date.parse_time(f"00:00:00.{text}"),
        lambda text: ucum.unit(f"mg{text}"),
        lambda text: check_syntax(f"'{text}'"),
    ],
    ids=["date", "time", "unit", "expression"],
)
def test_many_long_texts_take_no_memory(ask: Callable[[str], object]) -> None:
    def some(first: int) -> None:
        for number in range(first, first + 20):
            ask(f"{number}{'0' * 30_000}")

    some(10)
    tracemalloc.start()
    try:
        some(40)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 300_000
