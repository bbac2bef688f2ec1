"""Finding a resource by reference: among those about to be written, then in the store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fhir_iop.errors import Gone, NotFound
from fhir_iop.store import Criterion, Query

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from fhir_iop.store import Store, Write

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Lookup:
    """Calling it with ``Type/id`` returns that resource, or None where there is none."""

    written: Mapping[str, dict[str, Any] | None]
    store: Store

    @classmethod
    def of(cls, writes: Iterable[Write], store: Store) -> Lookup:
        """Return a lookup that sees ``writes`` as if they were done."""
        written = {
            f"{write.resource['resourceType']}/{write.resource['id']}": None if write.deleted else write.resource
            for write in writes
        }
        return cls(written, store)

    def __call__(self, reference: str) -> dict[str, Any] | None:
        """Return the resource that the relative ``reference`` names."""
        if reference in self.written:
            return self.written[reference]
        type_, _, id_ = reference.partition("/")
        try:
            return self.store.read(type_, id_).resource
        except (NotFound, Gone):
            return None

    def consents(self, patient: str) -> list[dict[str, Any]]:
        """Return every Consent of the patient with the reference ``patient``."""
        written = [
            resource
            for resource in self.written.values()
            if resource and resource["resourceType"] == "Consent" and _patient(resource) == patient
        ]
        stored = self.search("Consent", "patient", patient)
        return written + [resource for resource in stored if f"Consent/{resource['id']}" not in self.written]

    def search(self, type_: str, code: str, *values: str) -> Iterator[dict[str, Any]]:
        """Give every stored resource of ``type_`` whose search parameter ``code`` has one of ``values``."""
        after = None
        while True:
            query = Query(type_, (Criterion(code, values),), count=_PAGE, after=after, total="none")
            page = self.store.search(query)
            yield from (match.resource for match in page.matches if match.resource)
            if (after := page.next) is None:
                return


def _patient(consent: dict[str, Any]) -> str | None:
    reference: str | None = consent.get("patient", {}).get("reference")
    return reference
