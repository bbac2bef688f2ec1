"""Text written as other notations have it, and read again (https://hl7.org/fhirpath/N1/#additional-string-functions)."""

from __future__ import annotations

import base64
import binascii
import html
import json
from typing import Any


def encoded(text: str, format: str) -> str | None:  # noqa: A002  the specification's word
    """Encode UTF-8 text as ``hex``, ``base64`` or ``urlbase64``; None for another format."""
    raw = text.encode()
    if format == "hex":
        return raw.hex()
    if format == "base64":
        return base64.b64encode(raw).decode()
    return base64.urlsafe_b64encode(raw).decode() if format == "urlbase64" else None


def decoded(text: str, format: str) -> str | None:  # noqa: A002  the specification's word
    """Decode what :func:`encoded` made; None for text that isn't such."""
    try:
        if format == "hex":
            return bytes.fromhex(text).decode()
        if format in ("base64", "urlbase64"):
            return base64.b64decode(text, b"-_" if format == "urlbase64" else None, validate=True).decode()
    except (ValueError, binascii.Error):
        return None
    return None


def escaped(text: str, target: str) -> str | None:
    """Escape for ``html`` or ``json``; None for another target."""
    if target == "html":
        return html.escape(text, quote=True)
    return json.dumps(text, ensure_ascii=False)[1:-1] if target == "json" else None


def unescaped(text: str, target: str) -> str | None:
    """Undo :func:`escaped`; None for text that isn't such."""
    if target == "html":
        return html.unescape(text)
    if target == "json":
        return _json_string(text)
    return None


def _json_string(text: str) -> str | None:
    try:
        found: Any = json.loads(f'"{text}"')
    except ValueError:
        # An unescaped quotation mark is itself: only the escapes are undone.
        try:
            found = json.loads('"' + text.replace('\\"', '"').replace('"', '\\"') + '"')
        except ValueError:
            return None
    return found if isinstance(found, str) else None
