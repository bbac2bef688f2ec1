"""Quantities and UCUM: exact conversion, comparison, calendar durations."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.fhir import ucum
from fhir_iop.fhir.quantity import Quantity, add, comparable, compare, convert, equal, equivalent, multiply


def q(text: str) -> Quantity:
    value, unit = text.split(" ", 1)
    return Quantity(Decimal(value), unit.strip("'"), not unit.startswith("'"))


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("4 'g'", "4000 'mg'"),
        ("1 week", "7 days"),
        ("1 week", "1 'wk'"),
        ("1 year", "12 months"),
        ("0.5 'mg/mL'", "50 'mg/dL'"),
        ("120 'mm[Hg]'", "15.99864 'kPa'"),
        ("1 'm[iU]/mL'", "1 '[iU]/L'"),
        ("5 '10*3/uL'", "5 '10*9/L'"),
        ("1 '[lb_av]'", "453.59237 'g'"),
        ("37 'Cel'", "98.6 '[degF]'"),
        ("24 'mg/(24.h)'", "1 'mg/h'"),
        ("1 'ng/mL{creat}'", "1 'ug/L'"),
        ("2 '{tablet}'", "2 '1'"),
        ("1 '/min'", "60 '/h'"),
        ("1 'mmol/L'", "1 'mol/m3'"),
    ],
)
def test_the_same_amount(left: str, right: str) -> None:
    assert equal(q(left), q(right)) is True
    assert compare(q(left), q(right)) == 0


@pytest.mark.parametrize(
    ("left", "right", "is_equal"),
    [
        ("1 'g'", "1 'm'", False),
        ("1 'g'", "2 'g'", False),
        ("1 year", "1 'a'", None),
        ("1 month", "30 days", None),
        ("1 'wizard'", "1 'g'", None),
        ("1 'wizard'", "1 'wizard'", True),
        ("1 '[iU]'", "1 '[arb'U]'", False),
    ],
)
def test_other_amounts(left: str, right: str, is_equal: bool | None) -> None:
    assert equal(q(left), q(right)) is is_equal


def test_equivalence_rounds_to_the_larger_unit() -> None:
    assert equivalent(q("4 'g'"), q("4040 'mg'"))
    assert equivalent(q("1 year"), q("1 'a'"))
    assert not equivalent(q("4 'g'"), q("4600 'mg'"))
    assert not equivalent(q("4 'g'"), q("4 'm'"))


def test_arithmetic() -> None:
    assert add(q("3 'm'"), q("3 'cm'")) == q("303 'cm'")
    assert add(q("1 'g'"), q("1 'm'")) is None
    assert compare(multiply(q("2.0 'cm'"), q("2.0 'm'")), q("0.040 'm2'")) == 0
    assert multiply(q("4.0 'g'"), q("2.0 'm'"), -1) == q("2 'g.m-1'")
    assert multiply(q("5 'mg'"), q("2 '1'")) == q("10 'mg'")
    assert multiply(q("5 'mg'"), q("0 'mg'"), -1) is None


@pytest.mark.parametrize(
    "code",
    ["", "wizard", "[s]", "mg/", "mg//dL", "(mg", "MG", "mg mL", "m99", "10*999", "m" * 99, "{open", "Cel/min", "µg"],
)
def test_unknown_units_are_never_guessed(code: str) -> None:
    assert ucum.unit(code) is None


def test_quotes_do_not_hide_a_prefix() -> None:
    assert comparable(q("1 'mm[Hg]'"), q("1 'Pa'"))
    assert comparable(q("1 'cm[H2O]'"), q("1 'mm[Hg]'"))
    assert not comparable(q("1 'mo'"), q("1 month"))


@given(
    st.decimals(-(10**6), 10**6, places=4),
    st.sampled_from([("kg", "[lb_av]"), ("mm[Hg]", "kPa"), ("wk", "s"), ("Cel", "K")]),
)
def test_conversion_returns(value: Decimal, units: tuple[str, str]) -> None:
    there = convert(value, *units)
    assert there is not None
    back = convert(there, *reversed(units))
    assert back is not None
    assert back.quantize(Decimal("0.0001")) == value.quantize(Decimal("0.0001"))


@given(st.text("mgL/.10*()[]{}+-2", max_size=12))
def test_any_text_has_an_answer(code: str) -> None:
    ucum.unit(code)
