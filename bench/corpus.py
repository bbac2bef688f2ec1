"""Varied valid resources of the four main types, made from a seed: invented patients, verified codes.

`resources(500)` gives the same 500 everywhere. They are what an IOP's systems exchange, about 2.3 kB each: some plain,
some with every corner used (tapers, several doses, extensions on primitives, contained resources, components, questions
that depend on others). Each is valid R4; with ``us_core`` each also claims, and fits, a US Core 6.1.0 profile. Nothing
is wrong with any of them; that a code of SNOMED CT, LOINC or RxNorm is in a value set can't be checked, and is told so.
"""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from fhir_iop import data

if TYPE_CHECKING:
    from collections.abc import Callable

Resource = dict[str, Any]

LOINC = "http://loinc.org"
SNOMED = "http://snomed.info/sct"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
UCUM = "http://unitsofmeasure.org"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"
US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition"
GUIDE = "https://example.org/fhir/iop"

# RxNorm code, name, dose, unit, form, route, and whether it treats a substance use disorder
PRODUCTS = [
    ("1010600", "Buprenorphine 2 MG / Naloxone 0.5 MG Sublingual Film", "2", "mg", "film", "under the tongue", True),
    ("1010604", "Buprenorphine 8 MG / Naloxone 2 MG Sublingual Film", "8", "mg", "film", "under the tongue", True),
    ("351265", "Buprenorphine 8 MG Sublingual Tablet", "8", "mg", "tablet", "under the tongue", True),
    ("1483744", "Naltrexone hydrochloride 50 MG Oral Tablet", "50", "mg", "tablet", "by mouth", True),
    ("835726", "acamprosate calcium 333 MG Delayed Release Oral Tablet", "666", "mg", "tablet", "by mouth", True),
    ("312940", "sertraline 25 MG Oral Tablet", "25", "mg", "tablet", "by mouth", False),
    ("312941", "sertraline 50 MG Oral Tablet", "50", "mg", "tablet", "by mouth", False),
    ("310385", "fluoxetine 20 MG Oral Capsule", "20", "mg", "capsule", "by mouth", False),
    ("349332", "escitalopram 10 MG Oral Tablet", "10", "mg", "tablet", "by mouth", False),
    ("884173", "clonidine hydrochloride 0.1 MG Oral Tablet", "0.1", "mg", "tablet", "by mouth", False),
    ("995258", "hydroxyzine hydrochloride 25 MG Oral Tablet", "25", "mg", "tablet", "by mouth", False),
    ("310431", "gabapentin 300 MG Oral Capsule", "300", "mg", "capsule", "by mouth", False),
    ("197527", "Clonazepam 0.5 MG Oral Tablet", "0.50", "mg", "tablet", "by mouth", False),
]
CONDITIONS = [
    ("1336192000", "Opioid use disorder (disorder)"),
    ("66590003", "Alcohol dependence"),
    ("442406005", "Stimulant dependence"),
    ("370143000", "Major depressive disorder (disorder)"),
    ("21897009", "Generalized anxiety disorder (disorder)"),
    ("47505003", "Posttraumatic stress disorder (disorder)"),
]
THERAPIES = [
    ("228557008", "Cognitive and behavioral therapy"),
    ("405780009", "Dialectical behavior therapy (regime/therapy)"),
    ("76168009", "Group psychotherapy (regime/therapy)"),
    ("18512000", "Individual psychotherapy (regime/therapy)"),
    ("108313002", "Family psychotherapy procedure (regime/therapy)"),
    ("405782001", "Relapse prevention (procedure)"),
    ("713116003", "Monitoring adherence to medication regime (regime/therapy)"),
]
SCREENS = [("19261-7", "Amphetamines"), ("14316-4", "Benzodiazepines"), ("93494-3", "Buprenorphine"),
           ("14314-9", "Benzoylecgonine"), ("59673-4", "Fentanyl"), ("19295-5", "Opiates")]  # fmt: skip
