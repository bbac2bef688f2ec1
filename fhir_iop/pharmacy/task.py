"""The one Task that tracks an order at a pharmacy, as a state machine (https://hl7.org/fhir/R4/task.html).

    requested → received → accepted → in-progress → completed
        └──────────┴───────────┴──────────┴→ cancelled, failed; up to accepted also rejected

A pharmacy may skip steps. ``failed`` says that we couldn't deliver or that nobody answered: what the pharmacy says
later still counts, and a person may have it sent again. The others at the end are final.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from fhir_iop.errors import Conflict
from fhir_iop.fhir.security import add_labels, high_water_mark
from fhir_iop.fhir.systems import code_system, profile
from fhir_iop.issue import issue
from fhir_iop.pharmacy import identity

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

TaskStatus = Literal["requested", "received", "accepted", "in-progress", "completed", "rejected", "cancelled", "failed"]
BusinessStatus = Literal[
    "queued",
    "transmitted",
    "with-pharmacy",
    "ready",
    "out-for-delivery",
    "picked-up",
    "not-dispensed",
    "no-answer",
    "undeliverable",
]

STATUSES: Final = get_args(TaskStatus)
BUSINESS_STATUSES: Final = get_args(BusinessStatus)
PROFILE: Final = profile("iop-prescription-task")
BUSINESS_STATUS_SYSTEM: Final = code_system("prescription-status")

_ONWARD: Final[Mapping[str, frozenset[str]]] = {
    "requested": frozenset({"received", "accepted", "in-progress", "completed", "rejected", "cancelled", "failed"}),
    "received": frozenset({"accepted", "in-progress", "completed", "rejected", "cancelled", "failed"}),
    "accepted": frozenset({"in-progress", "completed", "rejected", "cancelled", "failed"}),
    "in-progress": frozenset({"completed", "cancelled", "failed"}),
    "failed": frozenset({"requested", "received", "accepted", "in-progress", "completed", "rejected", "cancelled"}),
    "completed": frozenset(),
    "rejected": frozenset(),
    "cancelled": frozenset(),
}
_USUAL: Final[Mapping[str, BusinessStatus]] = {
    "requested": "queued",
    "received": "transmitted",
    "accepted": "with-pharmacy",
    "in-progress": "with-pharmacy",
    "rejected": "not-dispensed",
    "cancelled": "not-dispensed",
    "failed": "undeliverable",
}


def open_task(order: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """Return the Task for ``order``, a MedicationRequest about to be sent: requested, with the order's labels."""
    task = {
        "resourceType": "Task",
        "id": identity.task_id(order),
        "meta": {"profile": [PROFILE]},
        "identifier": [identity.uri_identifier(identity.message_id(order))],
        "status": "requested",
        "intent": "order",
        "code": {"coding": [{"system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"}]},
        "focus": {"reference": f"MedicationRequest/{order['id']}"},
        "for": order["subject"],
        "authoredOn": at.isoformat(),
        "lastModified": at.isoformat(),
        "businessStatus": _business("queued"),
    }
    if "groupIdentifier" in order:
        task["groupIdentifier"] = order["groupIdentifier"]
    if "requester" in order:
        task["requester"] = order["requester"]
    if "performer" in order.get("dispenseRequest", {}):
        task["owner"] = order["dispenseRequest"]["performer"]
    return add_labels(task, high_water_mark([order]))


def may_become(task: Mapping[str, Any], status: TaskStatus) -> bool:
    """Whether ``task`` may go to ``status``; to stay where it is is always allowed."""
    return status == task["status"] or status in _ONWARD[task["status"]]


def advance(
    task: Mapping[str, Any],
    status: TaskStatus,
    at: datetime,
    *,
    reason: Mapping[str, Any] | None = None,
    business: BusinessStatus | None = None,
) -> dict[str, Any]:
    """Return ``task`` in ``status``, with ``reason``, a CodeableConcept, as its statusReason.

    ``business`` is said where more than the usual is known. What changes nothing returns the task as it is. Raises
    Conflict for a transition that the state machine doesn't have, such as from rejected to completed.
    """
    if not may_become(task, status):
        raise Conflict(issue("task-transition", "Task.status", before=task["status"], after=status))
    told = business or (task_business(task) if status == task["status"] else _USUAL.get(status))
    changed = {name: value for name, value in task.items() if name not in {"businessStatus", "statusReason"}}
    changed["status"] = status
    if told:
        changed["businessStatus"] = _business(told)
    if reason:
        changed["statusReason"] = dict(reason)
    elif "statusReason" in task and status == task["status"]:
        changed["statusReason"] = task["statusReason"]
    return dict(task) if changed == task else changed | {"lastModified": at.isoformat()}


def task_business(task: Mapping[str, Any]) -> BusinessStatus | None:
    """Return the code of our own that the Task's businessStatus holds, or None."""
    concept = task.get("businessStatus")
    codings = concept.get("coding") if isinstance(concept, dict) else None
    for coding in codings if isinstance(codings, list) else ():
        if isinstance(coding, dict) and coding.get("system") == BUSINESS_STATUS_SYSTEM:
            return next((code for code in BUSINESS_STATUSES if code == coding.get("code")), None)
    return None


def _business(code: BusinessStatus) -> dict[str, Any]:
    return {"coding": [{"system": BUSINESS_STATUS_SYSTEM, "code": code}]}
