"""The reference interpreter itself: by examples that can be checked by eye, and by HL7's suite where it can."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from fhir_iop.conformance.fhirpath import read, written
from fhir_iop.definitions import Definitions
from fhir_iop.fhirpath.errors import FhirPathError
from fhir_iop.fhirpath.parser import parse
from tests.fhirpath.reference import Failed, Interpreter, Unspecified
from tests.fhirpath.reference.items import Item

PATIENT: dict[str, Any] = {
    "resourceType": "Patient",
    "name": [{"given": ["Ada", None], "_given": [None, {"id": "g"}], "family": "Example"}, {"given": ["Bea"]}],
    "birthDate": "1980-02-29",
    "multipleBirthInteger": 2,
}


def evaluated(text: str, resource: dict[str, Any] = PATIENT) -> list[Any]:
    return [item.value for item in Interpreter(Definitions.bundled(), resource).run(parse(text))]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("name.given", ["Ada", None, "Bea"]),
        ("Patient.name.where(family.exists()).given.first()", ["Ada"]),
        ("multipleBirth + 1", [3]),
        ("name.given.where(hasValue()).select($this + '!')", ["Ada!", "Bea!"]),
        ("birthDate + 1 year", ["1981-02-28"]),
        ("birthDate > @1980", []),
        ("name.given.id", ["g"]),
        ("{} and false", [False]),
        ("{} or false", []),
        ("(1 | 2 | 2).aggregate($total + $this, 10)", [13]),
        ("1.5 div 0.4", [3]),
        ("iif(true, 1, 1 + {})", [1]),
        ("1 'kg' = 1000 'g'", [True]),
        ("descendants().ofType(string).count()", [5]),
    ],
)
def test_by_example(expression: str, expected: list[Any]) -> None:
    assert evaluated(expression) == expected


def test_decimals_keep_their_digits() -> None:
    (found,) = evaluated("1.50 + 0.5")
    assert str(found) == "2.00"
    assert isinstance(found, Decimal)


@pytest.mark.parametrize("expression", ["name.given + 'x'", "name.family > 3", "name.single()", "%nobody"])
def test_what_the_specification_forbids_fails(expression: str) -> None:
    with pytest.raises(Failed):
        evaluated(expression)


def amount(item: Item) -> Any:
    if item.type != "System.Quantity":
        return item.value
    value, unit = item.value
    return {"value": value, "code": unit}


# what only a static check can reject, and constants of FHIR that the generated expressions don't use
BEYOND = {
    "testBasics/testSimpleFail", "testBasics/testSimpleWithWrongContext", "testObservations/testPolymorphismB",
    "testObservations/testPolymorphismAsB", "testDollar/testDollarOrderNotAllowed", "polymorphics/testPolymorphicsB",
    "testVariables/testVariables4", "testExtension/testExtension2",
    "testQuantity/testQuantity9", "testQuantity/testQuantity10", "testQuantity/testQuantity11",
}  # fmt: skip


@pytest.mark.shared
def test_it_agrees_with_every_case_of_hl7_that_it_knows(shared: Path) -> None:
    definitions = Definitions.bundled()
    known = 0
    for case in read(shared / "conformance" / "fhirpath"):
        if case.id in BEYOND:
            continue
        try:
            items = Interpreter(definitions, case.resource or {"resourceType": "Basic"}).run(parse(case.expression))
        except Unspecified:
            continue
        except (Failed, FhirPathError):
            assert case.fault, case.id
        else:
            assert not case.fault, case.id
            found = [written(amount(item)) for item in items]
            assert found == [output.text for output in case.outputs] or case.predicate, case.id
        known += 1
    assert known > 700
