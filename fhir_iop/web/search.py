"""search: the current resources of a type that match all parameters (https://hl7.org/fhir/R4/http.html#search)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fhir_iop.store import parse_query
from fhir_iop.web.exchange import Answer, Ask

if TYPE_CHECKING:
    from fhir_iop.store import Page
    from fhir_iop.web.services import Services

CURSOR = "_cursor"


def search(services: Services, ask: Ask) -> Answer:
    """Answer 200 with a searchset Bundle. Raises BadInput for a parameter, modifier or value that isn't supported."""
    query = parse_query(ask.type, ask.parameters, services.definitions, services.settings)
    return Answer(200, searchset(services.store.search(query), ask, services.settings.base_url))


def searchset(page: Page, ask: Ask, base_url: str) -> dict[str, Any]:
    """Return ``page`` as a Bundle with links to itself and to the page that follows.

    https://hl7.org/fhir/R4/bundle.html#searchset; the links repeat the parameters of ``ask``, so that a client sees
    what was understood (https://hl7.org/fhir/R4/search.html#conformance).
    """
    address = f"{base_url}/{ask.type}"
    link = [{"relation": "self", "url": _url(address, ask.parameters)}]
    if page.next is not None:
        following = (*(pair for pair in ask.parameters if pair[0] != CURSOR), (CURSOR, page.next))
        link.append({"relation": "next", "url": _url(address, following)})
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "link": link}
    if page.total is not None:
        bundle["total"] = page.total
    if page.matches:  # an array in FHIR JSON is never empty
        bundle["entry"] = [
            {"fullUrl": f"{base_url}/{stored.reference}", "resource": stored.resource, "search": {"mode": "match"}}
            for stored in page.matches
        ]
    return bundle


def _url(address: str, parameters: tuple[tuple[str, str], ...]) -> str:
    return f"{address}?{urlencode(parameters)}" if parameters else address
