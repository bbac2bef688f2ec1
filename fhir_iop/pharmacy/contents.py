"""What a prescription message is made of: the order and what it refers to, found, checked and reduced."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fhir_iop.fhir import reference
from fhir_iop.fhir.security import add_labels, high_water_mark
from fhir_iop.fhir.systems import DEA_NUMBER, NCPDP_ID, NPI
from fhir_iop.issue import issue
from fhir_iop.pharmacy import minimum

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.issue import Issue

Resource = Mapping[str, Any]
Resolve = Callable[[str], Resource | None]


@dataclass(frozen=True, slots=True)
class Contents:
    """An order with the resources that it refers to, whole, as they are stored.

    ``medication`` is the Medication it refers to, contained or not, and ``ingredients`` what that refers to in turn;
    ``conditions`` are what it is for; ``prior`` is the order it replaces; ``role`` is there where a PractitionerRole
    requested it.
    """

    order: Resource
    patient: Resource
    practitioner: Resource
    role: Resource | None
    pharmacy: Resource
    medication: Resource | None
    ingredients: Mapping[str, Resource]
    conditions: tuple[Resource, ...]
    prior: Resource | None

    @property
    def medications(self) -> list[Resource]:
        """Every resource that says what drug it is."""
        return [*([self.medication] if self.medication else []), *self.ingredients.values()]

    def against_sending(self, *, is_controlled: bool) -> Iterator[Issue]:
        """Report what a pharmacy must be told and would not be: who all concerned are, and what the order is for."""
        if not (self.patient.get("name") and self.patient.get("birthDate")):
            yield issue("rx-patient", "Patient")
        if not _has_number(self.practitioner, NPI):
            yield issue("rx-prescriber", "Practitioner.identifier")
        if not _has_number(self.pharmacy, NCPDP_ID):
            yield issue("rx-pharmacy", "Organization.identifier")
        if not self._reasons():
            yield issue("rx-indication", "MedicationRequest.reasonCode")
        if is_controlled and not self.patient.get("address"):
            yield issue("rx-controlled-element", "Patient.address", element="the patient's address")
        if is_controlled and not _has_number(self.practitioner, DEA_NUMBER):
            yield issue("rx-controlled-element", "Practitioner.identifier", element="the prescriber's DEA number")

    def reduced(self, *, is_controlled: bool) -> list[dict[str, Any]]:
        """Return what goes to the pharmacy, the order first, references still as they are stored."""
        is_contained = str(self.order.get("medicationReference", {}).get("reference")).startswith("#")
        return [
            self._order(),
            *([self._medication(self.medication)] if self.medication and not is_contained else []),
            minimum.patient(self.patient),
            *([minimum.reduced(self.role)] if self.role else []),
            minimum.practitioner(self.practitioner, is_controlled=is_controlled),
            minimum.reduced(self.pharmacy),
        ]

    def _reasons(self) -> list[dict[str, Any]]:
        """Return the indication in codes: the order's own, and those of the diagnoses that it refers to."""
        reasons = list(self.order.get("reasonCode", ()))
        told = [condition["code"] for condition in self.conditions if condition.get("code")]
        return reasons + [reason for reason in told if reason not in reasons]

    def _order(self) -> dict[str, Any]:
        # What is read from one resource into another brings its labels along: an order for a protected diagnosis is
        # protected.
        sources = [self.order, *self.conditions, *([self.prior] if self.prior else [])]
        number = next(iter(self.prior.get("identifier", ())), None) if self.prior else None
        found = minimum.order(self.order, self._reasons(), number)
        return add_labels(found, high_water_mark(sources))

    def _medication(self, medication: Resource) -> dict[str, Any]:
        """Reduce a Medication, with its ingredients in codes where they were references."""
        found = minimum.medication(medication)
        for place, ingredient in enumerate(found.get("ingredient", ())):
            target = ingredient.get("itemReference", {}).get("reference")
            if target in self.ingredients:
                told = {name: value for name, value in ingredient.items() if name != "itemReference"}
                told["itemCodeableConcept"] = self.ingredients[target].get("code", {})
                found["ingredient"] = [*found["ingredient"][:place], told, *found["ingredient"][place + 1 :]]
        return found


