import pytest

from fhir_iop.errors import Unusable
from fhir_iop.fhir.systems import RXNORM
from fhir_iop.pharmacy.concepts import Kind
from fhir_iop.pharmacy.controlled import _FILE, Controls, bundled

TEXT = _FILE.read_text("utf-8")


def coded(code, **more):
    return {"medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": code, **more}]}}


@pytest.mark.parametrize(
    ("order", "schedules"),
    [
        (coded("1010604"), {"III"}),
        (coded("864706"), {"II"}),
        (coded("197901"), {"IV"}),
        (coded("312941"), set()),
        (coded("0", display="LORazepam 1 MG Oral Tablet"), {"IV"}),
        ({"medicationCodeableConcept": {"text": "pregabalin 75 mg"}}, {"V"}),
        ({"medicationCodeableConcept": {"text": "norfentanyl"}}, set()),
        ({"medicationReference": {"display": "Suboxone film"}}, {"III"}),
        ({}, set()),
    ],
)
def test_a_drug_is_known_by_code_and_by_name(order, schedules):
    assert bundled().schedules(order, []) == schedules


def test_an_empty_kind_holds_nothing():
    assert not Kind.of({}, []).holds([{"text": ""}, {"text": "x", "coding": [{"code": "x"}]}])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\n[refills]", "\n[refills"),
        ("\n[refills]", "\n[repeats]"),
        ("until = 2026-12-31", 'until = "2026-12-31"'),
        ("until = 2026-12-31", "until = 2026-12-31T00:00:00Z"),
        ("\n[methadone]", "\n[methadon]"),
        ("\n[methadone]", "\n[fentanyl]\n[methadone]"),
        ('schedule = "II"', ""),
        ("II = 0", 'II = ["none"]'),
    ],
)
def test_rules_that_the_grammar_does_not_know_are_refused(old, new):
    assert old in TEXT
    with pytest.raises(Unusable, match="controlled substances"):
        Controls.read(TEXT.replace(old, new, 1))
