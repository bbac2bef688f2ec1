"""Controlled substances: this program carries an order that a certified system has signed, and is never the signer."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fhir_iop.errors import Unusable
from fhir_iop.fhir.systems import RXNORM, extension
from fhir_iop.issue import issue
from fhir_iop.pharmacy import concepts
from fhir_iop.pharmacy.concepts import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from fhir_iop.issue import Issue

SCHEDULE: Final = extension("controlled-substance-schedule")
SIGNED: Final = extension("epcs-status")
_TABLES: Final = frozenset({"refills", "telemedicine", "drug", "methadone", "opioid-use-disorder"})
_FILE: Final = Path(__file__).with_name("controlled.toml")


@dataclass(frozen=True, slots=True)
class Controls:
    """The rules as read from ``controlled.toml``, whose head says what each part means."""

    refills: Mapping[str, int]
    telemedicine_until: date
    drugs: tuple[tuple[str, Kind], ...]
    methadone: Kind
    opioid_use_disorder: Kind

    @classmethod
    def read(cls, text: str) -> Controls:
        """Read the rules from TOML. Raises Unusable where they are not what the grammar says."""
        try:
            found = tomllib.loads(text)
            if unknown := found.keys() - _TABLES:
                raise Unusable(issue("rx-controls", reason=f"{min(unknown)} is no table of the grammar"))
            return cls(
                {str(schedule): int(most) for schedule, most in found["refills"].items()},
                _day(found["telemedicine"]["until"]),
                tuple((drug["schedule"], Kind.of({RXNORM: drug["codes"]}, drug["words"])) for drug in found["drug"]),
                _kind(found["methadone"]),
                _kind(found["opioid-use-disorder"]),
            )
        except tomllib.TOMLDecodeError as error:
            raise Unusable(issue("rx-controls", reason=str(error))) from None
        except (KeyError, TypeError, AttributeError) as error:
            raise Unusable(issue("rx-controls", reason=f"{error} is missing or of the wrong kind")) from None

    def schedules(self, order: Mapping[str, Any], medications: Sequence[Mapping[str, Any]]) -> frozenset[str]:
        """Return the DEA schedules that ``order`` is under: stated by it or its medications, and of the drug itself."""
        stated = {
            _schedule(part)
            for resource in (order, *medications)
            for part in resource.get("extension", ())
            if part.get("url") == SCHEDULE
        }
        what = list(concepts.of_medication(order, medications))
        return frozenset(stated | {schedule for schedule, drug in self.drugs if drug.holds(what)})


@cache
def bundled() -> Controls:
    """Return the rules that come with fhir-iop."""
    return Controls.read(_FILE.read_text("utf-8"))


def check(
    order: Mapping[str, Any],
    medications: Sequence[Mapping[str, Any]],
    conditions: Sequence[Mapping[str, Any]],
    controls: Controls,
) -> Iterator[Issue]:
    """Report what keeps ``order`` from a pharmacy because of the law on controlled substances.

    ``medications`` are those that it refers to or contains, ``conditions`` those it is for. Nothing that a signature
    covers (drug, strength, quantity, directions, refills, patient, prescriber, date) is ever changed on the way.
    """
    schedules = controls.schedules(order, medications)
    if controls.methadone.holds(concepts.of_medication(order, medications)):
        reasons = list(concepts.of_reasons(order, conditions))
        # Methadone for an opioid use disorder is dispensed by an opioid treatment program alone (21 CFR 1306.07).
        if not reasons or controls.opioid_use_disorder.holds(reasons):
            yield issue("rx-methadone", "MedicationRequest.medication[x]")
    if not schedules:
        return
    if not _is_signed(order):
        yield issue("rx-unsigned", "MedicationRequest.extension", schedules=_told(schedules), url=SIGNED)
    supply = order.get("dispenseRequest", {})
    repeats = supply.get("numberOfRepeatsAllowed", 0)
    for schedule in sorted(schedules):
        if schedule not in controls.refills:
            yield issue("rx-schedule", "MedicationRequest.extension", schedule=schedule)
        elif repeats > controls.refills[schedule]:
            most = controls.refills[schedule]
            place = "MedicationRequest.dispenseRequest.numberOfRepeatsAllowed"
            yield issue("rx-refills", place, schedule=schedule, most=most)
    for name, present in (
        ("authoredOn", "authoredOn" in order),
        ("dispenseRequest.quantity", "quantity" in supply),
        ("dispenseRequest.expectedSupplyDuration", "expectedSupplyDuration" in supply),
    ):
        if not present:
            yield issue("rx-controlled-element", f"MedicationRequest.{name}", element=name)
    if str(order.get("authoredOn", ""))[:10] > controls.telemedicine_until.isoformat():
        yield issue("rx-telemedicine", "MedicationRequest.authoredOn", until=controls.telemedicine_until)


def _is_signed(order: Mapping[str, Any]) -> bool:
    """Whether the order refers to its signature in a certified system, by a literal reference or an identifier."""
    for part in order.get("extension", ()):
        target = part.get("valueReference") if part.get("url") == SIGNED else None
        if isinstance(target, dict) and (target.get("reference") or target.get("identifier", {}).get("value")):
            return True
    return False


def _schedule(part: Mapping[str, Any]) -> str:
    coding = part.get("valueCoding")
    return str(coding.get("code")) if isinstance(coding, dict) else "unknown"


def _told(schedules: frozenset[str]) -> str:
    return " and ".join(sorted(schedules))


def _day(value: object) -> date:
    if type(value) is not date:
        raise TypeError("until")
    return value


def _kind(found: Mapping[str, Any]) -> Kind:
    return Kind.of(found["codes"], found["words"], found.get("prefixes"))
