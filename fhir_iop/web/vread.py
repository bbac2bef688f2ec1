"""vread: one version of a resource (https://hl7.org/fhir/R4/http.html#vread)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.errors import NotFound
from fhir_iop.issue import issue
from fhir_iop.web.exchange import Answer, Ask, only

if TYPE_CHECKING:
    from fhir_iop.web.services import Services

_MOST_DIGITS = 9  # more don't fit the integer of every database, and no resource has as many versions


def vread(services: Services, ask: Ask) -> Answer:
    """Answer 200 with the version. Raises NotFound, and Gone where the version is the deletion."""
    only(ask)
    if not (ask.version.isascii() and ask.version.isdecimal() and len(ask.version) <= _MOST_DIGITS):
        raise NotFound(issue("web-version"))
    stored = services.store.vread(ask.type, ask.id, int(ask.version))
    return Answer(200, stored.resource, stored)
