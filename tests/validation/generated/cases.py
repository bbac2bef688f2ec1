"""Cases by number: valid resources and such with one fault; base, US Core, our guide, and answers to Questionnaires."""

from functools import cached_property
from random import Random
from typing import Any, NamedTuple

from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator
from tests.validation.generated import faults
from tests.validation.generated.bundles import bundle
from tests.validation.generated.faults import answers
from tests.validation.generated.forms import questionnaire
from tests.validation.generated.generator import Generator, Impossible
from tests.validation.generated.responses import response

TYPES = (
    *("CarePlan", "MedicationRequest", "Observation", "QuestionnaireResponse") * 3,
    "CareTeam", "Condition", "Consent", "Coverage", "DiagnosticReport", "Encounter", "Goal", "Medication",
    "MedicationDispense", "MedicationStatement", "Organization", "Patient", "Practitioner", "Procedure", "Provenance",
    "ServiceRequest", "Task", "Bundle", "Bundle",
)  # fmt: skip
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/"
_PACKAGES = {"hl7.fhir.us.core": "US Core", "dev.fhir-iop.guide": "guide"}
FORMS = 40
_TRIES = 40
# HL7's validator is told to leave references alone where what they lead to isn't at hand (Fetcher.advisor: IGNORE).
_SELDOM = {"reference to another type", "reference to no type"}


class Case(NamedTuple):
    """A resource; ``fault`` is the kind of the one fault in it, empty where it is valid."""

    number: int
    kind: str
    fault: str
    resource: dict[str, Any]


class Cases:
    """Makes cases; the same number is the same case."""

    def __init__(self) -> None:
        self.forms = [questionnaire(number) for number in range(FORMS)]
        # What HL7's validator is started with: not the newer US Core.
        packages = tuple(one for one in Definitions.bundled().packages if one.version != "7.0.0")
        self.definitions = Definitions(packages).with_packages(package_of(self.forms, "forms", "1"))
        self.validator = Validator(self.definitions)
        self.generator = Generator(self.validator)

    @cached_property
    def profiles(self) -> dict[str, list[tuple[str, str]]]:
        """The profiles of US Core 6.1.0 and of our guide on resources, with their types, by kind of case."""
        found: dict[str, list[tuple[str, str]]] = {"base": []}
        for package, url, version in self.definitions.canonicals("StructureDefinition"):
            structure = self.definitions.structure(f"{url}|{version}")
            kind = _PACKAGES.get(package.name)
            if kind is not None and structure is not None and structure.kind == "resource":
                found.setdefault(kind, []).append((f"{url}|{version}", structure.type))
        return {kind: sorted(profiles) for kind, profiles in found.items()}

    def case(self, number: int) -> Case:
        """Return the case of a number; the kinds take turns, and every other case has a fault."""
        rng = Random(f"case {number}")
        kind = ("base", "US Core", "guide", "base", "US Core", "questionnaire")[number // 2 % 6]
        make = self._answering if kind == "questionnaire" else self._resource
        for _ in range(_TRIES):
            found = make(kind, rng, is_valid=number % 2 == 0)
            if found is not None:
                return Case(number, kind, *found)
        raise Impossible(f"case {number}")

    def _resource(self, kind: str, rng: Random, *, is_valid: bool) -> tuple[str, dict[str, Any]] | None:
        profile, type_ = rng.choice(self.profiles[kind] or [("", rng.choice(TYPES))])
        profiles = [rng.choice((profile, profile.partition("|")[0]))] if profile else []
        try:
            is_any = type_ == "Bundle" and not profiles
            made = (
                bundle(self.generator, rng) if is_any else self.generator.resource(type_, profiles, seed=rng.random())
            )
        except Impossible:  # a few profiles ask for more than is made
            if kind != "guide":
                raise
            return None
        if is_valid:
            return "", made
        name = rng.choice(list(faults.KINDS))
        if name in _SELDOM and rng.random() > 0.1:
            return None
        fault = faults.KINDS[name](faults.Sites(self.generator, made), rng)
        return fault and (name, fault.resource)

    def _answering(self, _kind: str, rng: Random, *, is_valid: bool) -> tuple[str, dict[str, Any]] | None:
        form = rng.choice(self.forms)
        made = response(self.generator, form, rng)
        if is_valid:
            return "", made
        name = rng.choice(list(answers.KINDS))
        fault = answers.KINDS[name](form, made, rng)
        return fault and (name, fault.resource)
