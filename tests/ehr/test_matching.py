import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.ehr import match, record_numbers
from tests.ehr.story import OURS, PATIENT

MRN = "https://hospital.example/mrn"
OTHER = {**OURS, "id": "poe", "identifier": [{"system": "https://iop.example/record", "value": "R-2"}]}


def rules(found):
    return [issue.rule for issue in found.issues]


def test_a_shared_record_number_links():
    assert match(PATIENT, [OTHER, OURS]).patient == "Patient/roe"
    assert match(PATIENT, [OURS], systems={MRN}).patient == "Patient/roe"


def test_a_name_alone_links_nobody():
    stranger = {**OURS, "identifier": [{"system": "https://iop.example/record", "value": "R-1"}]}
    found = match(PATIENT, [stranger])
    assert (found.patient, rules(found)) == (None, ["ehr-match-none"])
    assert rules(match({**PATIENT, "identifier": []}, [OURS])) == ["ehr-match-no-number"]
    assert rules(match(PATIENT, [OURS], systems={"https://elsewhere.example"})) == ["ehr-match-no-number"]


@pytest.mark.parametrize(
    "number",
    [
        {"system": MRN, "value": "MRN-7", "use": "old"},
        {"system": MRN, "value": "MRN-7", "use": "temp"},
        {"system": MRN, "value": "MRN-7", "period": {"end": "2020-01-01"}},
        {"system": MRN, "value": " "},
        {"value": "MRN-7"},
        {"system": MRN},
        {"system": MRN, "value": 7},
        "MRN-7",
    ],
)
def test_a_number_that_identifies_nobody(number):
    assert record_numbers({"identifier": [number]}) == []


def test_several_who_share_a_number_are_left_to_a_person():
    twin = {**OURS, "id": "twin"}
    assert rules(match(PATIENT, [OURS, twin])) == ["ehr-match-several"]


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ({"birthDate": "1991-01-01"}, {}),
        ({"birthDate": "1990"}, {}),
        ({"birthDate": None, "name": [{"family": "Other"}]}, {}),
        ({}, {"birthDate": None, "name": []}),
    ],
)
def test_what_contradicts_is_left_to_a_person(theirs, ours):
    assert rules(match({**PATIENT, **theirs}, [{**OURS, **ours}])) == ["ehr-match-contradicts"]


def test_a_new_name_with_the_same_birth_date_links():
    assert match({**PATIENT, "name": [{"family": "Doe"}]}, [OURS]).patient
    assert match({**PATIENT, "birthDate": None}, [OURS]).patient


@pytest.mark.parametrize("change", [{"active": False}, {"link": [{"type": "replaced-by"}]}])
def test_a_replaced_record_is_left_to_a_person(change):
    assert rules(match({**PATIENT, **change}, [OURS])) == ["ehr-match-replaced"]
    assert rules(match(PATIENT, [{**OURS, **change}])) == ["ehr-match-replaced"]


people = st.fixed_dictionaries(
    {"id": st.sampled_from("abc")},
    optional={
        "identifier": st.lists(
            st.fixed_dictionaries(
                {}, optional={"system": st.sampled_from(["s", "t", 1]), "value": st.sampled_from(["1", "2", None])}
            ),
            max_size=2,
        ),
        "name": st.just([{"family": "Roe"}]),
        "birthDate": st.sampled_from(["1990-01-01", "1991-01-01"]),
    },
)


@given(people, st.lists(people, max_size=4))
def test_nobody_is_linked_without_a_shared_number(theirs, ours):
    found = match(theirs, ours)
    assert (found.patient is None) == bool(found.issues)
    if found.patient:
        (linked,) = [patient for patient in ours if set(record_numbers(patient)) & set(record_numbers(theirs))]
        assert found.patient == f"Patient/{linked['id']}"
