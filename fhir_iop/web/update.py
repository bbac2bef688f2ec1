"""update: a new version of a resource, or a first one under the client's id (https://hl7.org/fhir/R4/http.html#update).

With If-Match only where the version named is the current one (https://hl7.org/fhir/R4/http.html#concurrency).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue
from fhir_iop.store import Write
from fhir_iop.web.conditions import expected_version
from fhir_iop.web.exchange import Answer, Ask, only
from fhir_iop.web.written import keep, resource_of, written

if TYPE_CHECKING:
    from fhir_iop.web.services import Services


def new_version(_services: Services, ask: Ask) -> Write:
    """Return what is to be written. Raises BadInput where the body's type or id isn't the address's."""
    only(ask)
    resource = resource_of(ask)
    if resource.get("id") != ask.id:
        raise BadInput(issue("web-id-mismatch", f"{ask.type}.id"))
    return Write(resource, if_match=expected_version(ask.if_match))


def update(services: Services, ask: Ask) -> Answer:
    """Answer 200 with the version that now holds, or 201 where it is the first.

    A resource that says what is already there makes no new version. Raises as :func:`new_version` does, Refused, and
    PreconditionFailed where If-Match names another version.
    """
    return written(services, ask, *keep(services, [new_version(services, ask)], ask.agent))
