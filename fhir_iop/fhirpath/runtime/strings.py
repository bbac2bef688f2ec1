"""What strings need beyond Python's own methods (https://hl7.org/fhirpath/N1/#string-manipulation)."""

from __future__ import annotations

import base64
import binascii
import html
import json
from typing import Any

from fhir_iop.fhirpath.errors import FhirPathError

# Longer strings can't be made: repeated joining and replacing would double them without end.
LONGEST = 1_000_000


def joined(*texts: str) -> str:
    """Concatenate. Raises FhirPathError beyond a million characters."""
    result = "".join(texts)
    if len(result) > LONGEST:
        raise FhirPathError("fhirpath-budget", limit=f"{LONGEST} characters in a string")
    return result


def joined_with(texts: list[str], separator: str) -> str | None:
    """Concatenate with a separator between; None where there is nothing to join."""
    if not texts:
        return None
    return joined(separator.join(texts)) if len(texts) * len(separator) <= LONGEST else joined(" " * (LONGEST + 1))


def substring(text: str, start: int, length: int | None = None) -> str | None:
    """Return ``length`` characters from ``start``, all where no length is given; None where the start is outside."""
    if not 0 <= start < len(text):
        return None
    return text[start:] if length is None else text[start : start + max(length, 0)]


def replaced(text: str, pattern: str, substitution: str) -> str:
    """Replace each occurrence; an empty pattern stands between all characters."""
    if len(text) + text.count(pattern) * len(substitution) > LONGEST:
        raise FhirPathError("fhirpath-budget", limit=f"{LONGEST} characters in a string")
    if not pattern:
        return substitution + "".join(character + substitution for character in text)
    return text.replace(pattern, substitution)


def split(text: str, separator: str) -> list[str]:
    """Split at each separator; an empty one splits into characters."""
    return text.split(separator) if separator else list(text)


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
