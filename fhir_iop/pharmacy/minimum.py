"""What of each resource a pharmacy gets: what dispensing needs, and nothing else of the record.

Left out on purpose: notes, narrative, the visit, supporting information (the PDMP check), insurance, the plan it
belongs to, race and ethnicity, contacts, the program that manages the patient, social security numbers, other
recipients of a consent, and the prescriber's DEA number where no controlled substance is ordered. Of a finding that
led to the order (a score, a level) nothing goes; of a diagnosis only its code, as the order's indication.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fhir_iop.fhir.foreign import number, numbers
from fhir_iop.fhir.systems import DEA_NUMBER, SSN, extension
from fhir_iop.pharmacy.controlled import SCHEDULE, SIGNED

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_KEPT: Final[Mapping[str, frozenset[str]]] = {
    type_: frozenset(names.split())
    for type_, names in {
        "MedicationRequest": "identifier status statusReason intent category priority medicationCodeableConcept "
        "medicationReference subject authoredOn requester reasonCode groupIdentifier courseOfTherapyType "
        "dosageInstruction dispenseRequest substitution priorPrescription contained extension",
        "Medication": "identifier code status form amount ingredient extension",
        "Patient": "identifier active name telecom gender birthDate address",
        "Practitioner": "identifier active name telecom address",
        "PractitionerRole": "identifier active practitioner telecom",
        "Organization": "identifier active type name telecom address",
        "Consent": "identifier status scope category patient dateTime performer organization policy policyRule "
        "provision",
    }.items()
}
_KEPT_ALWAYS: Final = frozenset({"resourceType", "id", "modifierExtension", "implicitRules"})
"""What changes the meaning of the rest goes along, so that nobody reads the rest without it."""

CHANGE_REASON: Final = extension("medication-change-reason")
_EXTENSIONS: Final = frozenset({SCHEDULE, SIGNED, CHANGE_REASON})


def reduced(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return the part of ``resource`` that a pharmacy gets; of ``meta`` the profiles and the security labels."""
    kept = _KEPT[str(resource["resourceType"])] | _KEPT_ALWAYS
    meta = {name: value for name, value in resource.get("meta", {}).items() if name in {"profile", "security"}}
    return {
        name: meta if name == "meta" else value
        for name, value in resource.items()
        if name.removeprefix("_") in kept or (name == "meta" and meta)
    }


def order(
    resource: Mapping[str, Any], reasons: list[dict[str, Any]], replaced: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return an order as a pharmacy gets it: ``reasons`` as its indication, ``replaced`` the number of the one before.

    Why it replaces that one goes along with the number, and without a number neither does.
    """
    found = reduced(resource) | ({"reasonCode": reasons} if reasons else {})
    contained = resource.get("medicationReference", {}).get("reference", "")
    wanted = _EXTENSIONS if replaced else _EXTENSIONS - {CHANGE_REASON}
    found.pop("priorPrescription", None)
    if replaced:
        found["priorPrescription"] = {"type": "MedicationRequest", "identifier": replaced}
    _filter(found, "contained", lambda part: "#" + str(part.get("id")) == contained)
    if "contained" in found:
        found["contained"] = [medication(part) for part in found["contained"]]
    _filter(found, "extension", lambda part: part.get("url") in wanted)
    return found


def medication(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a Medication as a pharmacy gets it."""
    found = reduced(resource)
    _filter(found, "extension", lambda part: part.get("url") == SCHEDULE)
    return found


def patient(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return a patient as a pharmacy gets one."""
    found = reduced(resource)
    _filter(found, "identifier", lambda identifier: identifier.get("system") != SSN)
    return found


def practitioner(resource: Mapping[str, Any], *, is_controlled: bool) -> dict[str, Any]:
    """Return a prescriber as a pharmacy gets one: with the DEA number for a controlled substance only."""
    found = reduced(resource)
    if not is_controlled:
        _filter(found, "identifier", lambda identifier: identifier.get("system") != DEA_NUMBER)
    return found


def consent(resource: Mapping[str, Any], pharmacy: Mapping[str, Any]) -> dict[str, Any]:
    """Return the scope of a Consent as far as it concerns ``pharmacy`` (42 CFR 2.32 asks for a copy or its scope).

    Other recipients are nobody's business: actors named otherwise go, and provisions that are about them alone. The
    signed form stays here, so that what goes claims no profile that asks for it.
    """
    found = reduced(resource)
    found["meta"] = {name: value for name, value in found.get("meta", {}).items() if name != "profile"}
    if isinstance(found.get("provision"), dict):
        found["provision"] = _provision(found["provision"], pharmacy) or {}
    return {name: value for name, value in found.items() if value}


def _provision(provision: Mapping[str, Any], pharmacy: Mapping[str, Any]) -> dict[str, Any] | None:
    actors = provision.get("actor", [])
    kept = [actor for actor in actors if _concerns(actor.get("reference", {}), pharmacy)]
    if actors and not kept:
        return None
    nested = [_provision(inner, pharmacy) for inner in provision.get("provision", [])]
    changed = {"actor": kept, "provision": [inner for inner in nested if inner]}
    return {name: value for name, value in (dict(provision) | changed).items() if value}


def _concerns(told: Mapping[str, Any], pharmacy: Mapping[str, Any]) -> bool:
    """Whether an actor is the pharmacy, or a class of recipients."""
    if not told.get("reference") and not told.get("identifier"):
        return True
    is_named = str(told.get("reference", "")).endswith(f"Organization/{pharmacy.get('id')}")
    return is_named or number(told.get("identifier")) in numbers(pharmacy)


def _filter(resource: dict[str, Any], name: str, keeps: Callable[[Mapping[str, Any]], bool]) -> None:
    """Keep of the list ``name`` what ``keeps`` says, and no empty list."""
    if name in resource:
        kept = [part for part in resource[name] if keeps(part)]
        if kept:
            resource[name] = kept
        else:
            del resource[name]
