"""A resource in words, for a client that shows text only (https://hl7.org/fhir/R4/narrative.html)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_XHTML = "http://www.w3.org/1999/xhtml"


def narrative(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a generated Narrative of ``resource``: its title, description, activities and notes, a paragraph each."""
    paragraphs = "".join(f"<p>{escape(text, quote=False)}</p>" for text in _said(resource))
    kind = escape(resource["resourceType"])
    return {"status": "generated", "div": f'<div xmlns="{_XHTML}">{paragraphs or f"<p>{kind}</p>"}</div>'}


def _said(resource: dict[str, Any]) -> Iterator[str]:
    if "title" in resource:
        yield resource["title"]
    if "description" in resource:
        yield resource["description"]
    period = resource.get("period") or {}
    if period:
        yield " – ".join(day for day in (period.get("start", ""), period.get("end", "")) if day)
    for activity in resource.get("activity", ()):
        detail = activity.get("detail") or {}
        names = [coding["display"] for coding in (detail.get("code") or {}).get("coding", ()) if "display" in coding]
        if names:
            yield names[0]
    for note in resource.get("note", ()):
        yield note["text"]
