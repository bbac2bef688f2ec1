"""Integers have 32 bits: beyond them a result is empty (https://hl7.org/fhirpath/N1/#math)."""

from typing import Any

import pytest

from fhir_iop import fhirpath

PATIENT: dict[str, Any] = {"resourceType": "Patient", "multipleBirthInteger": 3}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("2147483646 + 1", [2147483647]),
        ("2147483647 + 1", []),
        ("-2147483647 - 1", [-2147483648]),
        ("-2147483647 - 2", []),
        ("46340 * 46340", [2147395600]),
        ("46341 * 46341", []),
        ("multipleBirth.ofType(integer) + 2 * 4 - 1", [10]),
        ("multipleBirth.ofType(integer) * 2147483647 + 1", []),
        ("(1 | 2 | 3).select($this * 1000000000)", [1000000000, 2000000000]),
        ("(1 | 2).where($this + 1 > 2)", [2]),
        ("{} + 1", []),
    ],
)
def test_results_within_and_beyond(expression: str, expected: list[int]) -> None:
    assert fhirpath.compile(expression, "Patient")(PATIENT) == expected
