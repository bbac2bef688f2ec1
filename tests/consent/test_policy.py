import itertools
from dataclasses import fields

import pytest

from fhir_iop.consent.policy import _CHOICES, _FILE, Facts, Policy, bundled
from fhir_iop.errors import Unusable

TEXT = _FILE.read_text("utf-8")


def test_the_bundled_policy_has_the_rows_that_are_applied():
    assert {rule.id for rule in bundled().rules} >= {f"P{row}" for row in range(1, 16)}
    assert bundled().rules[-1].id == "default"


def test_only_a_consent_or_the_patient_opens_a_protected_record():
    flags = itertools.product([True, False], repeat=4)
    for known, named, participants, expires in flags:
        for interaction, recipient, consent in itertools.product(*_CHOICES.values()):
            for purpose in ("TREAT", "HLEGAL", "HRESCH", "ETREAT", "COC"):
                facts = Facts(
                    known, True, False, interaction, recipient, purpose, consent, named, participants, expires
                )
                rule = bundled().rule_for(facts)
                assert not rule.releases or consent == "permits" or recipient == "patient"
                assert not rule.releases or known
                assert "consent" in rule.obligations or not rule.releases or recipient == "patient"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('version = "2026-02-16"', "", "tables"),
        ('read = "not-found"', "", "every interaction"),
        ('read = "not-found"', 'read = "release"', "an answer is unknown"),
        ('recipient = ["patient"]', 'recipient = ["everybody"]', r"rule 4 \(P1\): recipient has an unknown value"),
        ('purpose = ["HLEGAL"]', 'purpose = "HLEGAL"', r"\(P9\): purpose is a list"),
        ("labelled = false", 'labelled = "no"', r"\(P2\): labelled is true or false"),
        ("labelled = false", "label = false", r"\(P2\): label is no condition"),
        ('with = ["labels", "audit"]', 'with = ["hope"]', r"\(P1\): with has an unknown value"),
        ('with = ["labels", "audit"]', "", r"\(P1\): with belongs to a release"),
        ('id = "default"\naction = "deny"', 'id = "default"\naction = "deny"\nknown = true', "without a condition"),
        ('id = "default"\naction = "deny"', 'id = "default"\naction = "release"\nwith = []', "must deny"),
        ('id = "P13"\n', 'id = "P13"\naction = "maybe"\n', "the file"),
        ('says = "No rule permits it."', "", "must be given"),
    ],
)
def test_a_policy_that_the_grammar_does_not_know_is_refused(old, new, reason):
    assert old in TEXT
    with pytest.raises(Unusable, match=reason):
        Policy.read(TEXT.replace(old, new, 1))


def test_every_condition_of_the_grammar_is_a_fact():
    named = {name for rule in bundled().rules for name in rule.conditions}
    assert named <= {field.name for field in fields(Facts)}
