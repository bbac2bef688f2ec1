"""What this room makes is valid FHIR: no error against R4, US Core and the guide."""

from copy import deepcopy

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.fhir.json import decode_object, encode
from fhir_iop.issue import has_errors
from fhir_iop.pharmacy import advance, open_task, simulate_reply
from fhir_iop.validation import Validator
from tests.pharmacy.story import AT, CONSENT, FILM, SERTRALINE, built, permits

CODING = {"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "IRCP"}
WHOLE = CONSENT | {
    "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
    "category": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IDSCL"}]}],
    "policy": [{"uri": "https://www.ecfr.gov/current/title-42/part-2"}],
    "provision": {
        "type": "permit",
        "actor": [{"role": {"coding": [CODING]}, "reference": {"reference": "Organization/pharmacy"}}],
    },
}


@pytest.fixture(scope="module")
def validator():
    return Validator(Definitions.bundled(), unknown_profile="error")


def errors(validator, resource):
    return [found for found in validator.validate(decode_object(encode(resource))) if found.is_error]


def whole(order, **more):
    found = built(order, permit=permits(WHOLE), **more)
    assert not has_errors(found.issues)
    return found.message


@pytest.mark.parametrize("order", [SERTRALINE, FILM], ids=["plain", "protected"])
def test_messages_answers_and_tasks_are_valid(validator, order):
    message = decode_object(encode(whole(order)))
    refused = deepcopy(message)
    del refused["entry"][2]
    stopped = order | {"status": "stopped", "statusReason": {"text": "side effect"}}
    task = open_task(order, AT)
    for resource in (
        message,
        whole(stopped, event="cancel-rx"),
        simulate_reply(message, lambda: AT),
        simulate_reply(refused, lambda: AT),
        simulate_reply({}, lambda: AT),
        task,
        advance(task, "rejected", AT, reason={"text": "closed"}),
        advance(task, "received", AT, business="no-answer"),
    ):
        assert errors(validator, resource) == []
