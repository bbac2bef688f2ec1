"""The three ways in: a program's records, resources from a client, and what another system knows.

record → mapping → labels → validation → one transaction of the store, with the prescription message it asks for
outbox → pharmacy → its answer → validation → one transaction of the store
EHR → reported medication → labels → validation → one transaction of the store
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from fhir_iop import consent
from fhir_iop.errors import Refused
from fhir_iop.flow.correcting import left_out
from fhir_iop.flow.delivery import Delivered, Delivery
from fhir_iop.flow.importing import Import, Synced
from fhir_iop.flow.lookup import Lookup
from fhir_iop.flow.prescriptions import Prescriptions
from fhir_iop.flow.records import to_resources
from fhir_iop.issue import has_errors
from fhir_iop.store import AuditRecord, Receipt, Submission, Write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from fhir_iop.issue import Issue
    from fhir_iop.mapping import Mappings
    from fhir_iop.settings import Settings
    from fhir_iop.store import Store
    from fhir_iop.validation import Validator


@dataclass(frozen=True, slots=True)
class Flow:
    """The steps, joined to the parts that do them. Any thread may use it."""

    mappings: Mappings
    validator: Validator
    store: Store
    settings: Settings
    clock: Callable[[], datetime]

    def submit_records(self, records: Iterable[Any], agent: str) -> Receipt:
        """Map ``records`` and keep all that they say, or nothing.

        What a record said before and says no more becomes entered in error. The receipt tells the records' resources
        in their order, and behind them those. Raises Refused with Issues (a JSON pointer into the record where one
        doesn't fit, an expression where its resource isn't valid), Conflict and Unavailable as the store does.
        """
        made: list[dict[str, Any]] = []
        said: list[dict[str, Any]] = []
        for record in records:
            mapped = to_resources(self.mappings, record)
            if has_errors(mapped.issues):
                raise Refused(*mapped.issues)
            made += mapped.resources
            said.append(record)
        lookup = Lookup.of([], self.store)
        no_more = [gone for record in said for gone in left_out(self.mappings, record, made, lookup)]
        return self.submit_writes([Write(resource) for resource in (*made, *no_more)], agent=agent)

    def submit_writes(self, writes: Sequence[Write], *, agent: str) -> Receipt:
        """Label, validate and keep all of ``writes`` or nothing; the receipt tells their versions in their order.

        An order for a pharmacy puts its message into the outbox, and its Task into the store, in the same transaction.
        Raises Refused where a resource or the message isn't valid or may not be sent, Conflict and Unavailable as the
        store does.
        """
        labelled = self._labelled(writes)
        self._check(write.resource for write in labelled if not write.deleted)
        asked = Prescriptions(Lookup.of(labelled, self.store), self.store, self.settings, self.clock()).of(labelled)
        self._check([*(task.resource for task in asked.tasks), *(message.body for message in asked.messages)])
        references = tuple(f"{write.resource['resourceType']}/{write.resource['id']}" for write in labelled)
        audit = [AuditRecord("write", agent, references), *(replace(record, agent=agent) for record in asked.audit)]
        receipt = self.store.submit(Submission([*labelled, *asked.tasks], asked.messages, audit=audit))
        return Receipt(receipt.stored[: len(writes)], receipt.messages)

    def deliver(self, limit: int = 100) -> Delivered:
        """Send at most ``limit`` messages that are due, and keep what each answer means.

        What can't be delivered is due again later; a message keeps its id and its bytes. Raises Unavailable where the
        store can't be used, and Unusable where the pharmacy's address can't.
        """
        return Delivery(self.store, self.validator, self.settings, self.clock).run(limit)

    def sync(self, url: str, patient: str) -> Synced:
        """Take over what the FHIR server at ``url`` knows of the medication of ``patient``, an id there.

        Raises NotFound (no such patient there), BadInput (no id) and Unavailable (no whole answer).
        """

        def keep(writes: Sequence[Write], agent: str) -> Receipt:
            return self.submit_writes(writes, agent=agent) if writes else Receipt()

        return Import(self.store, self.settings, self.clock, keep).run(url, patient)

    def _labelled(self, writes: Sequence[Write]) -> list[Write]:
        """Return ``writes`` with the labels that their resources must carry."""
        stored = Lookup.of([], self.store)
        kept = consent.label([write.resource for write in writes], stored=stored)
        return [
            write if write.deleted else replace(write, resource=resource)
            for write, resource in zip(writes, kept, strict=True)
        ]

    def _check(self, resources: Iterable[dict[str, Any]]) -> None:
        """Raise Refused where one of ``resources`` isn't valid, with the findings of all."""
        checked = [(resource, self.validator.validate(resource)) for resource in resources]
        found = [
            _named(one, resource) if len(checked) > 1 else one
            for resource, issues in checked
            if has_errors(issues)
            for one in issues
        ]
        if found:
            raise Refused(*found)


def _named(found: Issue, resource: dict[str, Any]) -> Issue:
    """Say which of several resources ``found`` is about; an id of ours says nothing about a person."""
    return replace(found, details=f"{resource.get('resourceType')}/{resource.get('id')}: {found.details}")
