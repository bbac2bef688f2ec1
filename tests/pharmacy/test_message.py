"""The message: what is in it, what is not, and when there is none."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.fhir.json import encode
from fhir_iop.fhir.security import is_protected, labels
from fhir_iop.fhir.systems import NPI, RXNORM, extension
from fhir_iop.issue import issue
from fhir_iop.pharmacy import message_id
from fhir_iop.pharmacy.controlled import SCHEDULE
from tests.pharmacy.story import (
    CONDITION,
    CONSENT,
    FILM,
    OPIOID_CONDITION,
    PATIENT,
    PHARMACY,
    PHARMACY_URL,
    PRACTITIONER,
    SERTRALINE,
    SIGNATURE,
    built,
    entries,
    rules,
)


def test_a_message_holds_the_order_and_whom_it_concerns():
    found = built()
    assert found.issues == []
    message = found.message
    assert [entry["resource"]["resourceType"] for entry in message["entry"]] == [
        "MessageHeader",
        "MedicationRequest",
        "Patient",
        "Practitioner",
        "Organization",
    ]
    header, order = (entry["resource"] for entry in message["entry"][:2])
    assert message["type"] == "message"
    assert message["timestamp"] == "2026-03-02T15:05:00+00:00"
    assert message["identifier"]["value"] == f"urn:uuid:{header['id']}" == message["entry"][0]["fullUrl"]
    assert header["id"] == message_id(SERTRALINE)
    assert header["eventCoding"]["code"] == "new-rx"
    assert header["source"]["endpoint"] == "https://iop.example/fhir"
    assert header["destination"][0]["endpoint"] == PHARMACY_URL
    assert header["focus"] == [{"reference": message["entry"][1]["fullUrl"]}]
    assert message["meta"] == {"profile": ["https://example.org/fhir/iop/StructureDefinition/iop-prescription-message"]}
    assert order["dosageInstruction"] == SERTRALINE["dosageInstruction"]
    assert order["reasonCode"] == [CONDITION["code"]]
    assert b'"value":25.0' in encode(message)


def test_every_reference_leads_to_an_entry():
    message = built(FILM).message
    urls = {entry["fullUrl"] for entry in message["entry"]}
    references = []

    def collect(value):
        if isinstance(value, dict):
            if isinstance(value.get("reference"), str):
                references.append(value["reference"])
            [collect(part) for part in value.values()]
        elif isinstance(value, list):
            [collect(part) for part in value]

    collect(message)
    assert len(references) >= 8
    assert set(references) <= urls


def test_no_more_of_the_record_than_dispensing_needs():
    told = json.dumps(built().message, default=str)
    for kept_back in (
        "confidence",
        "private",
        "enrolled",
        "Sertraline for Jane",
        "Encounter",
        "pdmp",
        "CarePlan",
        "phq9",
        "John",
        "program/",
        "Organization/program",
        "us-core-race",
        "000-00-0000",
        "AB1234563",
        "1970-01-01",
        "versionId",
        "lastUpdated",
        "urn:program",
    ):
        assert kept_back not in told
    assert "R-1" in told
    assert "us-core-patient" in told


def test_a_message_is_the_same_each_time_it_is_built():
    assert built() == built()
    changed = SERTRALINE | {"authoredOn": "2026-03-02T11:00:00-05:00"}
    assert built(changed).message["id"] == built().message["id"]
    assert message_id(SERTRALINE) != message_id(SERTRALINE, "cancel-rx") != message_id(FILM, "cancel-rx")


def test_a_protected_order_goes_with_consent_label_and_notice():
    found = built(FILM)
    assert found.issues == []
    assert {label.code for label in labels(found.message)} == {"42CFRPart2", "OPIOIDUD", "R", "NORDSCLCD"}
    (consent,) = entries(found.message, "Consent")
    assert consent["patient"]["reference"].startswith("urn:uuid:")
    assert "organization" not in consent
    told = json.dumps(consent)
    assert not any(other in told for other in ("probation", "employer", "signed form", "private"))
    assert len(consent["provision"]["actor"]) == 2
    assert consent["provision"]["provision"] == [{"type": "deny", "class": [{"code": "Observation"}]}]
    narrative = found.message["entry"][0]["resource"]["text"]
    assert narrative["status"] == "additional"
    assert "<p>First line of the notice.</p><p>Second &lt;line&gt;.</p>" in narrative["div"]
    assert "Corner &amp; Main" in narrative["div"]


def test_a_signed_controlled_order_is_carried_as_it_is():
    (order,) = entries(built(FILM).message, "MedicationRequest")
    assert SIGNATURE in order["extension"]
    assert [part["url"] for part in order["extension"]] == [SCHEDULE, SIGNATURE["url"]]
    assert entries(built(FILM).message, "Practitioner")[0]["identifier"] == PRACTITIONER["identifier"]
    literal = SIGNATURE | {"valueReference": {"reference": "https://certified.example/Signature/1"}}
    (order,) = entries(built(FILM | {"extension": [literal]}).message, "MedicationRequest")
    assert order["extension"] == [literal]


@pytest.mark.parametrize(
    "permission",
    [
        SimpleNamespace(permitted=False, consent=None, issues=[]),
        SimpleNamespace(permitted=False, consent=CONSENT, issues=[]),
        SimpleNamespace(permitted=True, consent=None, issues=[]),
    ],
)
def test_a_protected_order_without_a_permitting_consent_is_refused_whole(permission):
    found = built(FILM, permit=lambda *_: permission)
    assert found.message is None
    assert rules(found) == {"rx-not-permitted"}


def test_who_decides_on_the_disclosure_sees_all_that_would_go_and_is_quoted():
    asked = []

    def permit(resources, pharmacy):
        asked.append(([resource["resourceType"] for resource in resources], pharmacy["id"]))
        denied = issue("disclosure-denied", "MedicationRequest", type="MedicationRequest", rule="P7", says="No.")
        return SimpleNamespace(permitted=False, consent=None, issues=[denied])

    assert rules(built(SERTRALINE, permit=permit)) == {"disclosure-denied"}
    assert asked == [(["MedicationRequest", "Patient", "Practitioner", "Organization"], "pharmacy")]


def test_an_order_that_is_not_protected_takes_no_consent_along():
    permission = SimpleNamespace(permitted=True, consent=CONSENT, issues=[])
    message = built(SERTRALINE, permit=lambda *_: permission).message
    assert entries(message, "Consent") == []
    assert "notice" not in message["entry"][0]["resource"]["text"]["div"]


def test_a_protected_order_needs_its_notice():
    assert rules(built(FILM, notice="")) == {"rx-not-permitted"}
    assert built(SERTRALINE, notice="").message


def test_an_order_for_a_protected_diagnosis_is_protected():
    order = SERTRALINE | {"reasonReference": [{"reference": "Condition/oud"}]}
    assert not is_protected(order)
    refused = built(
        order,
        permit=lambda resources, _: SimpleNamespace(
            permitted=not any(map(is_protected, resources)), consent=None, issues=[]
        ),
    )
    assert refused.message is None
    sent = built(order).message
    assert is_protected(sent)
    assert is_protected(entries(sent, "MedicationRequest")[0])
    assert entries(sent, "Consent")


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"status": "draft"}, "rx-status"),
        ({"status": "stopped"}, "rx-status"),
        ({"intent": "plan"}, "rx-intent"),
        ({"intent": "proposal"}, "rx-intent"),
        ({"reportedBoolean": True}, "rx-no-order"),
        ({"reportedReference": {"reference": "Patient/roe"}}, "rx-no-order"),
        ({"doNotPerform": True}, "rx-no-order"),
        ({"dispenseRequest": {}}, "rx-no-pharmacy"),
        (
            {
                "category": [
                    {
                        "coding": [
                            {
                                "system": "http://terminology.hl7.org/CodeSystem/medicationrequest-category",
                                "code": "inpatient",
                            }
                        ]
                    }
                ]
            },
            "rx-category",
        ),
        ({"subject": {"reference": "Patient/nobody"}}, "rx-unresolved"),
        ({"subject": {"reference": "https://elsewhere.example/fhir/Patient/roe"}}, "rx-unresolved"),
        ({"subject": {"display": "Jane"}}, "rx-unresolved"),
        ({"requester": {"reference": "Organization/pharmacy"}}, "rx-unresolved"),
        ({"reasonReference": [{"reference": "Condition/unknown"}]}, "rx-unresolved"),
        ({"reasonReference": [{"reference": "Observation/phq9"}]}, "rx-indication"),
        ({"medicationReference": {"reference": "Medication/unknown"}}, "rx-unresolved"),
        ({"medicationReference": {"reference": "#m"}}, "rx-unresolved"),
    ],
)
def test_what_is_not_sent(changed, rule):
    found = built(SERTRALINE | changed)
    assert found.message is None
    assert rules(found) == {rule}


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        (PATIENT | {"birthDate": ""}, "rx-patient"),
        (PATIENT | {"name": []}, "rx-patient"),
        (PRACTITIONER | {"identifier": [{"system": "urn:x", "value": "1"}]}, "rx-prescriber"),
        (PHARMACY | {"identifier": [{"system": NPI, "value": "1234567893"}]}, "rx-pharmacy"),
        (CONDITION | {"subject": {"reference": "Patient/poe"}}, "rx-other-patient"),
    ],
)
def test_a_message_that_would_go_astray_is_not_sent(changed, rule):
    assert rules(built(SERTRALINE, changed)) == {rule}


def test_a_reference_at_our_own_address_is_ours():
    order = SERTRALINE | {"subject": {"reference": "https://iop.example/fhir/Patient/roe"}}
    condition = CONDITION | {"subject": {"reference": "https://iop.example/fhir/Patient/roe"}}
    assert built(order, condition).message


def test_a_role_is_sent_with_its_practitioner():
    role = {
        "resourceType": "PractitionerRole",
        "id": "role",
        "practitioner": {"reference": "Practitioner/psy"},
        "organization": {"reference": "Organization/program"},
    }
    message = built(SERTRALINE | {"requester": {"reference": "PractitionerRole/role"}}, role).message
    assert entries(message, "Practitioner")
    assert "organization" not in entries(message, "PractitionerRole")[0]


def test_a_medication_goes_along_with_its_ingredients_in_codes():
    substance = {"resourceType": "Substance", "id": "s", "code": {"text": "sertraline"}}
    medication = {
        "resourceType": "Medication",
        "id": "m",
        "code": {"text": "compounded sertraline"},
        "manufacturer": {"reference": "Organization/maker"},
        "ingredient": [{"itemReference": {"reference": "Substance/s"}, "isActive": True}],
    }
    order = {name: value for name, value in SERTRALINE.items() if name != "medicationCodeableConcept"}
    order["medicationReference"] = {"reference": "Medication/m"}
    (sent,) = entries(built(order, medication, substance).message, "Medication")
    assert sent["ingredient"] == [{"isActive": True, "itemCodeableConcept": {"text": "sertraline"}}]
    assert "manufacturer" not in sent
    assert medication["ingredient"] == [{"itemReference": {"reference": "Substance/s"}, "isActive": True}]
    assert rules(built(order, medication)) == {"rx-unresolved"}
    contained = order | {
        "medicationReference": {"reference": "#m"},
        "contained": [
            {"resourceType": "Medication", "id": "m", "code": {"text": "sertraline"}, "text": {"div": "x"}},
            {"resourceType": "Observation", "id": "o"},
        ],
    }
    message = built(contained).message
    assert entries(message, "Medication") == []
    (order,) = entries(message, "MedicationRequest")
    assert order["contained"] == [{"resourceType": "Medication", "id": "m", "code": {"text": "sertraline"}}]
    assert order["medicationReference"] == {"reference": "#m"}


def test_the_order_before_is_told_by_its_number():
    reason = {"url": extension("medication-change-reason"), "valueCodeableConcept": {"text": "no effect"}}
    order = SERTRALINE | {"priorPrescription": {"reference": "MedicationRequest/before"}, "extension": [reason]}
    before = {"resourceType": "MedicationRequest", "id": "before", "identifier": [{"system": "urn:o", "value": "1"}]}
    (sent,) = entries(built(order, before).message, "MedicationRequest")
    assert sent["priorPrescription"] == {"type": "MedicationRequest", "identifier": {"system": "urn:o", "value": "1"}}
    assert sent["extension"] == [reason]
    (sent,) = entries(built(order).message, "MedicationRequest")
    assert "priorPrescription" not in sent
    assert "extension" not in sent


METHADONE = {"coding": [{"system": RXNORM, "code": "864706"}]}
PAIN = [{"text": "Chronic pain"}]


@pytest.mark.parametrize(
    "order",
    [
        {"medicationCodeableConcept": METHADONE},
        {"medicationCodeableConcept": {"text": "Methadone 10 mg"}},
        {"medicationCodeableConcept": METHADONE, "reasonReference": [], "reasonCode": [OPIOID_CONDITION["code"]]},
        {
            "medicationCodeableConcept": METHADONE,
            "reasonReference": [],
            "reasonCode": [{"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F11.20"}]}],
        },
        {"medicationCodeableConcept": METHADONE, "reasonReference": [], "reasonCode": [{"text": "OUD"}]},
        {"medicationReference": {"reference": "Medication/methadone"}},
        {"medicationReference": {"reference": "Medication/by-ingredient"}},
        {
            "medicationReference": {"reference": "#m"},
            "contained": [{"resourceType": "Medication", "id": "m", "code": METHADONE}],
        },
    ],
)
def test_methadone_for_opioid_use_disorder_is_never_a_pharmacy_order(order):
    order = FILM | order
    if "medicationReference" in order:
        del order["medicationCodeableConcept"]
    kept = (
        {"resourceType": "Medication", "id": "methadone", "code": METHADONE},
        {
            "resourceType": "Medication",
            "id": "by-ingredient",
            "code": {"text": "solution"},
            "ingredient": [{"itemReference": {"reference": "Substance/x"}}],
        },
        {"resourceType": "Substance", "id": "x", "code": {"coding": [{"system": RXNORM, "code": "6813"}]}},
    )
    found = built(order, *kept)
    assert found.message is None
    assert "rx-methadone" in rules(found)


def test_methadone_for_another_reason_may_be_sent_where_it_is_signed():
    order = FILM | {"medicationCodeableConcept": METHADONE, "reasonReference": [], "reasonCode": PAIN}
    assert built(order).message
    assert rules(built(order | {"extension": []})) == {"rx-unsigned"}


UNSIGNED = [part for part in FILM["extension"] if part is not SIGNATURE]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"extension": UNSIGNED}, {"rx-unsigned"}),
        ({"extension": []}, {"rx-unsigned"}),
        ({"extension": [*UNSIGNED, {"url": SIGNATURE["url"], "valueReference": {"display": "yes"}}]}, {"rx-unsigned"}),
        ({"extension": [*UNSIGNED, {"url": SIGNATURE["url"], "valueBoolean": True}]}, {"rx-unsigned"}),
        ({"medicationCodeableConcept": {"text": "Lorazepam 1 mg"}, "extension": []}, {"rx-unsigned"}),
        ({"dispenseRequest": FILM["dispenseRequest"] | {"numberOfRepeatsAllowed": 6}}, {"rx-refills"}),
        ({"dispenseRequest": {"performer": FILM["dispenseRequest"]["performer"]}}, {"rx-controlled-element"}),
        (
            {"extension": [SIGNATURE, {"url": SCHEDULE, "valueCoding": {"code": "I"}}]},
            {"rx-schedule"},
        ),
        (
            {
                "extension": [SIGNATURE, {"url": SCHEDULE, "valueCoding": {"code": "II"}}],
                "dispenseRequest": FILM["dispenseRequest"] | {"numberOfRepeatsAllowed": 1},
            },
            {"rx-refills"},
        ),
    ],
)
def test_a_controlled_order_that_is_not_carried(changed, expected):
    found = built(FILM | changed)
    assert found.message is None
    assert rules(found) == expected


def test_nobody_is_asked_about_an_order_that_does_not_go_anyway():
    def asked(*_):
        raise AssertionError("asked")

    assert rules(built(FILM | {"extension": UNSIGNED}, permit=asked)) == {"rx-unsigned"}


def test_a_controlled_order_tells_address_and_dea_number():
    assert rules(built(FILM, PATIENT | {"address": []})) == {"rx-controlled-element"}
    without = PRACTITIONER | {"identifier": PRACTITIONER["identifier"][:1]}
    assert rules(built(FILM, without)) == {"rx-controlled-element"}
    assert built(SERTRALINE, without, PATIENT | {"address": []}).message


def test_the_end_of_the_telemedicine_rules_is_told():
    found = built(FILM | {"authoredOn": "2027-01-01T09:00:00-05:00"})
    assert found.message
    assert rules(found) == {"rx-telemedicine"}
    assert rules(built(FILM | {"authoredOn": "2026-12-31"})) == set()


def test_a_cancellation_repeats_the_number_and_says_why():
    stopped = FILM | {"status": "stopped", "statusReason": {"text": "side effect"}, "extension": []}
    found = built(stopped, event="cancel-rx")
    assert found.issues == []
    (order,) = entries(found.message, "MedicationRequest")
    assert (order["status"], order["statusReason"]) == ("cancelled", {"text": "side effect"})
    assert order["identifier"] == FILM["identifier"]
    assert found.message["entry"][0]["resource"]["eventCoding"]["code"] == "cancel-rx"
    assert entries(found.message, "Consent")
    assert rules(built(stopped | {"statusReason": {}}, event="cancel-rx")) == {"rx-no-reason"}
    assert rules(built(stopped | {"identifier": []}, event="cancel-rx")) == {"rx-no-identifier"}
    assert rules(built(FILM | {"statusReason": {"text": "x"}}, event="cancel-rx")) == {"rx-not-ended"}


@given(st.booleans(), st.booleans(), st.sampled_from([SERTRALINE, FILM]), st.booleans())
def test_no_message_with_a_protected_entry_leaves_without_consent(permitted, has_consent, order, is_for_opioids):
    reason = "Condition/oud" if is_for_opioids else "Condition/depression"
    permission = SimpleNamespace(permitted=permitted, consent=CONSENT if has_consent else None, issues=[])
    found = built(order | {"reasonReference": [{"reference": reason}]}, permit=lambda *_: permission)
    if found.message is None:
        assert found.issues
        return
    if any(is_protected(entry["resource"]) for entry in found.message["entry"]):
        assert permitted
        assert has_consent
        assert is_protected(found.message)
        assert entries(found.message, "Consent")


def test_a_schedule_may_stand_on_the_medication():
    schedule = {"url": SCHEDULE, "valueCoding": {"code": "IV"}}
    medication = {
        "resourceType": "Medication",
        "id": "m",
        "code": {"text": "new drug"},
        "extension": [schedule, {"url": "urn:x"}],
    }
    order = {name: value for name, value in FILM.items() if name != "medicationCodeableConcept"}
    order |= {"medicationReference": {"reference": "Medication/m"}, "extension": []}
    assert rules(built(order, medication)) == {"rx-unsigned"}
    (sent,) = entries(built(order | {"extension": [SIGNATURE]}, medication).message, "Medication")
    assert sent["extension"] == [schedule]
