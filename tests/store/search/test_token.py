"""token: codes, identifiers, flags."""

from urllib.parse import quote

import pytest

from fhir_iop.store import Store
from tests.store.examples import order, put
from tests.store.search.conftest import Found

LOINC = "http://loinc.org"
NPI = "http://hl7.org/fhir/sid/us-npi"
TYPES = "http://terminology.hl7.org/CodeSystem/v2-0203"


def observation(id_: str, *coding: dict[str, str], **elements: object) -> dict[str, object]:
    return {"resourceType": "Observation", "id": id_, "status": "final", "code": {"coding": list(coding)}, **elements}


@pytest.fixture(autouse=True)
def observations(store: Store) -> None:
    put(
        store,
        observation("both", {"system": LOINC, "code": "44261-6"}, {"system": "http://example.org", "code": "Local"}),
        observation("loinc", {"system": LOINC, "code": "44261-6"}),
        observation("other", {"system": "http://example.org", "code": "44261-6"}),
        observation("bare", {"code": "44261-6"}),
        observation("text", text="said in words"),
        observation("odd", {"system": "http://example.org/a|b", "code": "x,y|z$1\\2"}),
    )


CODES: dict[str, list[str]] = {
    "44261-6": ["bare", "both", "loinc", "other"],
    f"{LOINC}|44261-6": ["both", "loinc"],
    f"{LOINC}|": ["both", "loinc"],
    "|44261-6": ["bare"],
    "local": ["both"],
    "LOCAL": ["both"],
    "http://LOINC.org|44261-6": [],
    "4426": [],
    "local,nothing": ["both"],
    f"{LOINC}|44261-6,local": ["both", "loinc"],
    r"http://example.org/a\|b|x\,y\|z\$1\\2": ["odd"],
    r"x\,y\|z\$1\\2": ["odd"],
}


def test_codes(found: Found) -> None:
    assert {value: found(f"Observation?code={quote(value)}") for value in CODES} == CODES


def test_not_and_missing(found: Found) -> None:
    assert found("Observation?code:not=44261-6") == ["odd", "text"]
    assert found(f"Observation?code:not=local,{LOINC}|44261-6") == ["bare", "odd", "other", "text"]
    assert found("Observation?code:not=44261-6&status:not=final") == []
    assert found("Observation?code:missing=false") == ["bare", "both", "loinc", "odd", "other", "text"]
    assert found("Observation?method:missing=true&code:not=44261-6") == ["odd", "text"]
    assert found("Observation?method:missing=false") == []


def test_a_code_whose_system_is_implied_matches_any(found: Found) -> None:
    assert len(found("Observation?status=final")) == 6
    assert len(found("Observation?status=http://hl7.org/fhir/observation-status|final")) == 6
    assert found("Observation?status=http://hl7.org/fhir/observation-status|draft") == []


def test_several_values_of_a_repeating_element(store: Store, found: Found) -> None:
    put(store, order("rx", category=[{"coding": [{"code": "community"}]}, {"coding": [{"code": "discharge"}]}]))
    assert found("MedicationRequest?category=community&category=discharge") == ["rx"]
    assert found("MedicationRequest?category=community&category=inpatient") == []
    assert found("MedicationRequest?category=community,inpatient") == ["rx"]
    assert found("MedicationRequest?category:not=community") == []


def test_identifiers(store: Store, found: Found) -> None:
    put(
        store,
        {
            "resourceType": "Practitioner",
            "id": "typed",
            "identifier": [
                {"type": {"coding": [{"system": TYPES, "code": "NPI"}]}, "system": NPI, "value": "1234567893"},
                {"value": "A-7"},
            ],
        },
        {"resourceType": "Practitioner", "id": "plain", "identifier": [{"system": NPI, "value": "1234567893"}]},
    )
    assert found(f"Practitioner?identifier={NPI}|1234567893") == ["plain", "typed"]
    assert found("Practitioner?identifier=|A-7") == ["typed"]
    assert found(f"Practitioner?identifier:of-type={TYPES}|NPI|1234567893") == ["typed"]
    assert found(f"Practitioner?identifier:of-type={TYPES}|MR|1234567893") == []


def test_flags_and_contact_points(store: Store, found: Found) -> None:
    put(
        store,
        {"resourceType": "Patient", "id": "on", "active": True, "telecom": [{"system": "phone", "value": "555-0100"}]},
        {
            "resourceType": "Patient",
            "id": "off",
            "active": False,
            "telecom": [{"system": "email", "value": "555-0100"}],
        },
        {"resourceType": "Patient", "id": "dead", "deceasedDateTime": "2025-01-01"},
        {"resourceType": "Patient", "id": "alive", "deceasedBoolean": False},
    )
    assert found("Patient?active=true") == ["on"]
    assert found("Patient?active=false") == ["off"]
    assert found("Patient?telecom=555-0100") == ["off", "on"]
    assert found("Patient?phone=555-0100") == ["on"]
    assert found("Patient?email=555-0100") == ["off"]
    assert found("Patient?deceased=true") == ["dead"]


def test_labels_and_tags(store: Store, found: Found) -> None:
    part2 = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "42CFRPart2"}
    put(store, order("labelled", meta={"security": [part2], "tag": [{"code": "t"}]}), order("open"))
    assert found(f"MedicationRequest?_security={part2['system']}|42CFRPart2") == ["labelled"]
    assert found(f"MedicationRequest?_security:not={part2['system']}|42CFRPart2") == ["open"]
    assert found("MedicationRequest?_tag=t") == ["labelled"]


def test_a_very_long_code_is_found_by_its_whole(store: Store, found: Found) -> None:
    put(store, observation("long", {"system": "http://example.org/" + "s" * 5000, "code": "c" * 5000}))
    assert found("Observation?code=" + "c" * 5000) == ["long"]
