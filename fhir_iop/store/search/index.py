"""From a resource to its index rows: every search parameter's expression, every value it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop import fhirpath
from fhir_iop.fhir import reference as fhir_reference
from fhir_iop.store.search.parameters import parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir_iop.definitions import Definitions
    from fhir_iop.store.search.site import Site

IndexRows = dict[str, list[dict[str, Any]]]
"""Rows without their resource, by the name of their table."""


def index_rows(resource: Mapping[str, Any], definitions: Definitions, site: Site) -> IndexRows:
    """Return the rows of every parameter of the resource's type, each once."""
    context = fhirpath.Context(now=site.clock(), resource=resource, resolve=_resolve)
    found: IndexRows = {}
    seen: set[tuple[object, ...]] = set()
    for parameter in parameters(definitions, resource["resourceType"]).supported.values():
        for value in parameter.expression.typed(resource, context):
            for table, name, columns in parameter.kind.rows(parameter.name, value, site):
                known = (table.name, name, *columns.values())
                if known not in seen:
                    seen.add(known)
                    found.setdefault(table.name, []).append({"parameter": name, **columns})
    return found


def _resolve(reference: str) -> dict[str, Any] | None:
    """Return as much of a referenced resource as the reference itself tells: search asks ``resolve() is Patient``."""
    literal = fhir_reference.parse(reference)
    return literal and {"resourceType": literal.type, "id": literal.id}
