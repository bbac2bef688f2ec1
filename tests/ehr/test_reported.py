"""What another system's MedicationRequest becomes here."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.ehr import as_reported_medication
from fhir_iop.fhir.json import encode
from fhir_iop.fhir.security import PART2, Label, labels
from fhir_iop.fhir.systems import URI
from tests.ehr.story import AT, BASE, KEY, REQUEST

ADDRESS = f"{BASE}/MedicationRequest/77"


def reported(request=REQUEST, **more):
    return as_reported_medication(request, base=BASE, subject="Patient/roe", at=AT, id_key=KEY, **more)


def without(*names, **more):
    return {name: value for name, value in REQUEST.items() if name not in names} | more


def rules(found):
    return {issue.rule for issue in found.issues}


def test_an_order_there_is_a_report_here():
    found = reported()
    medication, _ = found.resources
    assert found.issues == []
    assert (medication["status"], medication["intent"]) == ("active", "plan")
    assert medication["reportedReference"] == {
        "type": "Organization",
        "identifier": {"system": URI, "value": BASE},
        "display": "ehr.example",
    }
    assert medication["subject"] == {"reference": "Patient/roe"}
    assert medication["identifier"] == [*REQUEST["identifier"], {"system": URI, "value": ADDRESS}]
    assert medication["category"] == REQUEST["category"]
    assert medication["authoredOn"] == "2026-01-05"
    assert medication["requester"] == {"display": "Dr. Invented"}
    assert medication["reasonCode"] == [{"text": "Bipolar disorder"}]
    assert medication["note"] == [{"text": "level checked"}]
    assert medication["dosageInstruction"] == REQUEST["dosageInstruction"]
    assert b"300.00" in encode(medication)
    assert not medication.keys() & {"dispenseRequest", "substitution", "encounter", "text", "reasonReference"}


def test_labels_survive():
    medication, provenance = reported().resources
    assert labels(medication) == labels(provenance) == (PART2,)
    product = {"code": {"text": "x"}, "meta": {"security": [{"system": "urn:s", "code": "HIV"}]}}
    request = without("medicationCodeableConcept", medicationReference={"reference": "Medication/m"})
    assert Label("urn:s", "HIV") in labels(reported(request, medication=product).resources[0])


def test_whence_it_came_is_said():
    medication, provenance = reported().resources
    assert provenance["target"] == [{"reference": f"MedicationRequest/{medication['id']}"}]
    assert provenance["recorded"] == AT.isoformat()
    assert provenance["entity"] == [{"role": "source", "what": {"reference": f"{ADDRESS}/_history/3"}}]
    assert provenance["agent"][0]["who"] == {"display": "Dr. Invented"}
    assert provenance["agent"][0]["onBehalfOf"] == medication["reportedReference"]
    assert provenance["agent"][1]["who"] == medication["reportedReference"]
    assert reported(without("requester")).resources[1]["agent"][0]["who"] == medication["reportedReference"]


def test_the_same_request_is_the_same_resource_and_each_version_has_its_provenance():
    first = reported().resources
    later = reported(without(meta={"versionId": "4"})).resources
    assert reported().resources == first
    assert later[0]["id"] == first[0]["id"]
    assert later[1]["id"] != first[1]["id"]
    elsewhere = as_reported_medication(REQUEST, base="https://b.example", subject="Patient/roe", at=AT, id_key=KEY)
    another_key = as_reported_medication(REQUEST, base=BASE, subject="Patient/roe", at=AT, id_key="other")
    assert len({first[0]["id"], elsewhere.resources[0]["id"], another_key.resources[0]["id"]}) == 3


@pytest.mark.parametrize(
    ("there", "here", "reason"),
    [
        ("active", "active", None),
        ("on-hold", "on-hold", "The source says: on-hold."),
        ("completed", "completed", None),
        ("stopped", "stopped", "The source says: stopped."),
        ("cancelled", "stopped", "The source says: cancelled."),
        ("draft", "unknown", None),
        ("unknown", "unknown", None),
        ("entered-in-error", "entered-in-error", None),
    ],
)
def test_states(there, here, reason):
    medication = reported(without(status=there)).resources[0]
    assert medication["status"] == here
    assert medication.get("statusReason", {}).get("text") == reason
    said = reported(without(status=there, statusReason={"text": "own"})).resources[0]
    assert said["statusReason"] == {"text": "own"}


def medication_of(medication=None, reference="Medication/m", **more):
    target = {"reference": reference, **more}
    return reported(without("medicationCodeableConcept", medicationReference=target), medication=medication)


def test_a_medication_that_is_only_a_code_becomes_the_code():
    found = medication_of({"resourceType": "Medication", "id": "m", "code": {"text": "lithium"}, "text": {"div": "x"}})
    assert found.resources[0]["medicationCodeableConcept"] == {"text": "lithium"}
    assert "contained" not in found.resources[0]


def test_a_medication_that_says_more_is_contained():
    from decimal import Decimal

    strength = {"numerator": {"value": Decimal("0.50"), "unit": "mg"}, "denominator": {"value": 1}}
    medication = {
        "resourceType": "Medication",
        "id": "m",
        "meta": {"versionId": "1", "security": [{"system": "urn:s", "code": "c"}]},
        "code": {"text": "mixture"},
        "manufacturer": {"reference": "Organization/x"},
        "ingredient": [
            {"itemCodeableConcept": {"text": "a"}, "strength": strength},
            {"itemReference": {"reference": "Substance/b", "display": "b"}},
            {"itemReference": {"reference": "Substance/c"}},
        ],
    }
    found = medication_of(medication)
    assert found.resources[0]["medicationReference"] == {"reference": "#medication"}
    assert found.resources[0]["contained"] == [
        {
            "resourceType": "Medication",
            "id": "medication",
            "code": {"text": "mixture"},
            "ingredient": [
                {"itemCodeableConcept": {"text": "a"}, "strength": strength},
                {"itemCodeableConcept": {"text": "b"}},
            ],
        }
    ]
    assert rules(found) == {"ehr-ingredient"}


def test_a_contained_medication_is_found():
    request = without(
        "medicationCodeableConcept",
        medicationReference={"reference": "#m"},
        contained=[{"resourceType": "Medication", "id": "m", "code": {"text": "lithium"}}],
    )
    assert reported(request).resources[0]["medicationCodeableConcept"] == {"text": "lithium"}


def test_a_medication_by_its_displayed_name_is_told():
    found = medication_of(display="Lithium 300")
    assert found.resources[0]["medicationCodeableConcept"] == {"text": "Lithium 300"}
    assert rules(found) == {"ehr-medication-by-name"}


@pytest.mark.parametrize(
    ("request_", "rule"),
    [
        (without("medicationCodeableConcept"), "ehr-no-medication"),
        (without(status="bogus"), "ehr-status"),
        (without("status"), "ehr-status"),
        (without(intent="proposal"), "ehr-intent"),
        (without("intent"), "ehr-intent"),
        (without(modifierExtension=[{"url": "urn:not"}]), "ehr-modifier"),
        (without(dosageInstruction=[{"modifierExtension": [{"url": "urn:not"}]}]), "ehr-modifier"),
        (without(implicitRules="urn:r"), "ehr-modifier"),
    ],
)
def test_what_is_not_taken_over(request_, rule):
    found = reported(request_)
    assert found.resources == []
    assert rules(found) == {rule}


def test_a_modifier_on_the_medication_counts():
    assert rules(medication_of({"code": {"text": "x"}, "modifierExtension": [{"url": "urn:n"}]})) == {"ehr-modifier"}


def test_a_request_not_to_give_stays_one_and_a_category_is_supplied():
    medication = reported(without(doNotPerform=True, category=[{"text": "x"}])).resources[0]
    assert medication["doNotPerform"] is True
    assert medication["category"][0]["coding"][0]["code"] == "community"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["reference", "display", "coding", "system", "text", "code", "identifier"]), inner
        )
    ),
    max_leaves=10,
)


@given(
    st.dictionaries(st.sampled_from([*REQUEST, "medicationReference", "contained", "modifierExtension"]), values),
    st.booleans(),
)
def test_a_request_of_any_shape_is_taken_over_as_reported_or_not_at_all(changed, whole):
    found = reported(REQUEST | changed if whole else changed, medication=changed)
    if not found.resources:
        assert found.issues
        return
    medication = found.resources[0]
    assert medication["intent"] == "plan"
    assert medication["subject"] == {"reference": "Patient/roe"}
    assert "dispenseRequest" not in medication
    assert BASE not in str(
        {k: v for k, v in medication.items() if k not in {"meta", "identifier", "reportedReference"}}
    )
