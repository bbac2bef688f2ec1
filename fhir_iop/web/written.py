"""What the writing interactions share: the body checked against the address, the version kept, the answer preferred."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.errors import BadInput, Conflict
from fhir_iop.fhir.outcome import operation_outcome
from fhir_iop.issue import issue
from fhir_iop.web.errors import PreconditionFailed
from fhir_iop.web.exchange import Answer, Ask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.store import Stored, Write
    from fhir_iop.web.services import Services


def resource_of(ask: Ask) -> dict[str, Any]:
    """Return the resource that ``ask`` carries. Raises BadInput when it isn't of the type that the address names."""
    resource = ask.resource or {}
    if resource.get("resourceType") != ask.type:
        raise BadInput(issue("web-type-mismatch", "resourceType", type=ask.type))
    return resource


def keep(services: Services, writes: Sequence[Write], agent: str) -> tuple[Stored, ...]:
    """Hand ``writes`` to the flow and return the versions that came of them, in their order.

    Raises Refused, Conflict, Unavailable, and PreconditionFailed where a version that If-Match named has moved on
    (https://hl7.org/fhir/R4/http.html#concurrency).
    """
    try:
        return services.flow.submit_writes(writes, agent=agent).stored
    except Conflict as conflict:
        if all(write.if_match is None for write in writes):
            raise
        raise PreconditionFailed(*conflict.issues) from None


def written(services: Services, ask: Ask, stored: Stored) -> Answer:
    """Answer with ``stored``: 201 where a first version was made, else 200; with the body that ``ask`` prefers.

    https://hl7.org/fhir/R4/http.html#ops; the OperationOutcome tells the warnings and hints that the resource was
    kept with.
    """
    body = stored.resource
    if ask.prefer == "minimal":
        body = None
    elif ask.prefer == "OperationOutcome":
        body = operation_outcome(services.validator.validate(stored.resource or {}))
    location = f"{stored.reference}/_history/{stored.version}"
    return Answer(201 if stored.created and stored.changed else 200, body, stored, location)
