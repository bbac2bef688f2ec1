"""A Consent as a whole: whether it is in force, whose it is, and whether it may permit at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.consent.provision import judge
from fhir_iop.consent.strict import UnreadableError, concept, list_of, no_modifiers, object_of, reached, unversioned
from fhir_iop.fhir.security import ACT_CODE, Label

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from fhir_iop.consent.provision import Situation, Verdict

_CATEGORIES: Final = frozenset({Label(ACT_CODE, "42CFRPart2CD"), Label(ACT_CODE, "IDSCL")})
_PRIVACY: Final = Label("http://terminology.hl7.org/CodeSystem/consentscope", "patient-privacy")


@dataclass(frozen=True, slots=True)
class Directive:
    """An active privacy Consent, read. ``may_permit`` is False for one that can forbid but not permit."""

    consent: dict[str, Any]
    provision: Mapping[str, Any]
    may_permit: bool

    def verdict(self, situation: Situation) -> Verdict | None:
        """Return what the Consent says of ``situation``, or None where it says nothing. Raises UnreadableError."""
        found = judge(self.provision, situation)
        return None if found and found.type == "permit" and not self.may_permit else found


def is_active(consent: Any) -> bool:
    """Whether it is a Consent in force. Raises UnreadableError where that can't be told."""
    if not isinstance(consent, dict) or consent.get("resourceType") != "Consent":
        raise UnreadableError("it is not a Consent")
    status = consent.get("status")
    if not isinstance(status, str):
        raise UnreadableError("it has no status")
    return status == "active"


def patient_of(consent: Mapping[str, Any]) -> str:
    """Return the reference of the patient whose Consent it is. Raises UnreadableError where there is none."""
    patient = object_of(consent.get("patient")).get("reference")
    if not isinstance(patient, str):
        raise UnreadableError("it names no patient")
    return unversioned(patient)


def read(consent: dict[str, Any], at: datetime) -> Directive | None:
    """Read an active Consent; None for one about something else than privacy. Raises UnreadableError."""
    no_modifiers(consent)
    if _PRIVACY not in concept(consent.get("scope")):
        return None
    provision = object_of(consent.get("provision", {}))
    categories = {label for category in list_of(consent, "category") for label in concept(category)}
    checks = list_of(consent, "verification")
    verified = not checks or any(object_of(check).get("verified") is True for check in checks)
    signed = "dateTime" in consent and reached(consent["dateTime"], at) is True
    return Directive(consent, provision, may_permit=bool(categories & _CATEGORIES) and verified and signed)
