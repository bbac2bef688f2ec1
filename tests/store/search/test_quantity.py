"""quantity and number."""

from decimal import Decimal
from typing import Any

import pytest

from fhir_iop.store import Store
from tests.store.examples import put
from tests.store.search.conftest import Found

UCUM = "http://unitsofmeasure.org"


def observation(id_: str, value: str | None, **quantity: str) -> dict[str, Any]:
    number = {} if value is None else {"value": Decimal(value)}
    return {"resourceType": "Observation", "id": id_, "status": "final", "valueQuantity": {**number, **quantity}}


@pytest.fixture(autouse=True)
def observations(store: Store) -> None:
    put(
        store,
        observation("low", "0.79", system=UCUM, code="mmol/L", unit="mmol/l"),
        observation("exact", "0.80", system=UCUM, code="mmol/L", unit="mmol/l"),
        observation("high", "0.85", system=UCUM, code="mmol/L", unit="mmol/l"),
        observation("under", "0.80", comparator="<", system=UCUM, code="mmol/L"),
        observation("over", "0.8", comparator=">=", system=UCUM, code="mmol/L"),
        observation("other", "0.8", system=UCUM, code="meq/L"),
        observation("unitless", "0.8"),
        observation("empty", None, unit="mmol/l"),
        observation("negative", "-100"),
    )


QUANTITIES: dict[str, list[str]] = {
    "0.8": ["exact", "low", "other", "unitless"],
    f"0.8|{UCUM}|mmol/L": ["exact", "low"],
    f"0.80|{UCUM}|mmol/L": ["exact"],
    "0.8||mmol/l": ["exact", "low"],
    "0.8||meq/L": ["other"],
    f"ne0.80|{UCUM}|mmol/L": ["high", "low", "over", "under"],
    f"gt0.8|{UCUM}|mmol/L": ["high", "over"],
    f"ge0.8|{UCUM}|mmol/L": ["exact", "high", "over"],
    f"lt0.8|{UCUM}|mmol/L": ["low", "under"],
    f"le0.8|{UCUM}|mmol/L": ["exact", "low", "under"],
    f"sa0.79|{UCUM}|mmol/L": ["exact", "high", "over"],
    f"eb0.80|{UCUM}|mmol/L": ["low"],
    f"ap0.8|{UCUM}|mmol/L": ["exact", "high", "low", "over", "under"],
    "-1e2": ["negative"],
    "-100": ["negative"],
    "ap-95": ["negative", "under"],
    "lt0": ["negative", "under"],
}


def test_quantities(found: Found) -> None:
    assert {value: found(f"Observation?value-quantity={value}") for value in QUANTITIES} == QUANTITIES


def test_ranges_and_money(store: Store, found: Found) -> None:
    years = {"system": UCUM, "code": "a"}
    put(
        store,
        {
            "resourceType": "Condition",
            "id": "teens",
            "onsetRange": {"low": {"value": 13, **years}, "high": {"value": 19, **years}},
        },
        {"resourceType": "Condition", "id": "later", "onsetRange": {"low": {"value": 20, **years}}},
        {"resourceType": "Condition", "id": "at17", "onsetAge": {"value": 17, **years}},
        {"resourceType": "Invoice", "id": "bill", "status": "issued", "totalNet": {"value": 40, "currency": "USD"}},
    )
    assert found("Condition?onset-age=gt18") == ["later", "teens"]
    assert found(f"Condition?onset-age=lt18|{UCUM}|a") == ["at17", "teens"]
    assert found("Condition?onset-age=17") == ["at17"]
    assert found("Invoice?totalnet=40|urn:iso:std:iso:4217|USD") == ["bill"]
    assert found("Invoice?totalnet=40|urn:iso:std:iso:4217|EUR") == []


NUMBERS = {
    "0.5": ["half"],
    "0.50": ["half"],
    "1": ["half", "most"],
    "gt0.5": ["most"],
    "le0.5": ["half"],
    "5e-1": ["half"],
}


def test_numbers(store: Store, found: Found) -> None:
    def risk(id_: str, probability: str) -> dict[str, Any]:
        prediction = [{"probabilityDecimal": Decimal(probability)}]
        return {"resourceType": "RiskAssessment", "id": id_, "status": "final", "prediction": prediction}

    put(store, risk("half", "0.5"), risk("most", "0.93"))
    assert {value: found(f"RiskAssessment?probability={value}") for value in NUMBERS} == NUMBERS
