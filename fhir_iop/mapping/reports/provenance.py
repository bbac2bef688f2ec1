"""An explanation as Provenance resources, for whoever keeps FHIR (https://hl7.org/fhir/R4/provenance.html)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from fhir_iop.mapping.reports.explaining import Explained, Origin

_PROFILE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-provenance"
_AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"


def provenance(explained: Explained, system: str, record_id: str, at: datetime) -> dict[str, Any]:
    """Return the Provenance of one resource, recorded ``at``.

    Its entities are the elements in their order: the record as source, by ``system`` and ``record_id``, and in words
    the field, the element and the rule with its line. Values of the record aren't repeated. The id follows from the
    resource's, so that the same resource has one.
    """
    resource = explained.resource
    target = f"{resource['resourceType']}/{resource['id']}"
    assembler = {"coding": [{"system": _AGENT, "code": "assembler", "display": "Assembler"}]}
    return {
        "resourceType": "Provenance",
        "id": sha256(f"Provenance of {target}".encode()).hexdigest()[:32],
        "meta": {"profile": [_PROFILE]},
        "target": [{"reference": target}],
        "recorded": at.isoformat(timespec="seconds"),
        "agent": [{"type": assembler, "who": {"display": "fhir-iop"}}],
        "entity": [_entity(origin, system, record_id) for origin in explained.origins],
    }


def _entity(origin: Origin, system: str, record_id: str) -> dict[str, Any]:
    said = f"{origin.path} by {origin.where}: {origin.rule}"
    if not origin.pointer:
        return {"role": "source", "what": {"display": said}}
    identifier = {"system": system, "value": record_id}
    return {"role": "source", "what": {"identifier": identifier, "display": f"{origin.pointer} to {said}"}}
