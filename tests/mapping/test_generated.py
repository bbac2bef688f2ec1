"""Records of every kind, made from their schemas: to valid FHIR, and back as they were."""

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fhir_iop import consent, instruments
from fhir_iop.definitions import Definitions
from fhir_iop.issue import Issue, has_errors
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.making import record as made
from fhir_iop.validation import Validator
from tests.validation.looking import close_look

from .records import answers, records

KINDS = [
    "admission",
    "adverse-event",
    "care-team",
    "check-in",
    "consent",
    "contingency-plan",
    "diagnosis",
    "discharge",
    "dispense",
    "drug-screen",
    "lab-result",
    "level-of-care",
    "organization",
    "patient",
    "pdmp-check",
    "practitioner",
    "prescription",
    "prescription-status",
    "provenance",
    "questionnaire",
    "reconciliation",
    "relapse-plan",
    "reported-medication",
    "reward",
    "safety-plan",
    "session",
    "suicide-risk",
    "treatment-plan",
    "visit",
    "withdrawal-score",
]
QUICK = (Phase.explicit, Phase.generate, Phase.shrink)
UNHURRIED = {
    "deadline": None,
    "phases": QUICK,
    "suppress_health_check": list(HealthCheck),
    "derandomize": True,
    "database": None,
}


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator(Definitions.bundled(), unknown_profile="error")


@pytest.fixture(scope="module")
def closely() -> Callable[..., list[Issue]]:
    return close_look(Definitions.bundled())


def test_every_kind_is_tried(mappings: Mappings) -> None:
    assert mappings.kinds == KINDS


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, **UNHURRIED)
@given(data=st.data())
def test_a_record_comes_back_as_it_was(kind: str, data: st.DataObject, mappings: Mappings) -> None:
    record = data.draw(records(mappings.compiled(kind)))
    mapped = mappings.to_fhir(record)
    assert mapped.issues == []
    assert mapped.resources
    back = mappings.to_records(mapped.resources)
    assert back.issues == []
    assert back.records == [mappings.normal(record)]


@pytest.mark.parametrize("kind", ["prescription", "dispense", "reported-medication"])
@settings(max_examples=40, **UNHURRIED)
@given(data=st.data())
def test_steps_come_back_from_their_sentences_alone(kind: str, data: st.DataObject, mappings: Mappings) -> None:
    """But for what the sentence doesn't tell apart: codes beside words, and one remark from another."""
    record = data.draw(records(mappings.compiled(kind)))
    for step in record.get("steps", ()):
        step.pop("advice", None)
        step.pop("to_patient", None)
        step.get("as_needed", {}).pop("snomed", None)
    (resource, *_) = mappings.to_fhir(record).resources
    said = [{k: one[k] for k in ("sequence", "text") if k in one} for one in resource.get("dosageInstruction", ())]
    back = mappings.to_records([{**resource, **({"dosageInstruction": said} if said else {})}])
    assert back.issues == []
    assert back.records == [mappings.normal(record)]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10, **UNHURRIED)
@given(data=st.data())
def test_labels_are_dropped_on_the_way_back(kind: str, data: st.DataObject, mappings: Mappings) -> None:
    record = data.draw(records(mappings.compiled(kind)))
    back = mappings.to_records(consent.label(mappings.to_fhir(record).resources))
    assert back.issues == []
    # but for the one that says what the program said, which the safety net may have put on instead of it
    assert [{**found, "part2": None} for found in back.records] == [{**mappings.normal(record), "part2": None}]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12, **UNHURRIED)
@given(data=st.data())
def test_a_record_becomes_valid_fhir(kind: str, data: st.DataObject, mappings: Mappings, validator: Validator) -> None:
    record = data.draw(records(mappings.compiled(kind)))
    if kind == "questionnaire":
        instrument = instruments.instruments()[record["instrument"]]
        record["answers"] = data.draw(answers(instrument))
        record.pop("score", None)
        record, issues = instruments.scored(record)
        assert not has_errors(issues)
    for resource in consent.label(mappings.to_fhir(record).resources):
        assert [found for found in validator.validate(resource) if found.is_error] == []


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=6, **UNHURRIED)
@given(data=st.data())
def test_what_is_said_of_the_resources_is_what_a_close_look_finds(
    kind: str, data: st.DataObject, mappings: Mappings, validator: Validator, closely: Callable[..., list[Issue]]
) -> None:
    record = data.draw(records(mappings.compiled(kind)))
    for resource in consent.label(mappings.to_fhir(record).resources):
        assert validator.validate(resource) == closely(resource)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "questionnaire"])
def test_many_records_become_valid_fhir(kind: str, mappings: Mappings, validator: Validator) -> None:
    """What few records have in common: of a questionnaire, a score that its answers give, which is asked above."""
    for seed in range(60):
        record = made(mappings.compiled(kind), Random(seed))
        for resource in consent.label(mappings.to_fhir(record).resources):
            assert [found for found in validator.validate(resource) if found.is_error] == [], record


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10, **UNHURRIED)
@given(data=st.data())
def test_the_resources_may_come_in_any_order(kind: str, data: st.DataObject, mappings: Mappings) -> None:
    record = data.draw(records(mappings.compiled(kind)))
    resources = mappings.to_fhir(record).resources
    found = mappings.to_records(data.draw(st.permutations(resources))).records
    keyed = [role for role in mappings.compiled(kind).plan.context.kinds[kind].values() if role.key]
    for role in keyed:  # items that are named by a field of theirs keep no order
        assert role.source is not None
        for one in [*found, record]:
            one.get(role.source.steps[0], []).sort(key=lambda item, key=role.key: item[key])
    assert found == [mappings.normal(record)]
