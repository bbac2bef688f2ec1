"""References to resources that are at hand: what they lead to is as one of the target profiles asks."""

from typing import Any

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator
from tests.validation.made import bundle, entry, observation, order, patient
from tests.validation.test_hostile_profiles import BASE, asking, element, profile

US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
RXNORM: dict[str, Any] = {"coding": [{"system": "http://www.nlm.nih.gov/research/umls/rxnorm", "code": "310325"}]}
STORE = {
    "Patient/whole": patient(id="whole"),
    "Patient/nameless": {"resourceType": "Patient", "id": "nameless"},
    "Group/some": {"resourceType": "Group", "id": "some", "type": "person", "actual": True},
    "Group/broken": {"resourceType": "Group", "id": "broken"},
}


@pytest.fixture(scope="module")
def knowing(definitions: Definitions) -> Validator:
    return Validator(definitions, look_up=STORE.get)


@pytest.mark.parametrize(
    ("target", "version", "rules"),
    [
        ("Patient/whole", "7.0.0", []),
        ("Patient/nameless", "7.0.0", ["reference-profile"]),  # a Patient of US Core, or any Group
        ("Patient/nameless", "6.1.0", ["reference-profile"]),
        ("Group/some", "7.0.0", []),
        ("Group/broken", "7.0.0", []),  # its own faults are told where it is validated
        ("Group/some", "6.1.0", ["reference-target"]),
        ("Patient/elsewhere", "7.0.0", []),
    ],
)
def test_a_target_is_held_to_the_profile_of_its_type(
    knowing: Validator, target: str, version: str, rules: list[str]
) -> None:
    resource = order(subject={"reference": target}, requester={"display": "x"}, medicationCodeableConcept=RXNORM)
    found = knowing.validate(resource, [US_CORE + "us-core-medicationrequest|" + version])
    assert [issue.rule for issue in found if issue.severity != "information"] == rules


def test_a_target_that_refers_back_is_looked_at_beside_the_resource(definitions: Definitions) -> None:
    """Each of two resources leads to the other, and what is looked at first is looked at to its end."""
    ada = patient(id="ada", link=[{"other": {"reference": "Patient/bea"}, "type": "seealso"}])
    bea = patient(id="bea", link=[{"other": {"reference": "Patient/ada"}, "type": "seealso"}])
    store = {"Patient/ada": ada, "Patient/bea": bea}
    validator = Validator(definitions, look_up=store.get)
    profile = US_CORE + "us-core-medicationrequest"
    resource = order(subject={"reference": "Patient/ada"}, requester={"display": "x"}, medicationCodeableConcept=RXNORM)
    right = [issue for issue in validator.validate(resource, [profile]) if issue.severity != "information"]
    assert right == []
    wrong = validator.validate(
        resource | {"priority": "now", "reportedReference": {"reference": "Device/1"}}, [profile]
    )
    assert {issue.rule for issue in wrong if issue.is_error} == {"binding-required", "reference-target"}


def test_what_is_looked_up_is_held_to_its_profile_each_time(definitions: Definitions) -> None:
    """A store reads each target anew, and what it read before may be gone."""
    active = profile("active", "Practitioner", asking("Practitioner", "active = true"))
    by = element("Observation.performer", type=[{"code": "Reference", "targetProfile": [BASE + "active"]}])
    asked = package_of([active, profile("by", "Observation", by)], "example.program", "1")

    def read(reference: str) -> dict[str, Any]:
        return {"resourceType": "Practitioner", "id": "a", "active": reference.endswith("yes")}

    validator = Validator(definitions.with_packages(asked), look_up=read)
    answers = [index % 3 == 0 or index % 7 == 0 for index in range(60)]
    performer = [{"reference": f"Practitioner/{'yes' if answer else 'no'}"} for answer in answers]
    found = validator.validate(observation(performer=performer), [BASE + "by"])
    wrong = [f"Observation.performer[{index}]" for index, answer in enumerate(answers) if not answer]
    assert [issue.expression for issue in found] == wrong


