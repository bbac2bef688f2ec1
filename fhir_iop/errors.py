"""The few exceptions that end a request or a command.

A finding about data is an :class:`~fhir_iop.issue.Issue` and is returned. These are raised when there is nothing left
to do: each carries the Issues to tell, and ``web/errors.py`` and ``cli`` are the only places that turn them into an
HTTP status or an exit status.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fhir_iop.issue import Issue


class FhirIopError(Exception):
    """The common base. ``issues`` are what to tell whoever asked; the message is the first one's words."""

    def __init__(self, *issues: Issue) -> None:
        super().__init__(issues[0].details if issues else self.__class__.__name__)
        self.issues: tuple[Issue, ...] = issues

    @classmethod
    def of(cls, issues: Iterable[Issue]) -> FhirIopError:
        """Build the exception from any iterable of Issues."""
        return cls(*issues)


class BadInput(FhirIopError):
    """What was sent can't be read at all: not JSON, not a resource, an unknown search parameter (HTTP 400)."""


class Refused(FhirIopError):
    """What was sent was read and breaks a rule; nothing of it was kept (HTTP 422)."""


class Forbidden(FhirIopError):
    """A policy forbids it, and saying so tells nobody anything about a patient (HTTP 403)."""


class NotFound(FhirIopError):
    """There is no such thing, or none that this reader may know of (HTTP 404)."""


class Gone(FhirIopError):
    """There was such a resource; its last version is a deletion (HTTP 410)."""


class Conflict(FhirIopError):
    """It contradicts what is already there: same id with other content, a version that moved on (HTTP 409)."""


class TooLarge(FhirIopError):
    """More than the configured limit (HTTP 413)."""


class Unavailable(FhirIopError):
    """A peer (pharmacy, EHR, registry) or the store can't be reached or answers nonsense; try again (HTTP 503)."""


class Unusable(FhirIopError):
    """The program can't run as asked: a setting, package, profile or mapping is missing or wrong (exit status 2)."""
