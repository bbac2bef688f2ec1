"""Records that come again: what they no longer say, and what is withdrawn, is kept as entered in error.

A resource's id follows from its record, so that a record with changed content makes new versions of the same resources.
What the record said before and says no more would stay as it was, and be taken for true: it becomes a new version with
the status `entered-in-error` (https://hl7.org/fhir/R4/lifecycle.html), as all that a withdrawn record said does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.mapping.mappings import IN_ERROR, VERIFICATIONS, status_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fhir_iop.flow.lookup import Lookup
    from fhir_iop.mapping import Mappings

WITHDRAWN: Final = "withdrawn"
_ELEMENTS: Final = {"Goal": "lifecycleStatus"}


def withdrawn(record: dict[str, Any], resources: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return ``resources``, all of them entered in error where ``record`` is withdrawn."""
    if record.get("status") != WITHDRAWN:
        return list(resources)
    return [in_error(resource) for resource in resources]


def left_out(
    mappings: Mappings, record: dict[str, Any], resources: Iterable[dict[str, Any]], lookup: Lookup
) -> list[dict[str, Any]]:
    """Return, as entered in error, what is stored of ``record`` and isn't among ``resources``, which say it now."""
    now = {(resource["resourceType"], resource["id"]) for resource in resources}
    asked = mappings.identifiers(record).items()
    stored = [one for type_, identifiers in asked for one in lookup.search(type_, "identifier", *identifiers)]
    gone = [one for one in stored if (one["resourceType"], one["id"]) not in now]
    return [in_error(one) for one in gone if status_of(one) != IN_ERROR]


def in_error(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of ``resource`` that says of itself that it was entered in error."""
    system = VERIFICATIONS.get(resource["resourceType"])
    if system is not None:
        coding = {"system": system, "code": IN_ERROR}
        kept = {name: value for name, value in resource.items() if name != "clinicalStatus"}  # ait-2, con-5
        return kept | {"verificationStatus": {"coding": [coding]}}
    return resource | {_ELEMENTS.get(resource["resourceType"], "status"): IN_ERROR}
