"""Search criteria as a name for one resource: If-None-Exist and conditional references.

https://hl7.org/fhir/R4/http.html#ccreate, https://hl7.org/fhir/R4/http.html#trules
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from fhir_iop.errors import BadInput, Gone, NotFound
from fhir_iop.issue import issue
from fhir_iop.store import Query, parse_query
from fhir_iop.web.arrival import pairs
from fhir_iop.web.errors import PreconditionFailed
from fhir_iop.web.metadata import served_types

if TYPE_CHECKING:
    from fhir_iop.store import Stored
    from fhir_iop.web.services import Services


def find(services: Services, type_: str, criteria: str) -> Stored | None:
    """Return the one resource that matches ``criteria`` (``identifier=system|value``), or None.

    Raises PreconditionFailed when several match; BadInput for criteria that are empty or can't be understood.
    """
    if type_ not in served_types(services.definitions):
        raise BadInput(issue("web-criteria"))
    given = parse_query(type_, pairs(criteria.encode("utf-8", "replace")), services.definitions, services.settings)
    if not given.criteria:
        raise BadInput(issue("web-criteria"))
    matches = services.store.search(Query(type_, given.criteria, count=2)).matches
    if len(matches) > 1:
        raise PreconditionFailed(issue("web-several-match"))
    return matches[0] if matches else None


def free_id(services: Services, type_: str, criteria: str) -> str:
    """Return the id for the resource that is created should nothing match ``criteria``.

    Ask for it before :func:`find`: then of two requests at the same moment one sees what the other kept, or both have
    this id and one is a Conflict, and no two resources come of it. The id is derived from the criteria; keyed, so that
    it doesn't tell a record number to who tries them all. Where it was used before it is a new one.
    """
    key = services.settings.id_key.encode()
    derived = hmac.digest(key, f"{type_}?{criteria}".encode("utf-8", "replace"), "sha256").hex()[:40]
    try:
        services.store.read(type_, derived)
    except NotFound:
        return derived
    except Gone:
        pass
    return services.new_id()
