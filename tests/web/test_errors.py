"""The one place where errors meet HTTP."""

import logging

import pytest
from werkzeug.exceptions import InternalServerError, MethodNotAllowed
from werkzeug.exceptions import NotFound as NoRoute

from fhir_iop import errors
from fhir_iop.issue import issue
from fhir_iop.web.errors import STATUS, NotAllowed, refusal

SECRET = "Jane Example, born 1980-01-01"


def told(error: Exception) -> tuple[int, str, dict[str, str]]:
    status, outcome, headers = refusal(error, lambda: "incident-1")
    assert outcome["resourceType"] == "OperationOutcome"
    return status, outcome["issue"][0]["details"]["coding"][0]["code"], headers


@pytest.mark.parametrize("kind", sorted(STATUS, key=STATUS.__getitem__), ids=lambda kind: kind.__name__)
def test_each_error_has_its_status_and_keeps_its_issues(kind: type[errors.FhirIopError]) -> None:
    status, rule, _ = told(kind(issue("web-address")))
    assert (status, rule) == (STATUS[kind], "web-address")


def test_every_error_that_can_end_a_request_has_a_status() -> None:
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Exception)}
    # Unusable is a deployment's fault: an incident for whoever asks.
    assert kinds - set(STATUS) == {errors.FhirIopError, errors.Unusable}


def test_a_method_that_is_not_possible_is_told_with_those_that_are() -> None:
    status, rule, headers = told(MethodNotAllowed(["PUT", "GET"]))
    assert (status, rule, headers) == (405, "web-method", {"Allow": "GET, PUT"})
    assert isinstance(NotAllowed(issue("web-address")).allowed, str)


def test_flask_s_own_refusals_are_told_in_our_words() -> None:
    assert told(NoRoute())[:2] == (404, "web-address")


def test_a_peer_that_is_away_may_be_asked_again() -> None:
    assert "Retry-After" in told(errors.Unavailable(issue("web-address")))[2]


@pytest.mark.parametrize(
    "error",
    [
        KeyError(SECRET),
        errors.Unusable(issue("web-address")),
        InternalServerError(original_exception=ValueError(SECRET)),
    ],
)
def test_what_nobody_expected_is_an_incident_without_data(error: Exception, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        status, outcome, _ = refusal(error, lambda: "incident-1")
    assert status == 500
    assert "incident-1" in outcome["issue"][0]["details"]["text"]
    assert "incident-1" in caplog.text
    assert SECRET not in caplog.text + str(outcome)


def test_nesting_that_python_can_t_follow_is_the_client_s_fault() -> None:
    assert told(RecursionError())[:2] == (400, "json-depth")
