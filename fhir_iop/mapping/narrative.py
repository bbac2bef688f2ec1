"""A resource in words, for a client that shows text only (https://hl7.org/fhir/R4/narrative.html)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_XHTML = "http://www.w3.org/1999/xhtml"


def narrative(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a generated Narrative of ``resource``: its title, description, activities and notes, a paragraph each.

    An activity has what it is and what is written of it; lines stay lines.
    """
    told = (escape(text, quote=False).replace("\n", "<br/>") for text in _said(resource))
    paragraphs = "".join(f"<p>{text}</p>" for text in told)
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
        codings = (detail.get("code") or {}).get("coding", ())
        name = next((coding["display"] for coding in codings if "display" in coding), "")
        said = [part for part in (name, detail.get("description", "")) if part]
        if said:
            yield ": ".join(said)
    for note in resource.get("note", ()):
        yield note["text"]
