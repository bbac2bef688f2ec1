"""What a program records of a prescription's way is the Task that the exchange with a pharmacy would have kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from fhir_iop.pharmacy import identity
from fhir_iop.pharmacy.task import BUSINESS_STATUSES, STATUSES, BusinessStatus, TaskStatus, advance, open_task

GOLDEN = Path(__file__).parent / "golden" / "prescription.json"
SENT = datetime(2026, 3, 2, 15, 45, tzinfo=UTC)
CHANGED = SENT + timedelta(hours=20)


def order_of(record: dict[str, Any], mappings: Mappings) -> dict[str, Any]:
    (order,) = mappings.to_fhir(record).resources
    return order


def plain(task: dict[str, Any], of: str) -> dict[str, Any]:
    """Return what both must say: without ids and labels, and of references the address alone."""
    identifiers = [one for one in task["identifier"] if not one["system"].endswith(of)]
    kept = {name: value for name, value in task.items() if name not in {"id", "meta"}} | {"identifier": identifiers}
    return {
        name: value["reference"] if isinstance(value, dict) and "reference" in value else value
        for name, value in kept.items()
    }


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("business", BUSINESS_STATUSES)
def test_it_is_the_task_of_the_exchange(status: TaskStatus, business: BusinessStatus, mappings: Mappings) -> None:
    prescribed = json.decode_object(GOLDEN.read_bytes())["record"]
    order = order_of(prescribed, mappings)
    task = advance(open_task(order, SENT), status, CHANGED, reason={"text": "Told so"}, business=business)
    record = {
        "record": "prescription-status",
        "id": "ps-1",
        "patient": prescribed["patient"],
        "prescription": prescribed["id"],
        "group": prescribed["group"],
        "status": status,
        "where": business,
        "reason": "Told so",
        "message": identity.message_id(order),
        "sent": task["authoredOn"],
        "changed": task["lastModified"],
        "prescriber": prescribed["prescriber"],
        "pharmacy": prescribed["pharmacy"],
    }
    mapped = mappings.to_fhir(record)
    assert mapped.issues == []
    assert plain(mapped.resources[0], "/prescription-status") == plain(task, "/prescription-status")


def test_it_has_the_same_words(mappings: Mappings) -> None:
    shape = mappings.compiled("prescription-status").plan.context.root.shape
    said = {name: set(field.enum or ()) for name in ("status", "where") if (field := shape.field(name)) is not None}
    assert said == {"status": {*STATUSES, "withdrawn"}, "where": set(BUSINESS_STATUSES)}
