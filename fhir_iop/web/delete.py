"""delete: end a resource; its versions stay (https://hl7.org/fhir/R4/http.html#delete)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.errors import Gone, NotFound
from fhir_iop.store import Write
from fhir_iop.web.conditions import expected_version
from fhir_iop.web.exchange import Answer, Ask, only
from fhir_iop.web.written import keep

if TYPE_CHECKING:
    from fhir_iop.web.services import Services


def deletion(services: Services, ask: Ask) -> Write | None:
    """Return what is to be written; None where there is nothing to delete."""
    only(ask)
    version = expected_version(ask.if_match)
    try:
        services.store.read(ask.type, ask.id)
    except (NotFound, Gone):
        return None
    return Write({"resourceType": ask.type, "id": ask.id}, if_match=version, deleted=True)


def delete(services: Services, ask: Ask) -> Answer:
    """Answer 204, also where there is nothing to delete.

    What a patient was once prescribed stays readable as a version, and who deleted it stays in the audit trail. Raises
    PreconditionFailed where If-Match names another version.
    """
    gone = deletion(services, ask)
    return Answer(204, stored=keep(services, [gone], ask.agent)[0] if gone else None)
