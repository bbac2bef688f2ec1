"""search: the current resources of a type that match all parameters (https://hl7.org/fhir/R4/http.html#search)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from fhir_iop.store import parse_query
from fhir_iop.web.exchange import Answer, Ask
from fhir_iop.web.include import INCLUDE, included, inclusions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.store import Page, Stored
    from fhir_iop.web.services import Services

CURSOR = "_cursor"


def search(services: Services, ask: Ask) -> Answer:
    """Answer 200 with a searchset Bundle. Raises BadInput for a parameter, modifier or value that isn't supported."""
    criteria = [pair for pair in ask.parameters if pair[0] != INCLUDE]
    wanted = inclusions(ask.type, (value for name, value in ask.parameters if name == INCLUDE), services.definitions)
    query = parse_query(ask.type, criteria, services.definitions, services.settings)
    page = services.store.search(query)
    base_url = services.settings.base_url
    beside = included(wanted, page.matches, services.store, base_url) if wanted else []
    return Answer(200, searchset(page, ask, base_url, beside))


def searchset(page: Page, ask: Ask, base_url: str, beside: Sequence[Stored] = ()) -> dict[str, Any]:
    """Return ``page`` as a Bundle with links to itself and to the page that follows; ``beside`` is what it includes.

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
    modes: tuple[tuple[str, Sequence[Stored]], ...] = (("match", page.matches), ("include", beside))
    entries = [
        {"fullUrl": f"{base_url}/{stored.reference}", "resource": stored.resource, "search": {"mode": mode}}
        for mode, found in modes
        for stored in found
    ]
    if entries:  # an array in FHIR JSON is never empty
        bundle["entry"] = entries
    return bundle


def _url(address: str, parameters: tuple[tuple[str, str], ...]) -> str:
    return f"{address}?{urlencode(parameters)}" if parameters else address