@dataclass(slots=True)
class Gatherer:
    """Finds what an order refers to. ``base`` is our own address; ``issues`` says what could not be found."""

    resolve: Resolve
    base: str
    issues: list[Issue] = field(default_factory=list)

    def gather(self, order: Resource) -> Contents | None:
        """Return the contents of a message about ``order``; None where some are missing: ``issues`` says which."""
        patient = self._needed(order, "subject", {"Patient"})
        requester = self._needed(order, "requester", {"Practitioner", "PractitionerRole"})
        role = requester if requester and requester["resourceType"] == "PractitionerRole" else None
        practitioner = self._needed(role, "practitioner", {"Practitioner"}) if role else requester
        supply = order.get("dispenseRequest", {})
        pharmacy = self._needed(supply, "performer", {"Organization"}, "dispenseRequest.")
        medication = None
        if "medicationReference" in order:
            medication = self._needed(order, "medicationReference", {"Medication"}, container=order)
        ingredients = dict(self._ingredients(medication, order)) if medication else {}
        conditions = tuple(self._conditions(order, patient)) if patient else ()
        prior = self._found(order.get("priorPrescription"), {"MedicationRequest"}, None)
        if self.issues or patient is None or practitioner is None or pharmacy is None:
            return None
        return Contents(order, patient, practitioner, role, pharmacy, medication, ingredients, conditions, prior)

    def _ingredients(self, medication: Resource, order: Resource) -> Iterator[tuple[str, Resource]]:
        for place, ingredient in enumerate(medication.get("ingredient", ())):
            target = ingredient.get("itemReference")
            if target is not None:
                found = self._found(target, {"Medication", "Substance"}, order)
                if found is None:
                    self.issues.append(
                        issue("rx-unresolved", f"Medication.ingredient[{place}].item", types="Substance")
                    )
                else:
                    yield target["reference"], found

    def _conditions(self, order: Resource, patient: Resource) -> Iterator[Resource]:
        """Give the diagnoses among the reasons; a finding that led to the order is not an indication."""
        for place, reason in enumerate(order.get("reasonReference", ())):
            found = self._found(reason, {"Condition", "Observation"}, order)
            where = f"MedicationRequest.reasonReference[{place}]"
            if found is None:
                self.issues.append(issue("rx-unresolved", where, types="Condition or Observation"))
            elif self._local(found.get("subject")) != f"Patient/{patient['id']}":
                self.issues.append(issue("rx-other-patient", where))
            elif found["resourceType"] == "Condition":
                yield found

    def _needed(
        self, holder: Resource, name: str, types: set[str], way: str = "", container: Resource | None = None
    ) -> Resource | None:
        found = self._found(holder.get(name), types, container)
        if found is None:
            self.issues.append(
                issue("rx-unresolved", f"MedicationRequest.{way}{name}", types=" or ".join(sorted(types)))
            )
        return found

    def _found(self, target: Any, types: set[str], container: Resource | None) -> Resource | None:
        """Return what a Reference names, in ``container`` or at our own address, if it is of one of ``types``."""
        found: Resource | None = None
        local = self._local(target)
        if local.startswith("#"):
            inside = container.get("contained", ()) if container else ()
            found = next((part for part in inside if part.get("id") == local[1:]), None)
        elif local:
            found = self.resolve(local)
        return found if found and found.get("resourceType") in types else None

    def _local(self, target: Any) -> str:
        """Return ``Type/id`` of a Reference to our own address, a fragment as it is, and nothing of any other."""
        text = target.get("reference") if isinstance(target, dict) else None
        if not isinstance(text, str) or text.startswith("#"):
            return text or ""
        parsed = reference.parse(text)
        return parsed.local if parsed and parsed.base in {None, self.base} else ""


def _has_number(resource: Resource, system: str) -> bool:
    return any(number.get("system") == system and number.get("value") for number in resource.get("identifier", ()))
