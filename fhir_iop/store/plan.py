"""What submissions change, worked out in memory against what the database holds.

A batch of submissions is one transaction. Each is planned after the other: it sees what those before it did, and is
added whole or, when it contradicts what is there, refused without a trace. Only then is anything written.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fhir_iop.errors import Conflict, NotFound
from fhir_iop.fhir import json
from fhir_iop.issue import issue
from fhir_iop.store.contract import Queued, Receipt, Stored
from fhir_iop.store.instants import from_micros, to_instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fhir_iop.store.contract import AuditRecord, Message, Settled, Submission, Write
    from fhir_iop.store.search.index import IndexRows


@dataclass(frozen=True, slots=True)
class Prepared:
    """A submission with the index rows of each of its writes, made before anything is locked."""

    submission: Submission
    rows: Sequence[IndexRows]


@dataclass(frozen=True, slots=True)
class Head:
    """Where one resource stands: its row's key, its current version and that version's content (None: deleted)."""

    key: int
    version: int
    last_updated: int
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Counters:
    """The highest numbers that the database has given out; 0 for none."""

    resource: int = 0
    outbox: int = 0
    audit: int = 0
    last_updated: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One message in the outbox, at its position."""

    position: int
    queued: Queued


@dataclass(slots=True)
class Changes:
    """What is to be written. ``heads``, ``index`` and ``entries`` hold the last state only; the rest is added to."""

    counters: Counters
    heads: dict[tuple[str, str], Head] = field(default_factory=dict)
    index: dict[int, IndexRows] = field(default_factory=dict)
    entries: dict[str, Entry] = field(default_factory=dict)
    versions: list[tuple[int, int, int, bytes | None]] = field(default_factory=list)
    audit: list[tuple[int, int, AuditRecord]] = field(default_factory=list)

    def update(self, later: Changes) -> None:
        """Take over what ``later`` changes."""
        self.counters = later.counters
        self.heads.update(later.heads)
        self.index.update(later.index)
        self.entries.update(later.entries)
        self.versions += later.versions
        self.audit += later.audit


