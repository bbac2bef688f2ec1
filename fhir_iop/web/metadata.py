"""capabilities: what this endpoint can do (https://hl7.org/fhir/R4/http.html#capabilities)."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue
from fhir_iop.store.search.parameters import OWN_COLUMNS, parameters
from fhir_iop.web.exchange import Answer, Ask, Interaction, only
from fhir_iop.web.negotiation import FHIR_JSON
from fhir_iop.web.validate import OPERATION as VALIDATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from fhir_iop.definitions import Definitions
    from fhir_iop.web.services import Services

OPERATIONS = {"$validate": VALIDATE}

# A Parameters is never kept: R4 gives it no RESTful endpoint (https://hl7.org/fhir/R4/parameters.html).
_NOT_SERVED = frozenset({"Parameters", "Resource", "DomainResource"})

_SECURITY = (
    "There is no log-in yet: the endpoint listens on a loopback address only, and whatever lets others reach it must "
    "authenticate them. No cross-origin access is granted."
)


def served_types(definitions: Definitions) -> frozenset[str]:
    """Return the resource types that the endpoint keeps: all of R4's but those that have no endpoint."""
    return definitions.resource_types - _NOT_SERVED


def capabilities(ask: Ask, statement: Callable[[], dict[str, Any]]) -> Answer:
    """Answer 200 with ``statement``. Raises BadInput for a ``mode`` that asks for something else."""
    only(ask, "mode")
    if any(value not in {"full", "normative"} for _, value in ask.parameters):
        raise BadInput(issue("web-metadata-mode"))
    return Answer(200, statement())


def capability_statement(services: Services, interactions: Sequence[Interaction], since: datetime) -> dict[str, Any]:
    """Return the CapabilityStatement of an endpoint that has registered ``interactions`` at the instant ``since``.

    Types and search parameters are the definitions', interactions and operations the registered ones; nothing is
    listed by hand, so that the statement can't promise what isn't there.
    """
    system = [found for found in interactions if found.path == "/"]
    per_type = [found for found in interactions if found.path != "/"]
    shared = _shared(per_type)
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": since.isoformat(timespec="seconds"),
        "kind": "instance",
        "software": {"name": "fhir-iop", "version": version("fhir-iop")},
        "implementation": {"description": services.settings.program_name, "url": services.settings.base_url},
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON, "json"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": False, "description": _SECURITY},
                "resource": [
                    {"type": type_, **shared, **_search(type_, services.definitions)}
                    for type_ in sorted(served_types(services.definitions))
                ],
                "interaction": [{"code": code} for found in system for code in found.codes],
            }
        ],
    }


def _shared(interactions: Sequence[Interaction]) -> dict[str, Any]:
    """Return what the statement says of every type: codes, features and operations, each once, in the table's order."""
    codes = list(dict.fromkeys(code for found in interactions for code in found.codes))
    features = {name: value for found in interactions for name, value in found.features.items()}
    return {
        "interaction": [{"code": code} for code in codes if code not in OPERATIONS],
        **features,
        "operation": [{"name": code[1:], "definition": OPERATIONS[code]} for code in codes if code in OPERATIONS],
    }


def _search(type_: str, definitions: Definitions) -> dict[str, Any]:
    """Return what the store can search by, and what of it can be included; the definitions know some more."""
    known = definitions.search_parameters(type_)
    searchable = sorted(known.keys() & (OWN_COLUMNS | parameters(definitions, type_).supported.keys()))
    includes = [f"{type_}:{code}" for code in searchable if known[code].type == "reference"]
    return {
        **({"searchInclude": includes} if includes else {}),
        "searchParam": [{"name": code, "definition": known[code].url, "type": known[code].type} for code in searchable],
    }
