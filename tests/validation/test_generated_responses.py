"""Properties of responses to Questionnaires and of Bundles, made at random (``generated/``)."""

from functools import cache
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.validation.generated.bundles import bundle
from tests.validation.generated.cases import Cases
from tests.validation.generated.faults.answers import KINDS
from tests.validation.generated.responses import response

_TRIES = 400  # responses looked through for one that can have a fault of a kind
SEEDS = st.integers(0, 2**32)


@cache
def _cases() -> Cases:
    return Cases()


@settings(max_examples=60, phases=[Phase.generate])
@given(seed=SEEDS)
def test_a_valid_response_is_accepted(seed: int) -> None:
    rng = Random(seed)
    made = response(_cases().generator, rng.choice(_cases().forms), rng)
    found = _cases().validator.validate(made)
    assert [one for one in found if one.is_error] == []
    assert not any(one.rule == "questionnaire-unknown" for one in found)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=4, phases=[Phase.generate])  # a seed can't be made simpler
@given(seed=SEEDS)
def test_a_single_fault_of_an_answer_is_found_once_at_its_place(kind: str, seed: int) -> None:
    rng = Random(seed)
    fault = None
    for _ in range(_TRIES):
        form = rng.choice(_cases().forms)
        fault = KINDS[kind](form, response(_cases().generator, form, rng), rng)
        if fault is not None:
            break
    assert fault is not None, f"no response can have this fault: {kind}"
    found = [(one.rule, one.expression) for one in _cases().validator.validate(fault.resource) if one.is_error]
    assert found == [(fault.rule, fault.expression)]


@settings(max_examples=40, phases=[Phase.generate])
@given(seed=SEEDS)
def test_a_valid_bundle_is_accepted(seed: int) -> None:
    made = bundle(_cases().generator, Random(seed))
    assert [one for one in _cases().validator.validate(made) if one.is_error] == []