class Plan:
    """The changes of one batch.

    ``heads`` and ``entries`` are what the database holds of the resources and messages that the batch names;
    ``counters`` what it has given out. ``changes`` grows with every submission that is added.
    """

    def __init__(self, counters: Counters, heads: Mapping[tuple[str, str], Head], entries: Mapping[str, Entry]) -> None:
        self.before = counters
        self.changes = Changes(counters)
        self._heads = heads
        self._entries = entries

    def add(self, prepared: Prepared, now: int) -> Receipt:
        """Add one submission, stamped ``now`` (microseconds) or just after the last stamp, whichever is later.

        Raises Conflict or NotFound as the contract says; the plan is as it was before then.
        """
        submission = prepared.submission
        stamp = max(now, self.changes.counters.last_updated + 1)
        staged = Changes(replace(self.changes.counters, last_updated=stamp))
        stored = [self._write(staged, *pair) for pair in zip(submission.writes, prepared.rows, strict=True)]
        queued = [message for message in submission.messages if self._queue(staged, message)]
        for settled in submission.settled:
            self._settle(staged, settled)
        for record in submission.audit:
            key = staged.counters.audit + 1
            staged.counters = replace(staged.counters, audit=key)
            staged.audit.append((key, stamp, record))
        self.changes.update(staged)
        return Receipt(tuple(stored), tuple(queued))

    def _write(self, staged: Changes, write: Write, rows: IndexRows) -> Stored:
        type_, id_ = identity = (write.resource["resourceType"], write.resource["id"])
        head = staged.heads.get(identity) or self.changes.heads.get(identity) or self._heads.get(identity)
        if write.mode == "create" and head is not None:
            raise Conflict(issue("store-taken", reference=f"{type_}/{id_}"))
        if write.if_match is not None and (head is None or head.version != write.if_match):
            raise Conflict(issue("store-moved-on", reference=f"{type_}/{id_}", expected=write.if_match))
        if write.deleted and head is None:
            raise NotFound(issue("store-not-found", reference=f"{type_}/{id_}"))
        if head is not None and (unchanged := _unchanged(write, head)):
            return unchanged
        counters = staged.counters
        if head is None:
            counters = staged.counters = replace(counters, resource=counters.resource + 1)
        key, version = (counters.resource, 1) if head is None else (head.key, head.version + 1)
        stamp = counters.last_updated
        resource = None if write.deleted else stamped(write.resource, version, stamp)
        content = None if resource is None else json.encode(resource)
        staged.heads[identity] = Head(key, version, stamp, content)
        staged.index[key] = rows
        staged.versions.append((key, version, stamp, content))
        return Stored(type_, id_, version, to_instant(stamp), resource, created=version == 1)

    def _queue(self, staged: Changes, message: Message) -> bool:
        entry = self._entry(staged, message.id)
        if entry is not None:
            if not same(_said(entry.queued.message), _said(message)):
                raise Conflict(issue("store-message-taken", id=message.id))
            return False
        position = staged.counters.outbox + 1
        staged.counters = replace(staged.counters, outbox=position)
        at = from_micros(staged.counters.last_updated)
        staged.entries[message.id] = Entry(position, Queued(message, "waiting", 0, at, at))
        return True

    def _settle(self, staged: Changes, settled: Settled) -> None:
        entry = self._entry(staged, settled.message_id)
        if entry is None:
            raise NotFound(issue("store-message-unknown", id=settled.message_id))
        queued = entry.queued
        if queued.state == "answered":
            if settled.state != "answered" or not same(_plain(queued.answer), _plain(settled.answer)):
                raise Conflict(issue("store-message-answered", id=settled.message_id))
            return
        staged.entries[settled.message_id] = Entry(
            entry.position,
            Queued(
                queued.message,
                settled.state,
                queued.attempts + 1,
                queued.queued_at,
                settled.next_attempt_at or from_micros(staged.counters.last_updated),
                settled.answer,
            ),
        )

    def _entry(self, staged: Changes, id_: str) -> Entry | None:
        return staged.entries.get(id_) or self.changes.entries.get(id_) or self._entries.get(id_)


def stamped(resource: dict[str, Any], version: int, last_updated: int) -> dict[str, Any]:
    """Return a copy of ``resource`` whose meta says its version and the time (microseconds), and else what it said."""
    kept = {name: value for name, value in resource.get("meta", {}).items() if name not in _STAMPS}
    meta = {"versionId": str(version), "lastUpdated": to_instant(last_updated), **kept}
    first = {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta}
    return first | {name: value for name, value in resource.items() if name not in first}


_STAMPS = frozenset({"versionId", "lastUpdated"})


def _unchanged(write: Write, head: Head) -> Stored | None:
    """Return the current version where ``write`` says nothing that it doesn't."""
    type_, id_ = write.resource["resourceType"], write.resource["id"]
    if write.deleted or head.content is None:
        if not (write.deleted and head.content is None):
            return None
        return Stored(type_, id_, head.version, to_instant(head.last_updated), None, changed=False)
    current = json.decode_object(head.content)
    content = json.encode(stamped(write.resource, head.version, head.last_updated))
    if content != head.content and not same(current, json.decode(content)):
        return None
    return Stored(type_, id_, head.version, to_instant(head.last_updated), current, changed=False)


def _said(message: Message) -> Any:
    return _plain([message.kind, message.about, message.destination, message.body])


def _plain(value: object) -> Any:
    """Return ``value`` as it comes back from the database."""
    return json.decode(json.encode(value))


def same(one: object, other: object) -> bool:
    """Whether two JSON values say the same, to the last digit: the order of names in an object says nothing."""
    if isinstance(one, dict):
        return isinstance(other, dict) and one.keys() == other.keys() and all(same(one[n], other[n]) for n in one)
    if isinstance(one, list):
        return isinstance(other, list) and len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Decimal):
        return isinstance(other, Decimal) and one.as_tuple() == other.as_tuple()
    return type(one) is type(other) and one == other
