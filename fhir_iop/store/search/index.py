"""From a resource to its index rows: every search parameter's expression, every value it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop import fhirpath
from fhir_iop.errors import Refused
from fhir_iop.fhir import reference as fhir_reference
from fhir_iop.issue import issue
from fhir_iop.store.search.parameters import parameters

if TYPE_CHECKING:
    from fhir_iop.definitions import Definitions
    from fhir_iop.store.search.site import Site

IndexRows = dict[str, list[dict[str, Any]]]
"""Rows without their resource, by the name of their table."""


def index_rows(resource: dict[str, Any], definitions: Definitions, site: Site) -> IndexRows:
    """Return the rows of every parameter of the resource's type, each once.

    Raises Refused where a parameter can't be read of it, for a resource that a search must find, or must hide by its
    label, and doesn't is worse than none; a valid resource can always be read.
    """
    context = fhirpath.Context(now=site.clock(), resource=resource, resolve=_resolve)
    found: IndexRows = {}
    seen: set[tuple[object, ...]] = set()
    for parameter in parameters(definitions, resource["resourceType"]).supported.values():
        try:
            values = parameter.expression.typed(resource, context)
        except fhirpath.FhirPathError:
            raise Refused(issue("store-index", resource["resourceType"], parameter=parameter.code)) from None
        for value in values:
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
