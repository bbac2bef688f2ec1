"""The first steps of a record, which need no store: its answers scored, mapped to FHIR, labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop import consent, instruments
from fhir_iop.flow.correcting import WITHDRAWN, withdrawn
from fhir_iop.issue import issue
from fhir_iop.mapping import Mapped

if TYPE_CHECKING:
    from fhir_iop.mapping import Mappings


def to_resources(mappings: Mappings, record: Any, *, lenient: bool = False) -> Mapped:
    """Return the labelled resources that say what ``record`` says; none where an Issue is an error.

    An Issue's expression is a JSON pointer into the record. ``lenient`` is as in :meth:`Mappings.to_fhir`.
    """
    if isinstance(record, dict) and record.get("status") == WITHDRAWN and isinstance(record.get("record"), str):
        types = mappings.never_in_error(record["record"])
        if types:
            return Mapped([], [issue("record-no-withdrawal", "/status", kind=record["record"], types=", ".join(types))])
    scored, issues = instruments.scored(record) if isinstance(record, dict) else (record, [])
    if any(found.is_error for found in issues):
        return Mapped([], issues)
    mapped = mappings.to_fhir(scored, lenient=lenient)
    resources = withdrawn(scored, mapped.resources) if mapped.resources else []
    return Mapped(consent.label(resources), issues + mapped.issues)
