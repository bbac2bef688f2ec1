"""XML in: what can't be read, and what only XML can have wrong, become findings with a line and a column."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from fhir_iop.errors import BadInput
from fhir_iop.validation.item import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.definitions import Definitions
    from fhir_iop.fhir.xml import XmlResource
    from fhir_iop.issue import Issue

# What these say of the JSON form is told of the XML, at the same place.
_TOLD_BY = {"xml-value": ("json-type",), "xml-resource": ("empty", "resource-type-missing")}

# Behind white space and a byte order mark; UTF-16 has NULs around each of these.
_BEGINS = re.compile("[\ufeff \t\r\n]*<")
_BEGINS_ENCODED = re.compile(rb"[\xef\xbb\xbf\xff\xfe\x00 \t\r\n]*<")


class Read(NamedTuple):
    """A resource read from XML, None where that was impossible, with what was wrong with the document."""

    document: XmlResource | None
    issues: list[Issue]

    @property
    def resource(self) -> dict[str, Any] | None:
        """The resource in its JSON form."""
        return None if self.document is None else self.document.resource

    def issues_with(self, found: Sequence[Finding]) -> list[Issue]:
        """Return all Issues, those of ``found`` after the document's own, with line and column."""
        if self.document is None:
            return self.issues
        own = [Finding(fault.issue, fault.path) for fault in self.document.faults]
        told = {(rule, finding.path) for finding in own for rule in _TOLD_BY.get(finding.issue.rule, ())}
        all_ = own + [finding for finding in found if (finding.issue.rule, finding.path) not in told]
        if not all_:
            return []
        where = self.document.positions({finding.path for finding in all_})
        return [finding.told(*where[finding.path]) for finding in all_]


def read(raw: bytes | str, definitions: Definitions) -> Read:
    """Read one resource; report a document that isn't one."""
    from fhir_iop.fhir import xml  # lxml is needed by few: start-up time is measured

    try:
        return Read(xml.read(raw, definitions), [])
    except BadInput as refused:
        return Read(None, list(refused.issues))


def is_xml(raw: bytes | str) -> bool:
    """Whether a text is XML rather than JSON, by how it begins: no JSON begins with `<`, in any encoding."""
    return (_BEGINS if isinstance(raw, str) else _BEGINS_ENCODED).match(raw) is not None  # type: ignore[arg-type]