VITALS = [
    ("8867-4", "Heart rate", "us-core-heart-rate", 55, 110, "beats/minute", "/min"),
    ("29463-7", "Body Weight", "us-core-body-weight", 50, 120, "kg", "kg"),
    ("9279-1", "Resp rate", "us-core-respiratory-rate", 10, 22, "breaths/minute", "/min"),
]
SCORES = [("44261-6", "phq-9", 27), ("70274-6", "gad-7", 21), ("75626-2", "audit-c", 12)]
QUESTIONNAIRES = ["phq-9", "phq-9", "gad-7", "gad-7", "audit-c", "c-ssrs-screener", "taps-1", "phq-2"]
SPOKEN = "Tome 1 al día, y llame al programa antes de cambiar nada."
TRANSLATION = "http://hl7.org/fhir/StructureDefinition/translation"
CRAVING = "Patient says the evenings are hardest; walking the dog and a call to a friend helped on most days this week."


def resources(count: int, *, seed: int = 2026, us_core: bool = False) -> list[Resource]:
    """Return ``count`` resources, the four types in turn."""
    maker = _Maker(random.Random(seed), us_core=us_core)
    made: list[Callable[[], Resource]] = [
        maker.medication_request,
        maker.care_plan,
        maker.observation,
        maker.questionnaire_response,
    ]
    return [made[number % len(made)]() for number in range(count)]


def concept(system: str, code: str, display: str, text: str | None = None) -> Resource:
    """Return a CodeableConcept of one coding."""
    return {"coding": [{"system": system, "code": code, "display": display}], "text": text or display}


def narrative(sentence: str) -> str:
    """Return a narrative's `div` that says one sentence."""
    return f'<div xmlns="http://www.w3.org/1999/xhtml" lang="en-US" xml:lang="en-US"><p>{sentence}</p></div>'


@cache
def _questions(name: str) -> list[Resource]:
    """Return the items of one of our guide's Questionnaires."""
    text = (data.folder("profiles") / "iop" / f"Questionnaire-{name}.json").read_text("utf-8")
    items: list[Resource] = json.loads(text)["item"]
    return items


