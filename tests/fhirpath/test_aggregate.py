"""aggregate(): a total that stays a number of one type is computed as one, and any other as what it turns out to be."""

from typing import Any

import pytest

from fhir_iop import fhirpath
from fhir_iop.definitions import Definitions
from fhir_iop.fhirpath import FhirPathError
from fhir_iop.fhirpath.parser import parse
from tests.fhirpath.reference import Interpreter

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "multipleBirthInteger": 2,
    "name": [{"given": ["Ada", "Bea"]}, {"given": ["Cid"], "_given": [{"id": "c"}]}],
    "contact": [{}],
}


@pytest.mark.parametrize(
    "expression",
    [
        "(1 | 2 | 3).aggregate($this + $total, 0)",
        "(1 | 2 | 3).aggregate($total - $this, 0.5)",
        "(1 | 2 | 3).aggregate($total / $this, 6)",
        "(1 | 2 | 3).aggregate($total.toString() & $this.toString(), 0)",
        "(1 | 2 | 3).aggregate(iif($total > $this, $total, $this), 2)",
        "(1 | 2 | 3).aggregate(iif($this = 2, {}, $this + $total), 0)",
        "(1 | 2 | 3).aggregate($total | $this, 0)",
        "(1 | 2 | 3).aggregate($this + $total)",
        "(1 | 2 | 3).aggregate(iif($total.empty(), $this, $this + $total))",
        "{}.aggregate($this + $total, 0)",
        "name.aggregate($total + given.count(), 0)",
        "name.aggregate($total + given.aggregate($total + $this.length(), 0), 0)",
        "name.given.aggregate($total + $index, 0)",
        "multipleBirth.aggregate($total + $this, 1)",
        "multipleBirth.aggregate($this, 1)",
        "(1 | 2).select(%resource.name.aggregate($total + 1, 0) + $this)",
        "(1 | 2 | 3).aggregate($this + $total, 0).toString() & '!'",
        "iif((1 | 2).aggregate($this + $total, 0) = 3, 'three', {})",
    ],
)
def test_as_the_reference_interpreter_says(expression: str) -> None:
    definitions = Definitions.bundled()
    wanted = [item.value for item in Interpreter(definitions, PATIENT).run(parse(expression))]
    found = fhirpath.compile(expression, "Patient", definitions)(PATIENT)
    assert found == wanted
    assert list(map(type, found)) == list(map(type, wanted))


def test_a_sum_beyond_all_integers_is_empty() -> None:
    assert fhirpath.compile("(1 | 2147483647 | 3).aggregate($this + $total, 0)", "Patient")(PATIENT) == []


def test_a_total_keeps_the_digits_of_a_decimal() -> None:
    assert repr(fhirpath.compile("(1 | 2).aggregate($this + $total, 0.50)", "Patient")(PATIENT)) == "[Decimal('3.50')]"


def test_what_no_total_can_do_is_told_where_it_is_known_and_where_it_happens() -> None:
    with pytest.raises(FhirPathError):
        fhirpath.compile("(1 | 2).aggregate($this + $total, 0).family", "Patient")
    compiled = fhirpath.compile("contact.where(name.exists()).aggregate($total + 'a', 0)", "Patient")
    assert compiled(PATIENT) == [0]
    with pytest.raises(FhirPathError):
        compiled({**PATIENT, "contact": [{"name": {"text": "a"}}]})


def test_aggregates_inside_each_other_are_checked_in_good_time() -> None:
    text = "1"
    for _ in range(12):
        text = f"(1 | 2).aggregate({text} + $total, 0)"
    fhirpath.compile(text, "Patient")
