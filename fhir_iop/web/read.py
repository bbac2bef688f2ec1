"""read: the current version of a resource (https://hl7.org/fhir/R4/http.html#read).

A conditional read (https://hl7.org/fhir/R4/http.html#cread) answers 304 without a body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.web.conditions import unchanged
from fhir_iop.web.exchange import Answer, Ask, only

if TYPE_CHECKING:
    from fhir_iop.web.services import Services


def read(services: Services, ask: Ask) -> Answer:
    """Answer 200 with the resource, or 304. Raises NotFound and Gone."""
    only(ask)
    stored = services.store.read(ask.type, ask.id)
    if unchanged(ask, stored):
        return Answer(304, stored=stored)
    return Answer(200, stored.resource, stored)
