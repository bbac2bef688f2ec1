"""What an EHR knows of a patient's medication, taken over: pulled, matched to our patient, kept as reported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fhir_iop import ehr
from fhir_iop.errors import Refused
from fhir_iop.flow.lookup import Lookup
from fhir_iop.issue import has_errors
from fhir_iop.session import Session
from fhir_iop.store import Criterion, Query, Write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from fhir_iop.issue import Issue
    from fhir_iop.settings import Settings
    from fhir_iop.store import Receipt, Store

_AGENT = "ehr sync"


@dataclass(frozen=True, slots=True)
class Synced:
    """What one sync did: for which patient (None where nobody could be matched), and what became of each request."""

    patient: str | None
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    issues: tuple[Issue, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all was taken over, and nothing needs a person's look."""
        return not has_errors(self.issues)

    def told(self) -> Iterator[str]:
        """Say what was done and what was found, a line each; nothing in it tells who the patient is."""
        for found in self.issues:
            yield f"{found.severity}: {found.expression}: {found.details} ({found.rule})"
        if self.patient is None:
            yield "Nothing was stored: the patient could not be matched, and a person must decide."
        else:
            counts = f"{self.new} new, {self.changed} changed, {self.unchanged} known already"
            yield f"Reported medication of {self.patient}: {counts}."


@dataclass(frozen=True, slots=True)
class Import:
    """One sync; ``keep`` labels, validates and stores what is to be written, all or nothing."""

    store: Store
    settings: Settings
    clock: Callable[[], datetime]
    keep: Callable[[Sequence[Write], str], Receipt]

    def run(self, url: str, patient: str) -> Synced:
        """Take over the medication of ``patient``, an id at the FHIR server ``url``.

        A request that can't be kept is told and doesn't keep the others out. Raises NotFound and Unavailable as the
        client does; nothing was stored then.
        """
        with Session(timeout=self.settings.ehr_timeout) as session:
            client = ehr.EhrClient(session, url)
            theirs = client.patient(patient)
            matched = ehr.match(theirs, list(self._candidates(theirs)))
            if matched.patient is None:
                return Synced(None, issues=tuple(matched.issues))
            pulled = client.medication_requests(patient)
        issues = list(pulled.issues)
        receipts = []
        for request in pulled.requests:
            reported = ehr.as_reported_medication(
                request,
                base=client.base,
                subject=matched.patient,
                at=self.clock(),
                id_key=self.settings.id_key,
                medication=pulled.medication_of(request),
            )
            issues += reported.issues
            try:
                receipts.append(self.keep(list(self._writes(reported.resources)), _AGENT))
            except Refused as refused:
                issues += refused.issues
        kept = [receipt.stored[0] for receipt in receipts if receipt.stored]
        return Synced(
            matched.patient,
            new=sum(one.created for one in kept),
            changed=sum(one.changed and not one.created for one in kept),
            unchanged=sum(not one.changed for one in kept),
            issues=tuple(issues),
        )

    def _candidates(self, theirs: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """Give each of our patients who has a record number that ``theirs`` has, once."""
        seen = set()
        for system, value in ehr.record_numbers(theirs):
            token = f"{_escaped(system)}|{_escaped(value)}"
            for found in self.store.search(Query("Patient", (Criterion("identifier", (token,)),))).matches:
                if found.resource and found.id not in seen:
                    seen.add(found.id)
                    yield found.resource

    def _writes(self, resources: Sequence[dict[str, Any]]) -> Iterator[Write]:
        """Give what is to be written: a version that is documented already needs no second Provenance."""
        lookup = Lookup.of([], self.store)
        for resource in resources:
            if resource["resourceType"] != "Provenance" or lookup(f"Provenance/{resource['id']}") is None:
                yield Write(resource)


def _escaped(text: str) -> str:
    """Escape what separates in a token (https://hl7.org/fhir/R4/search.html#escaping)."""
    return re.sub(r"([\\,|$])", r"\\\1", text)
