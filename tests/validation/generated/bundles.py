"""Bundles made at random: of each type, with the identities and requests that it asks for."""

from random import Random
from typing import Any

from tests.validation.generated.generator import Generator
from tests.validation.generated.primitives import HOST, draw, uuid

_TYPES = ("Patient", "Observation", "Medication", "Condition", "MedicationRequest")
_KINDS = ("collection", "collection", "searchset", "transaction", "batch", "history")


def bundle(generator: Generator, rng: Random) -> dict[str, Any]:
    """Return a valid Bundle of a few resources."""
    kind = rng.choice(_KINDS)
    made: dict[str, Any] = {"resourceType": "Bundle", "type": kind}
    if rng.random() < 0.5:
        made["timestamp"] = draw(rng, "instant")[:10] + "T10:00:00Z"
    types = (rng.choice(_TYPES),) if kind == "searchset" else _TYPES
    if kind == "searchset":
        made["link"] = [{"relation": "self", "url": f"{HOST}/fhir/{types[0]}?_lastUpdated=gt2024"}]
    entries = [_entry(generator, rng, kind, index, rng.choice(types)) for index in range(rng.randint(1, 4))]
    if kind == "searchset":
        made["total"] = len(entries)
    return made | {"entry": entries}


def _entry(generator: Generator, rng: Random, kind: str, index: int, type_: str) -> dict[str, Any]:
    resource = generator.resource(type_, seed=rng.random())
    resource["id"] = f"entry-{index}"
    address = f"{type_}/{resource['id']}"
    entry: dict[str, Any] = {"fullUrl": f"{HOST}/fhir/{address}", "resource": resource}
    if kind in {"transaction", "batch"}:
        if rng.random() < 0.5:
            del resource["id"]
            return {"fullUrl": uuid(rng), "resource": resource, "request": {"method": "POST", "url": type_}}
        return entry | {"request": {"method": "PUT", "url": address}}
    if kind == "history":
        return entry | {"request": {"method": "PUT", "url": address}, "response": {"status": "200"}}
    if kind == "searchset" and rng.random() < 0.5:
        entry["search"] = {"mode": "match"}
    return entry
