"""An entry of a batch or transaction as a request of its own, and its answer as an entry of the response."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue
from fhir_iop.web.arrival import pairs
from fhir_iop.web.errors import refusal
from fhir_iop.web.exchange import Answer, Ask, Interaction, Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from fhir_iop.web.entries import Entry
    from fhir_iop.web.services import Services

    Router = Callable[[str, str], Route]
    """Says where a method and a path below the base address lead, or raises what the client is to be told."""


class Call(NamedTuple):
    """One entry, the interaction that it asks for, and what it asks."""

    entry: Entry
    interaction: Interaction
    ask: Ask


def call_of(entry: Entry, bundle: Ask, route: Router) -> Call:
    """Return the call that ``entry`` of ``bundle`` makes. Raises what ``route`` does, and BadInput for a nested Bundle.

    The bundle's preference holds for each entry; without one, what was written isn't repeated.
    """
    interaction, names = route("GET" if entry.method == "HEAD" else entry.method, entry.path)
    if interaction.path == "/":
        raise BadInput(issue("bundle-nested", entry.place))
    ask = Ask(
        type=names.get("type", ""),
        id=names.get("id", ""),
        version=names.get("version", ""),
        parameters=pairs(entry.query.encode("utf-8", "replace")),
        resource=entry.resource,
        if_match=entry.conditions.get("ifMatch"),
        if_none_match=entry.conditions.get("ifNoneMatch"),
        if_modified_since=entry.conditions.get("ifModifiedSince"),
        if_none_exist=entry.conditions.get("ifNoneExist"),
        prefer=bundle.prefer or "minimal",
        agent=bundle.agent,
    )
    return Call(entry, interaction, ask)


def carried_out(services: Services, call: Call) -> dict[str, Any]:
    """Carry out ``call`` and return its entry of the response. Raises what the interaction does."""
    return told(services, call.interaction.answer(services, call.ask))


def told(services: Services, answer: Answer) -> dict[str, Any]:
    """Return ``answer`` as an entry of the response (https://hl7.org/fhir/R4/bundle.html#Bundle.entry.response)."""
    response: dict[str, Any] = {"status": _status(answer.status)}
    if answer.location is not None:
        response["location"] = f"{services.settings.base_url}/{answer.location}"
    if answer.stored is not None:
        response |= {"etag": answer.stored.etag, "lastModified": answer.stored.last_updated}
    if answer.resource is None:
        return {"response": response}
    if answer.location is not None and answer.resource["resourceType"] == "OperationOutcome":  # as preferred to a copy
        return {"response": {**response, "outcome": answer.resource}}
    return {"resource": answer.resource, "response": response}


def refused(services: Services, error: Exception) -> dict[str, Any]:
    """Return the entry of the response that tells ``error``."""
    refusal_ = refusal(error, services.new_id)
    return {"response": {"status": _status(refusal_.status), "outcome": refusal_.outcome}}


def _status(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"
