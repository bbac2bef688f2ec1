"""The conditions of a request's headers, read against a version (https://hl7.org/fhir/R4/http.html#versions)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from werkzeug.http import http_date, parse_date, parse_etags

from fhir_iop.errors import BadInput
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from fhir_iop.store import Stored
    from fhir_iop.web.exchange import Ask

_VERSION = re.compile(r'(?:W/)?"([1-9][0-9]{0,17})"')


def expected_version(if_match: str | None) -> int | None:
    """Return the version that ``If-Match`` demands, None without the header.

    Raises BadInput for anything but one ETag of ours: a condition that isn't understood must not be passed over.
    """
    if if_match is None:
        return None
    found = _VERSION.fullmatch(if_match.strip())
    if not found:
        raise BadInput(issue("web-if-match"))
    return int(found[1])


def unchanged(ask: Ask, stored: Stored) -> bool:
    """Whether the client says it has this very version, so that 304 is the answer.

    If-None-Match counts before If-Modified-Since (RFC 9110, section 13.2.2); a date that can't be read counts for
    nothing (section 13.1.3).
    """
    if ask.if_none_match is not None:
        return parse_etags(ask.if_none_match).contains_weak(str(stored.version))
    since = parse_date(ask.if_modified_since)
    return since is not None and _instant(stored).replace(microsecond=0) <= since


def last_modified(stored: Stored) -> str:
    """Return the time of ``stored`` as an HTTP date; its fraction of a second is lost there."""
    return http_date(_instant(stored))


def _instant(stored: Stored) -> datetime:
    return datetime.fromisoformat(stored.last_updated)
