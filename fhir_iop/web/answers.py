"""Writing an answer: the resource, its version's headers, and the headers that keep health data from lying about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response

from fhir_iop.fhir import json
from fhir_iop.web.conditions import last_modified

if TYPE_CHECKING:
    from fhir_iop.web.exchange import Answer

# An answer may hold a patient's data: no cache keeps it, no browser guesses at it, frames it or runs it. There are no
# CORS headers, so a page of another origin can't read it.
SAFETY = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


def write(answer: Answer, base_url: str, media_type: str, *, pretty: bool = False) -> Response:
    """Turn ``answer`` into a response in ``media_type``; its Location is made absolute with ``base_url``."""
    response = of_json(answer.resource, answer.status, media_type, pretty=pretty)
    if answer.stored is not None:
        response.headers["ETag"] = answer.stored.etag
        response.headers["Last-Modified"] = last_modified(answer.stored)
    if answer.location is not None:
        response.headers["Location"] = f"{base_url}/{answer.location}"
    return response


def of_json(value: Any, status: int, media_type: str, *, pretty: bool = False) -> Response:
    """Write ``value`` as JSON in ``media_type``; None is an empty body of no type."""
    if value is None:
        response = Response(status=status)
        del response.headers["Content-Type"]
        return response
    raw = json.pretty(value) if pretty else json.encode(value)
    return Response(raw, status, content_type=f"{media_type}; charset=utf-8")


def guard(response: Response) -> Response:
    """Put the :data:`SAFETY` headers on ``response``."""
    response.headers.extend(SAFETY)
    return response
