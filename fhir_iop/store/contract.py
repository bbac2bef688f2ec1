"""The contract of a store: what every backend does, whatever it is made of.

A store keeps every version of every resource, the search index, the outbox and the audit trail, and changes them
only through :meth:`Store.submit`: one transaction, all or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of one resource, as the store keeps it.

    ``resource`` carries ``id``, ``meta.versionId`` and ``meta.lastUpdated``; it is None for a deletion. ``created``
    says whether this version is the resource's first; ``changed`` is False where a write said what was already there.
    """

    type: str
    id: str
    version: int
    last_updated: str
    resource: dict[str, Any] | None
    created: bool = False
    changed: bool = True

    @property
    def reference(self) -> str:
        """``type/id``."""
        return f"{self.type}/{self.id}"

    @property
    def etag(self) -> str:
        """The weak ETag of this version (https://hl7.org/fhir/R4/http.html#versions)."""
        return f'W/"{self.version}"'


@dataclass(frozen=True, slots=True)
class Write:
    """One resource to keep. The resource has its final ``id``; version and time are stamped by the store.

    ``mode``: ``create`` refuses an id that was ever there; ``put`` makes a new version, or none where nothing but
    version and time would change (a record sent twice makes nothing twice; ``1.0`` and ``1.00`` differ).
    ``if_match``: the version that must be current. ``deleted`` writes a deletion of ``resourceType``/``id`` in
    ``resource``, whose other elements don't matter; what is deleted already stays as it is.
    """

    resource: dict[str, Any]
    mode: Literal["create", "put"] = "put"
    if_match: int | None = None
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message for the outbox. ``id`` is stable for repeats; the same id with another body is a Conflict.

    ``kind`` names the exchange (``prescription``); ``about`` is the reference of the resource it reports on; ``body``
    is the whole message, as sent on every try.
    """

    id: str
    kind: str
    about: str
    destination: str
    body: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Queued:
    """A message in the outbox, with what has happened to it.

    ``attempts`` counts the deliveries that were settled. Times are aware datetimes in UTC.
    """

    message: Message
    state: Literal["waiting", "sent", "answered", "failed"]
    attempts: int
    queued_at: datetime
    next_attempt_at: datetime
    answer: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one delivery: the message's new state, the answer (kept for good), when to try again.

    ``waiting`` tries again at ``next_attempt_at`` (None: at once); ``sent`` was taken and its answer is awaited;
    ``answered`` is final: the same answer again changes nothing, and anything else is a Conflict.
    """

    message_id: str
    state: Literal["waiting", "sent", "answered", "failed"]
    answer: dict[str, Any] | None = None
    next_attempt_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Who did what to which resources; never what they say."""

    action: str
    agent: str
    references: tuple[str, ...] = ()
    outcome: str = "success"
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Submission:
    """What one transaction does. ``settled`` closes deliveries in the same transaction as what their answers wrote."""

    writes: Sequence[Write] = ()
    messages: Sequence[Message] = ()
    settled: Sequence[Settled] = ()
    audit: Sequence[AuditRecord] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One search parameter of a query: any of ``values`` may match (comma); several criteria must all match.

    ``values`` are as sent, split at the commas that separate, and still have their escapes
    (https://hl7.org/fhir/R4/search.html#escaping). ``modifier`` is what follows the colon in the name.
    """

    code: str
    values: tuple[str, ...]
    modifier: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A search over one resource type.

    ``count`` is how many resources a page holds (0 asks for the total only); ``after`` the cursor of an earlier page;
    ``sort`` search parameters in their order of weight, ``-`` before one that descends. ``total``: whether matches are
    counted, which may cost as much as finding them all; ``bounded`` stops at 10,000 and then tells no total.
    """

    type: str
    criteria: tuple[Criterion, ...] = ()
    count: int = 50
    after: str | None = None
    sort: tuple[str, ...] = ()
    total: Literal["none", "bounded", "accurate"] = "bounded"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of matches; ``next`` is the cursor of the page that follows, or None.

    Without ``sort`` the newest resource, by the time it was first stored, comes first. No later write moves a resource
    in that order and the cursor is a place in it, so that what is written while a client pages is neither missed nor
    shown twice because of its position. ``total`` is counted for the first page, and the later ones repeat it.
    """

    matches: tuple[Stored, ...]
    total: int | None
    next: str | None


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a submission did: the version of every write, in their order, and the messages new in the outbox."""

    stored: tuple[Stored, ...] = ()
    messages: tuple[Message, ...] = field(default=())


class Store(Protocol):
    """What fhir-iop asks of a database. Every method is safe to call from many threads.

    Any method raises Unavailable when the database can't be reached or can't be written.
    """

    def submit(self, submission: Submission) -> Receipt:
        """Do all of ``submission`` or nothing; what it did is on the disk when this returns.

        Its resources share one ``meta.lastUpdated``, later than that of every submission before it. Raises Conflict (an
        id taken under mode ``create``, ``if_match`` not current, a message id with another body, an answered message
        settled otherwise), NotFound (a deletion or a settlement of what was never there) and Refused (a resource whose
        search parameters can't be read); nothing was changed then.
        """

    def read(self, type_: str, id_: str) -> Stored:
        """Return the current version. Raises NotFound, or Gone where it is deleted."""

    def vread(self, type_: str, id_: str, version: int) -> Stored:
        """Return one version. Raises NotFound, or Gone where that version is the deletion."""

    def history(self, type_: str, id_: str) -> list[Stored]:
        """Return all versions, newest first, deletions among them. Raises NotFound."""

    def search(self, query: Query) -> Page:
        """Return a page of current resources. Raises BadInput for a parameter, modifier or value it can't take."""

    def due(self, now: datetime, limit: int = 100) -> list[Queued]:
        """Return the messages that wait and may be sent at ``now``, oldest first."""

    def claim(self, now: datetime, until: datetime, limit: int = 100) -> list[Queued]:
        """Return what :meth:`due` does, and let nobody else have it before ``until``.

        Whoever delivers claims first, so that two processes don't send one message at the same time. One that dies
        leaves its messages waiting: they are due again at ``until``, under the same ids.
        """

    def message(self, id_: str) -> Queued | None:
        """Return what is known of one message, or None."""

    def outbox(self) -> Iterator[Queued]:
        """Go through all messages, oldest first."""

    def audit(self, about: str | None = None) -> Iterator[tuple[datetime, AuditRecord]]:
        """Go through the audit trail, oldest first; ``about`` one reference (``Patient/1``), or all of it."""

    def reindex(self) -> int:
        """Make the search index anew for types whose search parameters aren't those they were indexed with.

        Returns how many resources these types have. Opening a store does this.
        """

    def close(self) -> None:
        """Give back connections. The store can't be used afterwards."""
