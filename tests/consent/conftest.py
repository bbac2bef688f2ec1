"""Invented records and consents of one invented patient."""

from copy import deepcopy
from datetime import UTC, datetime

import pytest

from fhir_iop.consent import Disclosure
from fhir_iop.fhir.security import ACT_CODE, CONFIDENTIALITY

AT = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType"
REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason"
CONSENT = {
    "resourceType": "Consent",
    "id": "consent",
    "status": "active",
    "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
    "category": [{"coding": [{"system": ACT_CODE, "code": "42CFRPart2CD"}]}],
    "patient": {"reference": "Patient/roe"},
    "dateTime": "2026-03-01",
    "provision": {
        "type": "permit",
        "period": {"start": "2026-03-01", "end": "2026-12-31"},
        "actor": [
            {
                "role": {"coding": [{"system": PARTICIPATION, "code": "IRCP"}]},
                "reference": {"reference": "Organization/pharmacy"},
            }
        ],
        "purpose": [{"system": REASON, "code": "TREAT"}],
        "securityLabel": [{"system": ACT_CODE, "code": "42CFRPart2"}],
    },
}


def labelled(*codes, type_="MedicationRequest", subject="Patient/roe", id_="order"):
    return {
        "resourceType": type_,
        "id": id_,
        "subject": {"reference": subject},
        "meta": {
            "security": [{"system": CONFIDENTIALITY if code in "NRV" else ACT_CODE, "code": code} for code in codes]
        },
    }


def protected(**more):
    return labelled("42CFRPart2", "OPIOIDUD", "R", "NORDSCLCD", **more)


def plain():
    return {"resourceType": "MedicationRequest", "id": "other", "subject": {"reference": "Patient/roe"}}


def to_pharmacy(**changed):
    facts = {
        "recipient": "Organization/pharmacy",
        "purpose": "TREAT",
        "at": AT,
        "interaction": "message",
        "kind": "covered-entity",
    }
    return Disclosure(**(facts | changed))


@pytest.fixture
def consent():
    return deepcopy(CONSENT)
