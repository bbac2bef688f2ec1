import pytest

from fhir_iop.fhir.systems import MEDICATION_REQUEST_CATEGORY
from fhir_iop.pharmacy import is_to_be_cancelled, is_to_be_sent
from tests.pharmacy.story import FILM, SERTRALINE

STOPPED = SERTRALINE | {"status": "stopped", "statusReason": {"text": "no effect"}}


def of_category(*codes):
    codings = [{"system": MEDICATION_REQUEST_CATEGORY, "code": code} for code in codes]
    return {"category": [{"coding": [coding]} for coding in codings]}


@pytest.mark.parametrize(
    ("resource", "is_sent"),
    [
        (SERTRALINE, True),
        (FILM, True),
        (SERTRALINE | of_category("discharge"), True),
        (SERTRALINE | of_category("outpatient"), True),
        (SERTRALINE | of_category("inpatient", "discharge"), True),
        (SERTRALINE | {"category": []}, True),
        (SERTRALINE | {"category": [{"coding": [{"system": "urn:x", "code": "inpatient"}]}]}, True),
        (SERTRALINE | of_category("inpatient"), False),
        (SERTRALINE | {"resourceType": "ServiceRequest"}, False),
        (SERTRALINE | {"status": "completed"}, False),
        (SERTRALINE | {"dispenseRequest": {"quantity": {"value": 1}}}, False),
        (SERTRALINE | {"intent": "plan", "reportedBoolean": True}, False),
        (STOPPED, False),
    ],
)
def test_which_orders_a_pharmacy_is_meant_to_get(resource, is_sent):
    assert is_to_be_sent(resource) is is_sent


@pytest.mark.parametrize(
    ("resource", "is_cancelled"),
    [
        (STOPPED, True),
        (STOPPED | {"status": "cancelled"}, True),
        (STOPPED | {"status": "entered-in-error"}, True),
        (STOPPED | {"status": "completed"}, False),
        (STOPPED | {"status": "active"}, False),
        (STOPPED | {"statusReason": {}}, False),
        (STOPPED | {"resourceType": "ServiceRequest"}, False),
        (STOPPED | {"intent": "plan"}, False),
        (STOPPED | {"dispenseRequest": {}}, False),
    ],
)
def test_which_orders_a_pharmacy_is_told_have_ended(resource, is_cancelled):
    assert is_to_be_cancelled(resource) is is_cancelled
