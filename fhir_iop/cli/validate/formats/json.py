"""JSON for programs: one object a line and finding."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.cli.validate.formats.format import LineFormat
from fhir_iop.errors import BadInput
from fhir_iop.fhir import json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.cli.validate.text import Text
    from fhir_iop.fhir.xml import Types
    from fhir_iop.issue import Issue


class Json(LineFormat):
    """One object a line and finding; ``resource`` is its type and id, as far as it has them."""

    def told(self, text: Text, shown: Sequence[Issue], hidden: int, types: Types) -> list[bytes]:
        """See :class:`Format`."""
        del hidden
        name = _name(text, types) if shown else None
        return [json.encode(_row(text.file, name, found)) + b"\n" for found in shown]


def encodable(name: str) -> str:
    """Return a file's name as text that can be encoded: bytes of it that aren't UTF-8 become a replacement sign."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _row(file: str, name: str | None, found: Issue) -> dict[str, Any]:
    return {
        "file": encodable(file),
        "resource": name,
        "severity": found.severity,
        "code": found.code,
        "rule": found.rule,
        "expression": found.expression,
        "line": found.line,
        "column": found.column,
        "message": found.details,
    }


def _name(text: Text, types: Types) -> str | None:
    """Return ``Patient/1`` for a resource that says both, as much as it says otherwise; None where it can't be read."""
    if text.raw is None:
        return None
    try:
        resource = _of_xml(text.raw, types) if text.is_xml else json.decode_object(text.raw)
    except BadInput:
        return None
    parts = [part for part in (resource.get("resourceType"), resource.get("id")) if isinstance(part, str)]
    return "/".join(parts) or None


def _of_xml(raw: bytes, types: Types) -> dict[str, Any]:
    from fhir_iop.fhir import xml  # lxml is needed by few

    return xml.read(raw, types).resource