def test_the_base_type_asks_for_no_profile(knowing: Validator) -> None:
    assert knowing.validate(observation(subject={"reference": "Patient/nameless"})) == []


MINE = "https://program.example.org/fhir/StructureDefinition/"


def leading(name: str, **how: Any) -> dict[str, Any]:
    """A profile of Observation that says how its subject is referred to."""
    element = {"id": "Observation.subject", "path": "Observation.subject", "type": [{"code": "Reference"} | how]}
    return {
        "resourceType": "StructureDefinition",
        "url": MINE + name,
        "version": "1",
        "name": name,
        "status": "draft",
        "kind": "resource",
        "abstract": False,
        "type": "Observation",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Observation",
        "derivation": "constraint",
        "differential": {"element": [element]},
    }


@pytest.fixture(scope="module")
def leading_validator(definitions: Definitions) -> Validator:
    profiles = [
        leading("inside", aggregation=["contained"]),
        leading("together", aggregation=["contained", "bundled"]),
        leading("outside", aggregation=["referenced"]),
        leading("version", versioning="specific"),
        leading("latest", versioning="independent"),
    ]
    return Validator(definitions.with_packages(package_of(profiles, "leading", "1")))


INSIDE = {"contained": [patient(id="p")], "subject": {"reference": "#p"}}
ELSEWHERE: dict[str, Any] = {"subject": {"reference": "Patient/p"}}
VERSION: dict[str, Any] = {"subject": {"reference": "Patient/p/_history/2"}}


@pytest.mark.parametrize(
    ("profile", "changes", "rule"),
    [
        ("inside", INSIDE, None),
        ("inside", ELSEWHERE, "reference-aggregation"),
        ("outside", INSIDE, "reference-aggregation"),
        ("outside", ELSEWHERE, None),
        ("together", INSIDE, None),
        ("together", ELSEWHERE, "reference-aggregation"),
        ("inside", {"subject": {"display": "somebody"}}, None),
        ("version", VERSION, None),
        ("version", ELSEWHERE, "reference-versioning"),
        ("latest", VERSION, "reference-versioning"),
        ("latest", ELSEWHERE, None),
        ("latest", INSIDE, None),
    ],
)
def test_a_reference_leads_where_its_profile_wants(
    leading_validator: Validator, profile: str, changes: dict[str, Any], rule: str | None
) -> None:
    found = leading_validator.validate(observation(**changes), [MINE + profile])
    assert [(issue.rule, issue.expression) for issue in found] == ([(rule, "Observation.subject")] if rule else [])


@pytest.mark.parametrize(
    ("profile", "rules"), [("together", []), ("outside", []), ("inside", ["reference-aggregation"])]
)
def test_what_is_bundled_is_referenced_too(leading_validator: Validator, profile: str, rules: list[str]) -> None:
    base = "https://ehr.example.org/r4"
    claiming = observation(id="o", meta={"profile": [MINE + profile]}, **ELSEWHERE)
    both = bundle("collection", entry(f"{base}/Observation/o", claiming), entry(f"{base}/Patient/p", patient(id="p")))
    assert [issue.rule for issue in leading_validator.validate(both)] == rules


@pytest.mark.parametrize(("target", "rules"), [("Patient/whole", []), ("Patient/nameless", ["reference-profile"])])
def test_what_is_said_of_an_element_holds_in_its_slices(knowing: Validator, target: str, rules: list[str]) -> None:
    """US Core names its own profiles as targets of `agent.who`, and its published slices of agent the base types."""
    kind = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
    author = {"type": {"coding": [{"system": kind, "code": "author"}]}, "who": {"reference": target}}
    provenance = {
        "resourceType": "Provenance",
        "target": [{"reference": "Patient/whole"}],
        "recorded": "2026-01-01T00:00:00Z",
        "agent": [author | {"onBehalfOf": {"display": "Invented program"}}],
    }
    found = knowing.validate(provenance, [US_CORE + "us-core-provenance"])
    assert [issue.rule for issue in found if issue.severity != "information"] == rules
