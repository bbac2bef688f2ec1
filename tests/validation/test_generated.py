"""Properties of the validator, on resources made at random from the definitions (``generated/``)."""

from functools import cache
from random import Random

import pytest
from hypothesis import Phase, given, reject, settings
from hypothesis import strategies as st

from fhir_iop.definitions import Definitions
from fhir_iop.validation import Validator
from tests.validation.generated.faults import KINDS, Sites
from tests.validation.generated.generator import Generator, Impossible

# Its invariants tie many elements together in ways that chance doesn't find.
_TOO_TIED = {"StructureDefinition"}
_TRIES = 400  # resources looked through for one that can have a fault of a kind
CORE = "http://hl7.org/fhir/StructureDefinition/"
GUIDE = "https://example.org/fhir/iop/"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
# Profiles of which no valid resource is made: what they ask of referenced resources isn't made along, and an extension
# that one requires is not allowed to stand there.
_UNMADE = {CORE + "lipidprofile", CORE + "cdshooksguidanceresponse"}
# The guide's profiles tie elements together by constraints; each has an example instead (tests/guide).
_GUIDE = "https://example.org/fhir/iop/"


@cache
def _validator() -> Validator:
    return Validator(Definitions.bundled())


@cache
def _generator() -> Generator:
    return Generator(_validator())


TYPES = sorted(Definitions.bundled().resource_types - _TOO_TIED)


def _profiles() -> list[str]:
    """All profiles on resources at hand, each version of them, as canonicals."""
    definitions = Definitions.bundled()
    found = []
    for _, url, version in definitions.canonicals("StructureDefinition"):
        structure = definitions.structure(f"{url}|{version}")
        is_profile = structure is not None and structure.kind == "resource" and structure.derivation == "constraint"
        if is_profile and structure.type not in _TOO_TIED and url not in _UNMADE and not url.startswith(_GUIDE):
            found.append(f"{url}|{version}")
    return sorted(found)


PROFILES = _profiles()


@settings(max_examples=80, phases=[Phase.generate])
@given(type_=st.sampled_from(TYPES), seed=st.integers(0, 2**32))
def test_a_valid_resource_of_any_type_is_accepted(type_: str, seed: int) -> None:
    resource = _generator().resource(type_, seed=seed)
    assert [found for found in _validator().validate(resource) if found.is_error] == []


@settings(max_examples=80, phases=[Phase.generate])
@given(profile=st.sampled_from(PROFILES), seed=st.integers(0, 2**32))
def test_a_valid_resource_of_any_profile_is_accepted(profile: str, seed: int) -> None:
    type_ = Definitions.bundled().structure(profile).type
    try:
        resource = _generator().resource(type_, [profile], seed=seed)
    except Impossible:
        # Some of our own profiles tie many elements together, which chance doesn't find.
        assert GUIDE in profile
        reject()
    assert [found for found in _validator().validate(resource) if found.is_error] == []


def test_the_same_seed_gives_the_same_resource() -> None:
    assert _generator().resource("Observation", seed=7) == Generator(_validator()).resource("Observation", seed=7)


@pytest.mark.parametrize("type_", ["MedicationRequest", "CarePlan", "Observation", "QuestionnaireResponse"])
def test_resources_are_varied(type_: str) -> None:
    made = [_generator().resource(type_, seed=seed) for seed in range(150)]
    elements = {name.removeprefix("_") for resource in made for name in resource}
    missing = set(_generator().expectations.resource(type_).by_json_name) - elements
    assert missing <= {"implicitRules", "modifierExtension"}  # hardly anything known stands there


MUTATED = [
    ("CarePlan", ""),
    ("Condition", ""),
    ("MedicationRequest", ""),
    ("Observation", ""),
    ("Patient", ""),
    ("QuestionnaireResponse", ""),
    ("CarePlan", "us-core-careplan"),
    ("CareTeam", "us-core-careteam"),
    ("Condition", "us-core-condition-problems-health-concerns"),
    ("Coverage", "us-core-coverage"),
    ("DocumentReference", "us-core-documentreference"),
    ("MedicationRequest", "us-core-medicationrequest"),
    ("Observation", "us-core-blood-pressure"),
    ("Observation", "us-core-bmi"),
    ("Observation", "us-core-observation-occupation"),
    ("Practitioner", "us-core-practitioner"),
]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=4, phases=[Phase.generate])  # a seed can't be made simpler
@given(seed=st.integers(0, 2**32))
def test_a_single_fault_is_found_once_at_its_place(kind: str, seed: int) -> None:
    rng = Random(seed)
    fault = None
    for _ in range(_TRIES):
        type_, profile = rng.choice(MUTATED)
        resource = _generator().resource(type_, [US_CORE + profile] if profile else [], seed=rng.random())
        fault = KINDS[kind](Sites(_generator(), resource), rng)
        if fault is not None:
            break
    assert fault is not None, f"no resource can have this fault: {kind}"
    found = [(found.rule, found.expression) for found in _validator().validate(fault.resource) if found.is_error]
    assert found == [(fault.rule, fault.expression)]
