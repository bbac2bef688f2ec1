"""The wire to a pharmacy: a message goes out, and what came back is told; what it means is read elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.errors import Unavailable
from fhir_iop.fhir import json
from fhir_iop.issue import issue
from fhir_iop.session import host_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fhir_iop.issue import Issue
    from fhir_iop.session import Answer, Session

FHIR_JSON: Final = "application/fhir+json"

# The endpoint, not the prescription, is refused: nothing that is sent there will be read.
_NO_ENDPOINT: Final = frozenset({401, 403, 404, 405, 406, 410, 413, 415})
_LATER: Final = frozenset({408, 425, 429})


@dataclass(frozen=True, slots=True)
class Undelivered:
    """No answer that could be read as one. ``again``: it may be different later; otherwise a person must look."""

    again: bool
    issue: Issue


class PharmacyClient:
    """Sends messages to the address ``url`` through ``session``, which sets the limits and the times."""

    def __init__(self, session: Session, url: str) -> None:
        self._session = session
        self._url = url

    def deliver(self, message: Mapping[str, Any]) -> Answer | Undelivered:
        """Send ``message``, on every try the very same bytes with the same id, and return what came back.

        Raises Unusable where the address is none that can be called.
        """
        try:
            answer = self._session.post(
                self._url, json.encode(message), content_type=FHIR_JSON, accept=FHIR_JSON, repeatable=True
            )
        except Unavailable as error:
            return Undelivered(again=True, issue=error.issues[0])
        if answer.status in _NO_ENDPOINT:
            return Undelivered(False, issue("pharmacy-endpoint", host=host_of(self._url), status=answer.status))
        if answer.status >= 500 or answer.status in _LATER or not (answer.ok or answer.status >= 400):
            return Undelivered(True, issue("pharmacy-later", host=host_of(self._url), status=answer.status))
        return answer
