"""Whose record it is: a patient is linked on a record number that both sides know, and never on a name alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.foreign import number, objects, part, text
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from fhir_iop.issue import Issue


@dataclass(frozen=True, slots=True)
class Match:
    """The reference of our patient (``Patient/id``), or None and the reason why a person must look."""

    patient: str | None
    issues: list[Issue] = field(default_factory=list)


def record_numbers(patient: Mapping[str, Any], systems: Collection[str] | None = None) -> list[tuple[str, str]]:
    """Return the ``(system, value)`` that may identify ``patient``: complete and in use; of ``systems`` where given."""
    return [
        found
        for identifier in objects(patient, "identifier")
        if (found := number(identifier))
        and text(identifier, "use") not in {"old", "temp"}
        and not part(identifier, "period", "end")
        and (systems is None or found[0] in systems)
    ]


def match(
    theirs: Mapping[str, Any], ours: Sequence[Mapping[str, Any]], systems: Collection[str] | None = None
) -> Match:
    """Find the one of ``ours``, stored Patients, that ``theirs``, a Patient of another system, is.

    Linked is who shares a record number, alone among ``ours``, and in whom nothing contradicts it: the birth date, or
    the family name where one side gives no birth date. Everybody else is left to a person.
    """
    numbers = set(record_numbers(theirs, systems))
    if not numbers:
        return Match(None, [issue("ehr-match-no-number", "Patient.identifier")])
    sharing = [patient for patient in ours if numbers.intersection(record_numbers(patient, systems))]
    if not sharing:
        return Match(None, [issue("ehr-match-none", "Patient.identifier")])
    if len(sharing) > 1:
        return Match(None, [issue("ehr-match-several", "Patient.identifier")])
    (patient,) = sharing
    if _replaced(theirs) or _replaced(patient):
        return Match(None, [issue("ehr-match-replaced", "Patient.link")])
    if not _agree(theirs, patient):
        return Match(None, [issue("ehr-match-contradicts", "Patient")])
    return Match(f"Patient/{patient['id']}")


def _agree(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> bool:
    one, other = theirs.get("birthDate"), ours.get("birthDate")
    if one and other:
        return bool(one == other)
    return not set(_families(theirs)).isdisjoint(_families(ours))


def _families(patient: Mapping[str, Any]) -> Iterator[str]:
    return (text(name, "family").casefold().strip() for name in objects(patient, "name") if text(name, "family"))


def _replaced(patient: Mapping[str, Any]) -> bool:
    return patient.get("active") is False or any(link.get("type") == "replaced-by" for link in objects(patient, "link"))
