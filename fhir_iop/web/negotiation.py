"""Which format a body is in and which one the client wants back (https://hl7.org/fhir/R4/http.html#mime-type).

FHIR JSON is spoken; the generic names of JSON mean it too, and are answered under the name that was asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.http import parse_options_header

from fhir_iop.issue import issue
from fhir_iop.web.errors import NotAcceptable, WrongContent

if TYPE_CHECKING:
    from collections.abc import Iterable

FHIR_JSON = "application/fhir+json"
FORM = "application/x-www-form-urlencoded"
FHIR_VERSION = "4.0"

_JSON = {FHIR_JSON: FHIR_JSON, "application/json": "application/json", "text/json": "text/json"}
_ANY = {"*/*": FHIR_JSON, "application/*": FHIR_JSON, "text/*": "text/json"}
# In an address a `+` that isn't written %2B arrives as a space.
_FORMATS = {"json": FHIR_JSON, "application/fhir json": FHIR_JSON, **_JSON}


def answer_type(accept: Iterable[tuple[str, float]], formats: Iterable[str]) -> str:
    """Return the media type to answer in.

    ``accept`` holds the media ranges of the Accept header with their quality, in any order; none means that any will
    do. ``formats`` holds the values of ``_format``, which count before the header. Raises NotAcceptable when FHIR JSON
    of version 4.0 (R4) isn't among what was asked for.
    """
    for text in formats:
        name, options = parse_options_header(text.strip())
        return _checked(_FORMATS.get(name.lower()), options)
    ranges = sorted(accept, key=lambda found: -found[1])
    if not ranges:
        return FHIR_JSON
    for text, quality in ranges:
        name, options = parse_options_header(text)
        kind = _JSON.get(name.lower()) or _ANY.get(name.lower())
        if kind and quality > 0 and options.get("fhirversion", FHIR_VERSION) == FHIR_VERSION:
            return kind
    return _checked(None, {})


def _checked(kind: str | None, options: dict[str, str]) -> str:
    if kind is None or options.get("fhirversion", FHIR_VERSION) != FHIR_VERSION:
        raise NotAcceptable(issue("web-not-acceptable"))
    return kind


def check_body_type(content_type: str | None, allowed: Iterable[str] = _JSON) -> str:
    """Return the bare media type of a body. Raises WrongContent where it isn't one of ``allowed``, in UTF-8, in R4."""
    name, options = parse_options_header(content_type or "")
    name = name.lower()
    well = name in set(allowed)
    well &= options.get("charset", "utf-8").lower() in {"utf-8", "utf8", "us-ascii"}
    well &= options.get("fhirversion", FHIR_VERSION) == FHIR_VERSION
    if not well:
        raise WrongContent(issue("web-content-type", expected=" or ".join(allowed)))
    return name