class _Maker:
    """Makes resources one after the other; every choice comes from the one generator of random numbers."""

    def __init__(self, rng: random.Random, *, us_core: bool) -> None:
        self.rng = rng
        self.us_core = us_core
        self.made = 0

    # --- the four types -------------------------------------------------------------------------------------------

    def medication_request(self) -> Resource:
        rng = self.rng
        code, display, dose, unit, form, route, part2 = rng.choice(PRODUCTS)
        taper = rng.random() < 0.3
        status = rng.choice(["active", "active", "active", "completed", "stopped", "on-hold"])
        resource = self.begun("MedicationRequest", "us-core-medicationrequest", part2=part2)
        resource |= {
            "identifier": [self.identifier("order")],
            "status": status,
            "intent": "order",
            "category": [concept(f"{TERMINOLOGY}/medicationrequest-category", "community", "Community")],
            "medicationCodeableConcept": concept(RXNORM, code, display),
            "subject": self.reference("Patient", "Example, Pat"),
            "encounter": self.reference("Encounter"),
            "authoredOn": self.moment(),
            "requester": self.reference("Practitioner", "Dr. Example"),
            "reasonCode": [concept(SNOMED, *rng.choice(CONDITIONS))],
            "dosageInstruction": self.steps(dose, unit, form, route)
            if taper
            else [self.dosage(dose, unit, form, route)],
            "dispenseRequest": {
                "validityPeriod": self.period(30),
                "numberOfRepeatsAllowed": rng.randint(0, 5),
                "quantity": {"value": rng.choice([14, 28, 30, 60]), "unit": form},
                "expectedSupplyDuration": self.quantity(rng.choice([7, 14, 28]), "days", "d"),
            },
            "substitution": {"allowedBoolean": rng.random() < 0.8},
        }
        if status in ("stopped", "on-hold"):
            reasons = f"{TERMINOLOGY}/medicationrequest-status-reason"
            resource["statusReason"] = concept(reasons, "sintol", "Suspected intolerance", "Not tolerated")
        if rng.random() < 0.4:
            resource["note"] = [{"authorString": "Prescriber", "time": self.moment(), "text": CRAVING}]
        if rng.random() < 0.3:
            resource["contained"] = [{"resourceType": "Organization", "id": "pharmacy", "name": "Example Pharmacy"}]
            resource["dispenseRequest"]["performer"] = {"reference": "#pharmacy"}
        return resource

    def care_plan(self) -> Resource:
        rng = self.rng
        resource = self.begun("CarePlan", "us-core-careplan", part2=rng.random() < 0.5)
        resource["text"] = {
            "status": "additional",
            "div": narrative("Nine hours a week by video: groups, individual sessions, medication management."),
        }
        assess = {
            "coding": [{"system": "http://hl7.org/fhir/us/core/CodeSystem/careplan-category", "code": "assess-plan"}]
        }
        resource |= {
            "identifier": [self.identifier("plan")],
            "status": rng.choice(["active", "active", "completed", "on-hold"]),
            "intent": "plan",
            "category": [assess, concept(SNOMED, "718347000", "Mental health care plan (record artifact)")],
            "title": "Treatment plan of a virtual intensive outpatient program",
            "subject": self.reference("Patient", "Example, Pat"),
            "period": self.period(rng.choice([56, 84])),
            "created": self.moment(),
            "author": self.reference("Practitioner", "Dr. Example"),
            "careTeam": [self.reference("CareTeam")],
            "addresses": [self.reference("Condition", name) for _, name in rng.sample(CONDITIONS, rng.randint(1, 2))],
            "goal": [self.reference("Goal") for _ in range(rng.randint(1, 3))],
            "activity": [self.activity(*therapy) for therapy in rng.sample(THERAPIES, rng.randint(2, 4))],
        }
        if rng.random() < 0.5:
            resource["activity"].append({"reference": self.reference("MedicationRequest")})
        return resource

    def observation(self) -> Resource:
        kind = self.rng.choice([self.score, self.vital_sign, self.blood_pressure, self.drug_screen])
        resource = kind()
        if self.rng.random() < 0.4:
            resource["note"] = [{"time": self.moment(), "text": CRAVING}]
        return resource

    def questionnaire_response(self) -> Resource:
        rng = self.rng
        name = rng.choice(QUESTIONNAIRES)
        resource = self.begun("QuestionnaireResponse", "us-core-questionnaireresponse", part2=False)
        resource |= {
            "identifier": self.identifier("answers"),
            "questionnaire": f"{GUIDE}/Questionnaire/{name}|0.1.0",
            "status": rng.choice(["completed", "completed", "completed", "amended"]),
            "subject": self.reference("Patient", "Example, Pat"),
            "encounter": self.reference("Encounter"),
            "authored": self.moment(),
            "author": self.reference("Patient", "Example, Pat"),
            "source": self.reference("Patient", "Example, Pat"),
        }
        resource["item"] = self.answered(_questions(name))
        return resource

    # --- observations ---------------------------------------------------------------------------------------------

    def observed(self, category: str, profile: str, code: str, display: str, *, part2: bool = False) -> Resource:
        return self.begun("Observation", profile, part2=part2) | {
            "identifier": [self.identifier("observation")],
            "status": self.rng.choice(["final", "final", "final", "amended", "preliminary"]),
            "category": [concept(f"{TERMINOLOGY}/observation-category", category, category.replace("-", " ").title())],
            "code": concept(LOINC, code, display),
            "subject": self.reference("Patient", "Example, Pat"),
            "encounter": self.reference("Encounter"),
            "effectiveDateTime": self.moment(),
            "issued": self.moment(),
            "performer": [self.reference("Patient", "Example, Pat")],
        }

    def score(self) -> Resource:
        code, name, most = self.rng.choice(SCORES)
        resource = self.observed("survey", "us-core-observation-screening-assessment", code, f"Total score of {name}")
        resource["valueInteger"] = self.rng.randint(0, most)
        resource["derivedFrom"] = [self.reference("QuestionnaireResponse")]
        resource["referenceRange"] = [{"high": {"value": most // 3}, "text": "no further assessment"}]
        return resource

    def vital_sign(self) -> Resource:
        code, display, profile, low, high, unit, ucum = self.rng.choice(VITALS)
        resource = self.observed("vital-signs", profile, code, display)
        resource["valueQuantity"] = self.quantity(Decimal(self.rng.randint(low * 10, high * 10)) / 10, unit, ucum)
        resource["method"] = {"text": "Taken by the patient, read out over video"}
        return resource

    def blood_pressure(self) -> Resource:
        panel = "Blood pressure panel with all children optional"
        resource = self.observed("vital-signs", "us-core-blood-pressure", "85354-9", panel)
        readings = [("8480-6", "Systolic Blood Pressure", 100, 150), ("8462-4", "Diastolic Blood Pressure", 60, 95)]
        resource["component"] = [
            {
                "code": concept(LOINC, code, display),
                "valueQuantity": self.quantity(self.rng.randint(low, high), "mmHg", "mm[Hg]"),
                "referenceRange": [{"low": {"value": low}, "high": {"value": high}}],
            }
            for code, display, low, high in readings
        ]
        resource["device"] = {"display": "Home cuff"}
        return resource

    def drug_screen(self) -> Resource:
        code, display = self.rng.choice(SCREENS)
        resource = self.observed("laboratory", "us-core-observation-lab", code, display, part2=True)
        found = [("720735008", "Presumptive positive (qualifier value)"), ("260385009", "Negative (qualifier value)")]
        if self.rng.random() < 0.7:
            resource["valueCodeableConcept"] = concept(SNOMED, *self.rng.choice(found))
        else:
            resource["dataAbsentReason"] = concept(
                f"{TERMINOLOGY}/data-absent-reason", "not-performed", "Not Performed"
            )
        resource["specimen"] = {"display": "Urine, collected on camera"}
        return resource

    # --- parts ----------------------------------------------------------------------------------------------------

    def begun(self, kind: str, profile: str, *, part2: bool) -> Resource:
        self.made += 1
        meta: Resource = {"versionId": "1", "lastUpdated": self.moment()}
        if self.us_core:
            meta["profile"] = [f"{US_CORE}/{profile}"]
        if part2:
            meta["security"] = [
                {"system": f"{TERMINOLOGY}/v3-ActCode", "code": "SUD"},
                {"system": f"{TERMINOLOGY}/v3-Confidentiality", "code": "R"},
            ]
        div = narrative(f"Invented {kind} number {self.made}, for measurements only.")
        return {
            "resourceType": kind,
            "id": f"bench-{self.made}",
            "meta": meta,
            "language": "en-US",
            "text": {"status": "generated", "div": div},
        }

    def dosage(self, dose: str, unit: str, form: str, route: str) -> Resource:
        rng = self.rng
        times = rng.randint(1, 3)
        dosage: Resource = {
            "sequence": 1,
            "text": f"Take 1 {form} {route} {times} time{'s' * (times > 1)} a day",
            "patientInstruction": "Call the program before changing anything.",
            "timing": {"repeat": {"frequency": times, "period": 1, "periodUnit": "d"}},
            "route": {"text": route},
            "doseAndRate": [{"doseQuantity": self.quantity(Decimal(dose), unit, unit)}],
        }
        repeat = dosage["timing"]["repeat"]
        if rng.random() < 0.2:
            dosage["asNeededCodeableConcept"] = {"text": "for craving"}
            dosage["maxDosePerPeriod"] = {
                "numerator": self.quantity(Decimal(dose) * 3, unit, unit),
                "denominator": self.quantity(1, "day", "d"),
            }
        elif rng.random() < 0.3:
            repeat["when"], repeat["offset"] = ["PCM"], 30
        elif rng.random() < 0.3:
            del repeat["frequency"]
            repeat["timeOfDay"] = ["08:00:00", "20:00:00"]
        if rng.random() < 0.2:
            said = [{"url": "lang", "valueCode": "es"}, {"url": "content", "valueString": SPOKEN}]
            dosage["_text"] = {"extension": [{"url": TRANSLATION, "extension": said}]}
        return dosage

    def steps(self, dose: str, unit: str, form: str, route: str) -> list[Resource]:
        count = self.rng.randint(2, 4)
        steps = []
        for sequence in range(1, count + 1):
            step = self.dosage(dose, unit, form, route) | {"sequence": sequence}
            if sequence < count:
                step["timing"]["repeat"]["boundsDuration"] = self.quantity(7, "days", "d")
            steps.append(step)
        return steps

    def activity(self, code: str, display: str) -> Resource:
        repeat = {"count": 24, "duration": 60, "durationUnit": "min", "frequency": 2, "period": 1, "periodUnit": "wk"}
        return {
            "detail": {
                "kind": "ServiceRequest",
                "code": concept(SNOMED, code, display),
                "status": self.rng.choice(["scheduled", "in-progress", "completed"]),
                "doNotPerform": False,
                "scheduledTiming": {"repeat": repeat | {"dayOfWeek": self.rng.sample(["mon", "tue", "wed", "thu"], 2)}},
                "performer": [self.reference("Practitioner", "A. Therapist, Example")],
                "description": f"{display}, by video",
            }
        }

    def answered(self, questions: list[Resource]) -> list[Resource]:
        """Answer each question that is enabled: an option, else free text; a read-only one with the options' sum."""
        items = []
        codes: dict[str, str] = {}
        total = 0
        for question in questions:
            conditions = question.get("enableWhen", ())
            if any(codes.get(one["question"]) != one["answerCoding"]["code"] for one in conditions):
                continue
            link = question["linkId"]
            answer: Resource = {"valueString": CRAVING}
            if question.get("readOnly"):
                answer = {"valueInteger": total}
            elif "answerOption" in question:
                chosen = self.rng.choice(question["answerOption"])["valueCoding"]
                codes[link] = chosen["code"]
                total += sum(extension["valueDecimal"] for extension in chosen.get("extension", ()))
                answer = {"valueCoding": {name: chosen[name] for name in ("system", "code", "display")}}
            text = {"text": question["text"]} if "text" in question else {}
            items.append({"linkId": link} | text | {"answer": [answer]})
        return items

    def quantity(self, value: Decimal | int, unit: str, code: str) -> Resource:
        return {"value": value, "unit": unit, "system": UCUM, "code": code}

    def identifier(self, kind: str) -> Resource:
        period = {"start": "2026-01-01"}
        return {"use": "usual", "system": f"{GUIDE}/id/{kind}", "value": f"{kind}-{self.made}", "period": period}

    def reference(self, kind: str, display: str | None = None) -> Resource:
        reference: Resource = {"reference": f"{kind}/{kind.lower()}-{self.rng.randint(1, 99)}"}
        return reference | {"type": kind, "display": display} if display else reference

    def moment(self) -> str:
        at = datetime(2026, 1, 5, 14, tzinfo=UTC) + timedelta(minutes=self.rng.randint(0, 200_000))
        return at.isoformat()

    def period(self, days: int) -> Resource:
        start = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=self.rng.randint(0, 100))
        return {"start": start.date().isoformat(), "end": (start + timedelta(days=days)).date().isoformat()}
