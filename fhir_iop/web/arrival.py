"""Reading a request: its host, its body within the limit, its query, its headers; an :class:`Ask` comes out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from fhir_iop.errors import BadInput, TooLarge
from fhir_iop.fhir.json import decode_object
from fhir_iop.issue import issue
from fhir_iop.web.errors import Misdirected, WrongContent
from fhir_iop.web.exchange import Ask, Interaction, Prefer
from fhir_iop.web.negotiation import FORM, check_body_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Request

    from fhir_iop.settings import Settings

# How an answer is written, not what is asked (https://hl7.org/fhir/R4/http.html#parameters).
WRITING = frozenset({"_format", "_pretty"})
_MOST_PARAMETERS = 500
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_PREFERENCES: dict[str, Prefer] = {
    "return=minimal": "minimal",
    "return=representation": "representation",
    "return=operationoutcome": "OperationOutcome",
}


def check_host(request: Request, settings: Settings) -> None:
    """Raise Misdirected unless the request names this server: ``base_url``'s host, or a loopback address.

    A page in a browser that points its own name at 127.0.0.1 (DNS rebinding) could otherwise read every record.
    """
    host = _hostname(f"//{request.headers.get('Host', '')}")
    if host not in _LOOPBACK and host != _hostname(settings.base_url):
        raise Misdirected(issue("web-host"))


def _hostname(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:  # not an address at all, such as an open bracket
        return None


def query(request: Request) -> tuple[tuple[str, str], ...]:
    """Return the names and values of the query in order. Raises BadInput where they aren't UTF-8 or are too many."""
    return pairs(request.query_string)


def pairs(raw: bytes) -> tuple[tuple[str, str], ...]:
    """Decode ``name=value&…``; empty values are kept. Raises BadInput as :func:`query` does."""
    try:
        return tuple(parse_qsl(raw.decode(), keep_blank_values=True, errors="strict", max_num_fields=_MOST_PARAMETERS))
    except ValueError:
        raise BadInput(issue("web-query")) from None


def body(request: Request, limit: int) -> bytes:
    """Return the whole body.

    Raises TooLarge beyond ``limit`` bytes, announced or not; WrongContent where it is compressed; BadInput
    where it ends before the announced length, or no length is announced and the server can't tell its end.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise WrongContent(issue("web-content-encoding"))
    if "Transfer-Encoding" in request.headers and not request.environ.get("wsgi.input_terminated"):
        raise BadInput(issue("web-body-length"))
    # One more than is allowed: Werkzeug cuts a body of unannounced length off where its maximum is, and says nothing.
    request.max_content_length = limit + 1
    too_large = TooLarge(issue("web-body-too-large", limit=limit))
    try:
        raw = request.get_data(cache=False)
    except RequestEntityTooLarge:
        raise too_large from None
    except ClientDisconnected:
        raise BadInput(issue("web-body-truncated")) from None
    if len(raw) > limit:
        raise too_large
    if request.content_length is not None and len(raw) < request.content_length:
        raise BadInput(issue("web-body-truncated"))
    return raw


def ask(request: Request, interaction: Interaction, settings: Settings, names: Mapping[str, str]) -> Ask:
    """Read all of ``request`` that ``interaction`` needs; ``names`` are the parts of its path.

    Raises BadInput, TooLarge and WrongContent for a body or a query that can't be read.
    """
    parameters = tuple((name, value) for name, value in query(request) if name not in WRITING)
    raw = b"" if interaction.body == "none" else body(request, settings.body_limit)
    resource = None
    if interaction.body == "form":
        if raw:
            check_body_type(request.content_type, [FORM])
        parameters += pairs(raw)
    elif raw:
        check_body_type(request.content_type)
        resource = decode_object(raw)
    elif interaction.body == "resource":
        raise BadInput(issue("web-body-missing"))
    headers = request.headers
    return Ask(
        type=names.get("type", ""),
        id=names.get("id", ""),
        version=names.get("version", ""),
        parameters=parameters,
        resource=resource,
        body=raw,
        if_match=headers.get("If-Match"),
        if_none_match=headers.get("If-None-Match"),
        if_modified_since=headers.get("If-Modified-Since"),
        if_none_exist=headers.get("If-None-Exist"),
        prefer=_preference(headers.get("Prefer", "")),
    )


def _preference(header: str) -> Prefer | None:
    """Read what a client wants back from a write; an unknown preference is passed over (RFC 7240, section 2)."""
    for part in re.split(r"[,;]", header):
        wanted = _PREFERENCES.get("".join(part.split()).replace('"', "").lower())
        if wanted:
            return wanted
    return None
