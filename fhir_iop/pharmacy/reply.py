"""What a pharmacy's answer means for the order: transport success is not business success.

An answer is a message with ``MessageHeader.response`` (https://hl7.org/fhir/R4/messageheader.html), a Task beside it
where the pharmacist has decided, or an OperationOutcome. Everything in it is foreign: any part may be of any kind.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.errors import BadInput
from fhir_iop.fhir import json
from fhir_iop.fhir.foreign import number, numbers, objects, part, resources, text
from fhir_iop.issue import ERRORS, issue
from fhir_iop.pharmacy.task import task_business

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir_iop.issue import Issue
    from fhir_iop.pharmacy.task import BusinessStatus, TaskStatus
    from fhir_iop.session import Answer

_LONGEST_TEXT: Final = 500

# A Task's status at the pharmacy, as ours. The others (draft, on-hold, entered-in-error) decide nothing.
_STATUSES: Final[Mapping[str, TaskStatus]] = {
    "requested": "received",
    "received": "received",
    "accepted": "accepted",
    "ready": "accepted",
    "in-progress": "in-progress",
    "completed": "completed",
    "rejected": "rejected",
    "cancelled": "cancelled",
    "failed": "failed",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """What an answer says.

    ``status`` is what the order's Task becomes; None where the answer doesn't change it. ``reason`` is a
    CodeableConcept for its statusReason, ``business`` a more exact word. ``again``: nothing can be concluded, so the
    same message must be sent again later. ``answer`` is the answer as JSON where it was any, to be kept. ``issues`` say
    what was wrong with it, without repeating it.
    """

    status: TaskStatus | None = None
    reason: dict[str, Any] | None = None
    business: BusinessStatus | None = None
    again: bool = False
    answer: dict[str, Any] | None = None
    issues: list[Issue] = field(default_factory=list)


def read_reply(answer: Answer, message: Mapping[str, Any]) -> Reply:
    """Read the answer to ``message``, a Bundle that :func:`build_message` made. Nothing is raised.

    An empty answer, one that isn't FHIR, one that isn't JSON, one to another message and one that says nothing are
    told apart in ``issues``; none of them is taken for a success.
    """
    if not answer.body.strip():
        if answer.status == 202:
            return Reply("received")  # asynchronous messaging: taken over, to be answered later
        return _unclear("reply-empty", status=answer.status)
    if answer.media_type and "json" not in answer.media_type:
        return _unclear("reply-not-fhir", found=answer.media_type)
    try:
        resource = json.decode_object(answer.body)
    except BadInput as error:
        return _unclear("reply-malformed", reason=error.issues[0].rule)
    sent = _Sent(message)
    if resource.get("resourceType") == "OperationOutcome":
        return _outcome(resource, answer, sent)
    response = part(resource, "entry", 0, "resource", "response")
    if resource.get("type") != "message" or not isinstance(response, dict):
        return _unclear("reply-unclear", answer=resource)
    if str(response.get("identifier")).removeprefix("urn:uuid:") != sent.id:
        return _unclear("reply-other", answer=resource)
    return _response(resource, response.get("code"), sent)


class _Sent:
    """The message that is being answered, as far as an answer may refer to it."""

    def __init__(self, message: Mapping[str, Any]) -> None:
        header, order = (message["entry"][place] for place in (0, 1))
        self.id: str = header["resource"]["id"]
        self.is_cancellation: bool = header["resource"]["eventCoding"]["code"] == "cancel-rx"
        self._names = {order["fullUrl"], f"MedicationRequest/{order['resource']['id']}"}
        self._numbers = numbers(order["resource"])

    def is_about(self, task: Mapping[str, Any]) -> bool:
        """Whether ``task`` is about the order of the message; without a focus it can be about nothing else."""
        focus = task.get("focus")
        if not isinstance(focus, dict):
            return focus is None
        return text(focus, "reference") in self._names or number(part(focus, "identifier")) in self._numbers


def _outcome(outcome: dict[str, Any], answer: Answer, sent: _Sent) -> Reply:
    """Read an OperationOutcome: an error refuses, and anything else only says that the message has come."""
    reason = _reason_in(outcome)
    if reason is None and answer.ok:
        return Reply("received", answer=outcome)
    if answer.status == 409:  # it knows this id with another content: whatever it dispenses is not what we sent
        return Reply("failed", reason, answer=outcome, issues=[issue("reply-conflict")])
    return _refused(reason, outcome, sent)


def _response(bundle: dict[str, Any], code: Any, sent: _Sent) -> Reply:
    reason = next((found for found in map(_reason_in, resources(bundle, "OperationOutcome")) if found), None)
    if code == "transient-error":
        return Reply(reason=reason, again=True, answer=bundle, issues=[issue("reply-later")])
    if code == "fatal-error":
        return _refused(reason, bundle, sent)
    if code != "ok":
        return _unclear("reply-unclear", answer=bundle)
    tasks = resources(bundle, "Task")
    task = next(filter(sent.is_about, tasks), None)
    if tasks and task is None:
        return _unclear("reply-other", answer=bundle)
    if task is not None:
        return _decided(task, reason, bundle, sent)
    if reason:
        return _refused(reason, bundle, sent)
    if sent.is_cancellation:
        return Reply(answer=bundle, issues=[issue("reply-unclear")])  # "ok" is not yet "cancelled"
    return Reply("received", answer=bundle)


def _decided(task: Mapping[str, Any], reason: dict[str, Any] | None, bundle: dict[str, Any], sent: _Sent) -> Reply:
    status = _STATUSES.get(text(task, "status"))
    reason = _concept(task.get("statusReason")) or reason
    if status is None:
        return Reply(reason=reason, answer=bundle, issues=[issue("reply-unclear")])
    if sent.is_cancellation and status in {"rejected", "failed"}:
        return _refused(reason, bundle, sent)
    if sent.is_cancellation and status in {"received", "accepted"}:
        return Reply(reason=reason, answer=bundle, issues=[issue("reply-unclear")])  # of the request, or of the order?
    business = task_business(task) or ("not-dispensed" if status == "failed" else None)
    return Reply(status, reason, business, answer=bundle)


def _refused(reason: dict[str, Any] | None, answer: dict[str, Any], sent: _Sent) -> Reply:
    """Return what a refusal means: of a prescription, that it is rejected; of a cancellation, that the order stands."""
    if sent.is_cancellation:
        return Reply(reason=reason, answer=answer, issues=[issue("reply-not-cancelled")])
    return Reply("rejected", reason, answer=answer)


def _unclear(rule: str, *, answer: dict[str, Any] | None = None, **facts: Any) -> Reply:
    return Reply(again=True, answer=answer, issues=[issue(rule, **facts)])


def _reason_in(outcome: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the first error of an OperationOutcome as a CodeableConcept; None where it holds no error."""
    for one in objects(outcome, "issue"):
        if text(one, "severity") in ERRORS:
            told = text(one, "diagnostics") or text(one, "code") or "No reason was given."
            return _concept(one.get("details")) or {"text": told[:_LONGEST_TEXT]}
    return None


def _concept(value: Any) -> dict[str, Any] | None:
    """Return the plain part of a foreign CodeableConcept: codings of strings, and a text that isn't endless."""
    codings = [
        {name: text(coding, name)[:_LONGEST_TEXT] for name in ("system", "code", "display") if text(coding, name)}
        for coding in objects(value, "coding")
    ]
    told = [coding for coding in codings if coding]
    words = text(value, "text")[:_LONGEST_TEXT]
    return ({"coding": told} if told else {}) | ({"text": words} if words else {}) or None
