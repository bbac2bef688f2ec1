"""Two invented orders and what they refer to: sertraline for depression, buprenorphine/naloxone for opioid use."""

from copy import deepcopy
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace

from fhir_iop.fhir.security import ACT_CODE, CONFIDENTIALITY, is_protected
from fhir_iop.fhir.systems import DEA_NUMBER, MEDICATION_REQUEST_CATEGORY, NCPDP_ID, NPI, RXNORM, SNOMED, SSN
from fhir_iop.pharmacy import Sender, build_message
from fhir_iop.pharmacy.controlled import SCHEDULE, SIGNED

AT = datetime(2026, 3, 2, 15, 5, tzinfo=UTC)
SENDER = Sender("Example Virtual IOP", "https://iop.example/fhir")
PHARMACY_URL = "https://pharmacy.example/fhir/$process-message"
NOTICE = "First line of the notice.\nSecond <line>."
PART2 = [
    {"system": ACT_CODE, "code": "42CFRPart2"},
    {"system": ACT_CODE, "code": "OPIOIDUD"},
    {"system": CONFIDENTIALITY, "code": "R"},
    {"system": ACT_CODE, "code": "NORDSCLCD"},
]

PATIENT = {
    "resourceType": "Patient",
    "id": "roe",
    "meta": {"versionId": "3", "profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"]},
    "text": {"status": "generated", "div": "<div>Jane Roe, enrolled in the program</div>"},
    "extension": [{"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race"}],
    "identifier": [{"system": "https://iop.example/record", "value": "R-1"}, {"system": SSN, "value": "000-00-0000"}],
    "name": [{"family": "Roe", "given": ["Jane"]}],
    "gender": "female",
    "birthDate": "1990-01-01",
    "address": [{"line": ["1 Invented St"], "city": "Springfield", "state": "MA", "postalCode": "01101"}],
    "contact": [{"name": {"text": "John Roe"}}],
    "managingOrganization": {"reference": "Organization/program"},
}
PRACTITIONER = {
    "resourceType": "Practitioner",
    "id": "psy",
    "identifier": [{"system": NPI, "value": "1234567893"}, {"system": DEA_NUMBER, "value": "AB1234563"}],
    "name": [{"family": "Example", "given": ["Pat"]}],
    "birthDate": "1970-01-01",
}
PHARMACY = {
    "resourceType": "Organization",
    "id": "pharmacy",
    "identifier": [{"system": NCPDP_ID, "value": "1234567"}],
    "active": True,
    "name": "Corner & Main Pharmacy",
}
CONDITION = {
    "resourceType": "Condition",
    "id": "depression",
    "subject": {"reference": "Patient/roe"},
    "code": {"coding": [{"system": SNOMED, "code": "370143000", "display": "Major depressive disorder (disorder)"}]},
    "note": [{"text": "private"}],
}
OPIOID_CONDITION = {
    "resourceType": "Condition",
    "id": "oud",
    "meta": {"security": PART2},
    "subject": {"reference": "Patient/roe"},
    "code": {"coding": [{"system": SNOMED, "code": "1336192000", "display": "Opioid use disorder (disorder)"}]},
}
SERTRALINE = {
    "resourceType": "MedicationRequest",
    "id": "order",
    "meta": {"versionId": "1", "lastUpdated": "2026-03-02T15:04:30Z", "source": "urn:program"},
    "text": {"status": "generated", "div": "<div>Sertraline for Jane</div>"},
    "identifier": [{"system": "https://iop.example/order", "value": "rx-1001"}],
    "status": "active",
    "intent": "order",
    "category": [{"coding": [{"system": MEDICATION_REQUEST_CATEGORY, "code": "community"}]}],
    "medicationCodeableConcept": {
        "coding": [{"system": RXNORM, "code": "312940", "display": "sertraline 25 MG Oral Tablet"}]
    },
    "subject": {"reference": "Patient/roe", "display": "Jane"},
    "encounter": {"reference": "Encounter/visit"},
    "supportingInformation": [{"reference": "Observation/pdmp"}],
    "authoredOn": "2026-03-02T10:04:00-05:00",
    "requester": {"reference": "Practitioner/psy"},
    "reasonReference": [{"reference": "Condition/depression"}, {"reference": "Observation/phq9"}],
    "basedOn": [{"reference": "CarePlan/plan"}],
    "note": [{"text": "she told me in confidence"}],
    "dosageInstruction": [
        {
            "sequence": 1,
            "text": "Take 1 tablet by mouth every morning",
            "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "d"}},
            "doseAndRate": [
                {
                    "doseQuantity": {
                        "value": Decimal("25.0"),
                        "unit": "mg",
                        "system": "http://unitsofmeasure.org",
                        "code": "mg",
                    }
                }
            ],
        }
    ],
    "dispenseRequest": {
        "numberOfRepeatsAllowed": 0,
        "quantity": {"value": 30, "unit": "tablet"},
        "expectedSupplyDuration": {"value": 30, "unit": "d", "system": "http://unitsofmeasure.org", "code": "d"},
        "performer": {"reference": "Organization/pharmacy"},
    },
}
SIGNATURE = {"url": SIGNED, "valueReference": {"identifier": {"system": "https://certified.example", "value": "s-1"}}}
FILM = SERTRALINE | {
    "id": "film",
    "meta": {"security": PART2},
    "identifier": [{"system": "https://iop.example/order", "value": "rx-2001"}],
    "medicationCodeableConcept": {
        "coding": [{"system": RXNORM, "code": "1010604", "display": "buprenorphine 8 MG / naloxone 2 MG film"}]
    },
    "reasonReference": [{"reference": "Condition/oud"}],
    "extension": [
        {
            "url": SCHEDULE,
            "valueCoding": {"system": "http://terminology.hl7.org/CodeSystem/v2-0477", "code": "III"},
        },
        SIGNATURE,
        {"url": "https://example.org/fhir/iop/StructureDefinition/medication-adherence"},
    ],
}
CONSENT = {
    "resourceType": "Consent",
    "id": "consent",
    "meta": {"security": PART2},
    "text": {"status": "generated", "div": "<div>private</div>"},
    "status": "active",
    "patient": {"reference": "Patient/roe"},
    "performer": [{"reference": "Patient/roe"}],
    "organization": [{"reference": "Organization/program"}],
    "sourceAttachment": {"title": "signed form"},
    "provision": {
        "type": "permit",
        "actor": [
            {"role": {"text": "r"}, "reference": {"reference": "Organization/pharmacy"}},
            {"role": {"text": "r"}, "reference": {"reference": "Practitioner/probation-officer"}},
            {"role": {"text": "class"}, "reference": {"display": "pharmacies"}},
        ],
        "provision": [
            {"type": "deny", "actor": [{"role": {"text": "r"}, "reference": {"reference": "Organization/employer"}}]},
            {"type": "deny", "class": [{"code": "Observation"}]},
        ],
    },
}


def permits(consent=CONSENT):
    return lambda entries, pharmacy: SimpleNamespace(
        permitted=True, consent=consent if any(map(is_protected, entries)) else None, issues=[]
    )


def stored(*changed):
    kept = {
        f"{resource['resourceType']}/{resource['id']}": resource
        for resource in (
            PATIENT,
            PRACTITIONER,
            PHARMACY,
            CONDITION,
            OPIOID_CONDITION,
            {"resourceType": "Observation", "id": "phq9", "subject": {"reference": "Patient/roe"}},
            *changed,
        )
    }
    return deepcopy(kept)


def built(order=SERTRALINE, *changed, **more):
    settings = {
        "resolve": stored(*changed).get,
        "permit": permits(),
        "sender": SENDER,
        "destination": PHARMACY_URL,
        "at": AT,
        "notice": NOTICE,
    }
    return build_message(deepcopy(order), **(settings | more))


def rules(found):
    return {issue.rule for issue in found.issues}


def entries(message, type_):
    return [entry["resource"] for entry in message["entry"] if entry["resource"]["resourceType"] == type_]
