"""create: keep a new resource under an id of ours (https://hl7.org/fhir/R4/http.html#create).

With If-None-Exist only where nothing matches yet (https://hl7.org/fhir/R4/http.html#ccreate).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fhir_iop.store import Stored, Write
from fhir_iop.web.exchange import Answer, Ask, only
from fhir_iop.web.match import find, free_id
from fhir_iop.web.written import keep, resource_of, written

if TYPE_CHECKING:
    from fhir_iop.web.services import Services


def creation(services: Services, ask: Ask) -> Write | Stored:
    """Return what is to be written, or the one resource that If-None-Exist matches.

    An id in the body is replaced, as the specification asks. Raises BadInput, and PreconditionFailed where several
    resources match.
    """
    only(ask)
    resource = resource_of(ask)
    if ask.if_none_exist is None:
        return Write({**resource, "id": services.new_id()}, mode="create")
    id_ = free_id(services, ask.type, ask.if_none_exist)
    matched = find(services, ask.type, ask.if_none_exist)
    return replace(matched, changed=False) if matched else Write({**resource, "id": id_}, mode="create")


def create(services: Services, ask: Ask) -> Answer:
    """Answer 201 with what was kept, or 200 with what was there.

    Raises as :func:`creation` does, Refused, and Conflict where another request with the same condition was quicker.
    """
    found = creation(services, ask)
    if isinstance(found, Stored):
        return written(services, ask, found)
    return written(services, ask, *keep(services, [found], ask.agent))
