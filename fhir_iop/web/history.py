"""history: all versions of a resource, newest first (https://hl7.org/fhir/R4/http.html#history)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.web.exchange import Answer, Ask, only

if TYPE_CHECKING:
    from fhir_iop.store import Stored
    from fhir_iop.web.services import Services


def history(services: Services, ask: Ask) -> Answer:
    """Answer 200 with a history Bundle, deletions among its entries. Raises NotFound."""
    only(ask)
    versions = services.store.history(ask.type, ask.id)
    base_url = services.settings.base_url
    bundle = {
        "resourceType": "Bundle",
        "type": "history",
        "total": len(versions),
        "link": [{"relation": "self", "url": f"{base_url}/{ask.type}/{ask.id}/_history"}],
        "entry": [_entry(stored, base_url) for stored in versions],
    }
    return Answer(200, bundle)


def _entry(stored: Stored, base_url: str) -> dict[str, Any]:
    """Tell one version; its request is the one that would make it again under the same id."""
    entry: dict[str, Any] = {"fullUrl": f"{base_url}/{stored.reference}"}
    if stored.resource is not None:
        entry["resource"] = stored.resource
    entry["request"] = {"method": "PUT" if stored.resource is not None else "DELETE", "url": stored.reference}
    status = "204" if stored.resource is None else "201" if stored.version == 1 else "200"
    entry["response"] = {"status": status, "etag": stored.etag, "lastModified": stored.last_updated}
    return entry
