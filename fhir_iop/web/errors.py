"""The one place where errors meet HTTP: which status each has, and that each is told as an OperationOutcome.

Statuses: https://hl7.org/fhir/R4/http.html#summary and the paragraph of each interaction.
"""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any, NamedTuple

from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from fhir_iop.errors import (
    BadInput,
    Conflict,
    FhirIopError,
    Forbidden,
    Gone,
    NotFound,
    Refused,
    TooLarge,
    Unavailable,
)
from fhir_iop.fhir.json import DEPTH_LIMIT
from fhir_iop.fhir.outcome import operation_outcome
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.issue import Issue

log = logging.getLogger(__name__)

RETRY_AFTER = "5"
"""Seconds after which a client may ask again when something behind the endpoint is away for a moment."""


class NotAllowed(FhirIopError):
    """The address exists and this method isn't possible there (HTTP 405). ``allowed`` are those that are."""

    def __init__(self, *issues: Issue, allowed: str = "") -> None:
        super().__init__(*issues)
        self.allowed = allowed


class NotAcceptable(FhirIopError):
    """No format that the client accepts is spoken here (HTTP 406)."""


class PreconditionFailed(Conflict):
    """A condition that the client set doesn't hold (HTTP 412)."""


class WrongContent(FhirIopError):
    """The body is in a format that isn't read here (HTTP 415)."""


class Misdirected(FhirIopError):
    """The request was meant for another host (HTTP 421)."""


STATUS: dict[type[FhirIopError], int] = {
    BadInput: 400,
    Forbidden: 403,
    NotFound: 404,
    NotAllowed: 405,
    NotAcceptable: 406,
    Conflict: 409,
    Gone: 410,
    PreconditionFailed: 412,
    TooLarge: 413,
    WrongContent: 415,
    Misdirected: 421,
    Refused: 422,
    Unavailable: 503,
}


class Refusal(NamedTuple):
    """How an error is answered: status, OperationOutcome, and the headers that belong to this status."""

    status: int
    outcome: dict[str, Any]
    headers: dict[str, str]


def refusal(error: Exception, new_id: Callable[[], str]) -> Refusal:
    """Tell ``error`` to whoever asked.

    What nobody expected is told as an incident with an id from ``new_id``, under which the log has its kind and its
    place in the code; its message goes nowhere, because it may quote a patient's data.
    """
    if isinstance(error, InternalServerError):  # Flask's wrapping of what went wrong after an interaction
        original = error.original_exception
        error = original if isinstance(original, Exception) else error
    elif isinstance(error, HTTPException):
        error = _of_http(error)
    elif isinstance(error, RecursionError):
        error = BadInput(issue("json-depth", limit=DEPTH_LIMIT))
    if isinstance(error, FhirIopError):
        status = next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), None)
        if status is not None:
            return Refusal(status, operation_outcome(error.issues), _headers(error))
    return Refusal(500, operation_outcome([_incident(error, new_id())]), {})


def _headers(error: FhirIopError) -> dict[str, str]:
    if isinstance(error, NotAllowed) and error.allowed:
        return {"Allow": error.allowed}
    return {"Retry-After": RETRY_AFTER} if isinstance(error, Unavailable) else {}


def _of_http(error: HTTPException) -> FhirIopError:
    """Say in our words what Flask found out before or beside an interaction."""
    if isinstance(error, MethodNotAllowed):
        allowed = ", ".join(sorted(error.valid_methods or ()))
        return NotAllowed(issue("web-method", allowed=allowed or "none"), allowed=allowed)
    if error.code == 404:
        return NotFound(issue("web-address"))
    return BadInput(issue("web-request"))


def _incident(error: Exception, incident: str) -> Issue:
    frames = " < ".join(
        f"{frame.filename.rpartition('/')[2]}:{frame.lineno}"
        for frame in reversed(traceback.extract_tb(error.__traceback__))
    )
    log.error("incident %s: %s at %s", incident, type(error).__name__, frames)
    return issue("web-incident", incident=incident)
