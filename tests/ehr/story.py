"""An invented patient of another system, and her medication there."""

from datetime import UTC, datetime
from decimal import Decimal

from fhir_iop.fhir.security import ACT_CODE
from fhir_iop.fhir.systems import MEDICATION_REQUEST_CATEGORY, RXNORM

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
BASE = "https://ehr.example/fhir"
KEY = "test key"
PATIENT = {
    "resourceType": "Patient",
    "id": "123",
    "identifier": [{"system": "https://hospital.example/mrn", "value": "MRN-7"}],
    "name": [{"family": "Roe", "given": ["Jane"]}],
    "birthDate": "1990-01-01",
}
OURS = {
    "resourceType": "Patient",
    "id": "roe",
    "identifier": [
        {"system": "https://iop.example/record", "value": "R-1"},
        {"system": "https://hospital.example/mrn", "value": "MRN-7"},
    ],
    "name": [{"family": "ROE "}],
    "birthDate": "1990-01-01",
}
REQUEST = {
    "resourceType": "MedicationRequest",
    "id": "77",
    "meta": {
        "versionId": "3",
        "lastUpdated": "2026-02-01T00:00:00Z",
        "security": [{"system": ACT_CODE, "code": "42CFRPart2"}],
    },
    "text": {"status": "generated", "div": "<div>Jane</div>"},
    "identifier": [{"system": "https://hospital.example/rx", "value": "9"}],
    "status": "active",
    "intent": "order",
    "category": [{"coding": [{"system": MEDICATION_REQUEST_CATEGORY, "code": "outpatient"}]}],
    "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": "197889"}], "text": "lithium carbonate 300 mg"},
    "subject": {"reference": "Patient/123"},
    "encounter": {"reference": "Encounter/5"},
    "authoredOn": "2026-01-05",
    "requester": {"reference": "Practitioner/8", "display": "Dr. Invented"},
    "reasonReference": [{"reference": "Condition/6", "display": "Bipolar disorder"}, {"reference": "Condition/7"}],
    "note": [{"authorReference": {"reference": "Practitioner/8"}, "text": "level checked"}],
    "dosageInstruction": [
        {
            "text": "1 capsule twice a day",
            "doseAndRate": [{"doseQuantity": {"value": Decimal("300.00"), "unit": "mg"}}],
        }
    ],
    "dispenseRequest": {"numberOfRepeatsAllowed": 3, "performer": {"reference": "Organization/4"}},
    "substitution": {"allowedBoolean": True},
}
