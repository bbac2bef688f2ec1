"""A prescription ⇄ MedicationRequest as a programmer would write it: the floor of the mapping's bench.

It does what the mapping of prescriptions does, to the same dict and in the same order, and back. On the way back it
asks whether somebody changed the sentence, as the mapping does, but not whether there is anything that it doesn't read.
Ids, times and the sentence come from the same functions: they aren't what is compared.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fhir_iop.fhir.dosage import sentence

if TYPE_CHECKING:
    from collections.abc import Callable

Dict = dict[str, Any]

IOP = "https://example.org/fhir/iop"
THO = "http://terminology.hl7.org/CodeSystem"
UCUM = "http://unitsofmeasure.org"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
PROFILE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-medicationrequest"

DOSES = {
    "tablet": "{tbl}", "capsule": "{capsule}", "film": "{film}", "lozenge": "{lozenge}", "patch": "{patch}",
    "spray": "{spray}", "drop": "[drp]", "puff": "{puff}", "syringe": "{syringe}", "mg": "mg", "mcg": "ug", "g": "g",
    "mL": "mL",
}  # fmt: skip
SPANS = {"minute": "min", "hour": "h", "day": "d", "week": "wk", "month": "mo", "year": "a"}
EVENTS = {
    "morning": "MORN", "noon": "NOON", "afternoon": "AFT", "evening": "EVE", "night": "NIGHT", "bedtime": "HS",
    "waking": "WAKE", "meals": "C", "breakfast": "CM", "lunch": "CD", "dinner": "CV", "before-meals": "AC",
    "before-breakfast": "ACM", "before-lunch": "ACD", "before-dinner": "ACV", "after-meals": "PC",
    "after-breakfast": "PCM", "after-lunch": "PCD", "after-dinner": "PCV",
}  # fmt: skip
ROUTES = {
    "oral": ("PO", "Swallow, oral"),
    "sublingual": ("SL", "Dissolve, sublingual"),
    "buccal": ("BUC", "Topical application, buccal"),
    "nasal": ("NASAL", "Topical application, nasal"),
    "transdermal": ("TRNSDERM", "Transdermal"),
    "topical": ("SKIN", "Topical application, skin"),
    "intramuscular": ("IM", "Injection, intramuscular"),
    "subcutaneous": ("SQ", "Injection, subcutaneous"),
}
STATUSES = {"withdrawn": "entered-in-error"}
SETTINGS = {"community": "Community", "outpatient": "Outpatient", "discharge": "Discharge"}
COURSES = {
    "continuous": "Continuous long term therapy",
    "acute": "Short course (acute) therapy",
    "seasonal": "Seasonal",
}
REASONS = {
    "no-effect": "No effect", "partial-response": "Partial response", "side-effect": "Side effect",
    "interaction": "Interaction", "allergy": "Allergy", "pregnancy": "Pregnancy or breastfeeding",
    "level-too-high": "Level too high", "level-too-low": "Level too low", "adherence": "Adherence",
    "patient-choice": "Patient’s choice", "diversion": "Diversion", "dose-change": "Dose change",
    "goal-reached": "Goal reached", "step-down": "Step-down", "duplicate": "Duplicate", "unavailable": "Not available",
    "surgery": "Surgery", "other": "Other",
}  # fmt: skip
DOSES_BACK, SPANS_BACK, EVENTS_BACK = ({code: word for word, code in table.items()} for table in (DOSES, SPANS, EVENTS))
ROUTES_BACK = {code: word for word, (code, _) in ROUTES.items()}
STATUSES_BACK = {"entered-in-error": "withdrawn"}


# --- there -----------------------------------------------------------------------------------------------------------


def forward(record: Dict, id_of: Callable[[str, str], str], moment: Callable[[str], str]) -> Dict:
    """Return the MedicationRequest of a prescription."""

    def reference(kind: str, resource: str, value: str) -> Dict:
        system = f"{IOP}/sid/{kind}"
        return {"reference": f"{resource}/{id_of(kind, value)}", "identifier": {"system": system, "value": value}}

    made: Dict = {"resourceType": "MedicationRequest", "id": id_of("prescription", record["id"])}
    made["meta"] = _meta(record)
    extensions = _extensions(record)
    if extensions:
        made["extension"] = extensions
    made["identifier"] = [{"system": f"{IOP}/sid/prescription", "value": record["id"]}]
    made["status"] = STATUSES.get(record["status"], record["status"])
    if "status_reason" in record:
        made["statusReason"] = _reason(record["status_reason"])
    made["intent"] = "order"
    setting = record.get("setting", "community")
    category = {"system": f"{THO}/medicationrequest-category", "code": setting, "display": SETTINGS[setting]}
    made["category"] = [{"coding": [category]}]
    medicine = record["medicine"]
    made["medicationCodeableConcept"] = _concept(medicine["name"], RXNORM, medicine.get("rxnorm"))
    made["subject"] = reference("patient", "Patient", record["patient"])
    if "visit" in record:
        made["encounter"] = reference("visit", "Encounter", record["visit"])
    if "pdmp_check" in record:
        made["supportingInformation"] = [reference("pdmp-check", "Observation", record["pdmp_check"])]
    made["authoredOn"] = moment(record["written"])
    made["requester"] = reference("practitioner", "Practitioner", record["prescriber"])
    if "indication" in record:
        indication = record["indication"]
        made["reasonCode"] = [_concept(indication["text"], SNOMED, indication.get("snomed"))]
    reasons = _reasons(record, reference)
    if reasons:
        made["reasonReference"] = reasons
    if "group" in record:
        made["groupIdentifier"] = {"system": f"{IOP}/sid/prescription-group", "value": record["group"]}
    if "course" in record:
        system, course = f"{THO}/medicationrequest-course-of-therapy", record["course"]
        made["courseOfTherapyType"] = {"coding": [{"system": system, "code": course, "display": COURSES[course]}]}
    if "notes" in record:
        made["note"] = [{"text": text} for text in record["notes"]]
    made["dosageInstruction"] = [_dosage(step, number) for number, step in enumerate(record["steps"], 1)]
    dispense = _dispense(record)
    if "pharmacy" in record:
        dispense["performer"] = reference("organization", "Organization", record["pharmacy"])
    if dispense:
        made["dispenseRequest"] = dispense
    if "substitution" in record:
        made["substitution"] = {"allowedBoolean": record["substitution"] == "allowed"}
    if "replaces" in record:
        made["priorPrescription"] = reference("prescription", "MedicationRequest", record["replaces"])
    return made


def _reasons(record: Dict, reference: Callable[[str, str, str], Dict]) -> list[Dict]:
    reasons = [reference("diagnosis", "Condition", value) for value in record.get("diagnoses", ())]
    for named in record.get("evidence", ()):
        kind, _, value = named.partition("/")
        reasons.append(reference(kind, "Observation", value))
    return reasons


def _meta(record: Dict) -> Dict:
    profiles = [f"{IOP}/StructureDefinition/iop-medication-request", PROFILE]
    if "schedule" in record:
        profiles.append(f"{IOP}/StructureDefinition/iop-controlled-substance")
    if not record.get("part2"):
        return {"profile": profiles}
    profiles.append(f"{IOP}/StructureDefinition/iop-part2-record")
    return {"profile": profiles, "security": [{"system": f"{THO}/v3-ActCode", "code": "42CFRPart2"}]}


def _extensions(record: Dict) -> list[Dict]:
    found: list[Dict] = []
    if "change_reason" in record:
        url = f"{IOP}/StructureDefinition/medication-change-reason"
        found.append({"url": url, "valueCodeableConcept": _reason(record["change_reason"])})
    if "schedule" in record:
        schedule = record["schedule"]
        coding = {"system": f"{THO}/v2-0477", "code": schedule, "display": f"Schedule {schedule}"}
        found.append({"url": f"{IOP}/StructureDefinition/controlled-substance-schedule", "valueCoding": coding})
    if "signed" in record:
        identifier = {"system": record["signed"]["system"], "value": record["signed"]["number"]}
        found.append({"url": f"{IOP}/StructureDefinition/epcs-status", "valueReference": {"identifier": identifier}})
    return found


def _reason(reason: Dict) -> Dict:
    code = reason["code"]
    made: Dict = {
        "coding": [{"system": f"{IOP}/CodeSystem/iop-medication-reason", "code": code, "display": REASONS[code]}]
    }
    if "text" in reason:
        made["text"] = reason["text"]
    return made


def _concept(text: str, system: str, code: str | None) -> Dict:
    return {"text": text} if code is None else {"coding": [{"system": system, "code": code}], "text": text}


def _amount(amount: Any, unit: str, codes: dict[str, str]) -> Dict:
    return {"value": amount, "unit": unit, "system": UCUM, "code": codes[unit]}


def _dosage(step: Dict, number: int) -> Dict:
    made: Dict = {"sequence": number, "text": None}
    if "advice" in step:
        made["additionalInstruction"] = [{"text": text} for text in step["advice"]]
    if "to_patient" in step:
        made["patientInstruction"] = step["to_patient"]
    repeat = _repeat(step)
    if repeat:
        made["timing"] = {"repeat": repeat}
    if "as_needed" in step:
        needed = step["as_needed"]
        made["asNeededCodeableConcept"] = _concept(needed["text"], SNOMED, needed.get("snomed"))
    if "route" in step:
        code, display = ROUTES[step["route"]]
        made["route"] = {"coding": [{"system": f"{THO}/v3-RouteOfAdministration", "code": code, "display": display}]}
    if "dose" in step:
        dose = step["dose"]
        made["doseAndRate"] = [{"doseQuantity": _amount(dose["amount"], dose["unit"], DOSES)}]
    elif "dose_range" in step:
        dose = step["dose_range"]
        low, high = (_amount(dose[end], dose["unit"], DOSES) for end in ("low", "high"))
        made["doseAndRate"] = [{"doseRange": {"low": low, "high": high}}]
    if "maximum" in step:
        most, per = step["maximum"]["dose"], step["maximum"]["per"]
        made["maxDosePerPeriod"] = {
            "numerator": _amount(most["amount"], most["unit"], DOSES),
            "denominator": _amount(per["amount"], per["unit"], SPANS),
        }
    made["text"] = sentence(made)
    return made


def _repeat(step: Dict) -> Dict:
    made: Dict = {}
    if "for" in step:
        made["boundsDuration"] = _amount(step["for"]["amount"], step["for"]["unit"], SPANS)
    period = {}
    if "from" in step:
        period["start"] = step["from"]
    if "until" in step:
        period["end"] = step["until"]
    if period:
        made["boundsPeriod"] = period
    if "times" in step:
        made["frequency"] = step["times"]
    if "times_max" in step:
        made["frequencyMax"] = step["times_max"]
    every = step.get("every")
    if every is not None:
        made["period"] = every["amount"]
    if "every_max" in step:
        made["periodMax"] = step["every_max"]
    if every is not None:
        made["periodUnit"] = SPANS[every["unit"]]
    if "days" in step:
        made["dayOfWeek"] = list(step["days"])
    if "clock" in step:
        made["timeOfDay"] = list(step["clock"])
    if "when" in step:
        made["when"] = [EVENTS[word] for word in step["when"]]
    if "offset_minutes" in step:
        made["offset"] = step["offset_minutes"]
    return made


def _dispense(record: Dict) -> Dict:
    made: Dict = {}
    extensions = _handed_over(record)
    if extensions:
        made["extension"] = extensions
    period = {}
    if "valid_from" in record:
        period["start"] = record["valid_from"]
    if "valid_until" in record:
        period["end"] = record["valid_until"]
    if period:
        made["validityPeriod"] = period
    if "refills" in record:
        made["numberOfRepeatsAllowed"] = record["refills"]
    if "quantity" in record:
        made["quantity"] = _amount(record["quantity"]["amount"], record["quantity"]["unit"], DOSES)
    if "days_supply" in record:
        made["expectedSupplyDuration"] = _amount(record["days_supply"], "day", SPANS)
    return made


def _handed_over(record: Dict) -> list[Dict]:
    found: list[Dict] = []
    if "delivery" in record:
        found.append({"url": f"{IOP}/StructureDefinition/delivery", "valueCode": record["delivery"]})
    if "delivery_address" in record:
        told = record["delivery_address"]
        address = {"line": told["lines"], "city": told["city"], "state": told["state"]}
        address |= {"postalCode": told["postal_code"]}
        found.append({"url": f"{IOP}/StructureDefinition/delivery-address", "valueAddress": address})
    minded = record.get("handling", ())
    return found + [{"url": f"{IOP}/StructureDefinition/handling", "valueCode": code} for code in minded]


# --- and back --------------------------------------------------------------------------------------------------------


def back(order: Dict, record_id: str, changed: list[str]) -> Dict:
    """Return the prescription of a MedicationRequest that :func:`forward` made; a changed sentence is told."""
    record: Dict = {"record": "prescription", "id": record_id, "patient": order["subject"]["identifier"]["value"]}
    if any(label["code"] == "42CFRPart2" for label in order["meta"].get("security", ())):
        record["part2"] = True
    record["status"] = STATUSES_BACK.get(order["status"], order["status"])
    if "statusReason" in order:
        record["status_reason"] = _reason_back(order["statusReason"])
    record["medicine"] = _concept_back(order["medicationCodeableConcept"], "name", "rxnorm")
    record["written"] = order["authoredOn"]
    record["prescriber"] = order["requester"]["identifier"]["value"]
    if "encounter" in order:
        record["visit"] = order["encounter"]["identifier"]["value"]
    setting = order["category"][0]["coding"][0]["code"]
    if setting != "community":
        record["setting"] = setting
    diagnoses, evidence = [], []
    for reference in order.get("reasonReference", ()):
        identifier = reference["identifier"]
        kind = identifier["system"].rpartition("/")[2]
        if kind == "diagnosis":
            diagnoses.append(identifier["value"])
        else:
            evidence.append(f"{kind}/{identifier['value']}")
    if diagnoses:
        record["diagnoses"] = diagnoses
    if "reasonCode" in order:
        record["indication"] = _concept_back(order["reasonCode"][0], "text", "snomed")
    if evidence:
        record["evidence"] = evidence
    record["steps"] = [_step(dosage) for dosage in sorted(order["dosageInstruction"], key=lambda one: one["sequence"])]
    changed += [dosage["text"] for dosage in order["dosageInstruction"] if dosage["text"] != sentence(dosage)]
    if "courseOfTherapyType" in order:
        record["course"] = order["courseOfTherapyType"]["coding"][0]["code"]
    _dispense_back(order.get("dispenseRequest", {}), record)
    _last_back(order, record)
    return record


def _last_back(order: Dict, record: Dict) -> None:
    if "substitution" in order:
        record["substitution"] = "allowed" if order["substitution"]["allowedBoolean"] else "not-allowed"
    if "groupIdentifier" in order:
        record["group"] = order["groupIdentifier"]["value"]
    if "priorPrescription" in order:
        record["replaces"] = order["priorPrescription"]["identifier"]["value"]
    extensions = {extension["url"].rpartition("/")[2]: extension for extension in order.get("extension", ())}
    if "medication-change-reason" in extensions:
        record["change_reason"] = _reason_back(extensions["medication-change-reason"]["valueCodeableConcept"])
    if "controlled-substance-schedule" in extensions:
        record["schedule"] = extensions["controlled-substance-schedule"]["valueCoding"]["code"]
    if "supportingInformation" in order:
        record["pdmp_check"] = order["supportingInformation"][0]["identifier"]["value"]
    if "epcs-status" in extensions:
        identifier = extensions["epcs-status"]["valueReference"]["identifier"]
        record["signed"] = {"system": identifier["system"], "number": identifier["value"]}
    if "note" in order:
        record["notes"] = [note["text"] for note in order["note"]]


def _reason_back(concept: Dict) -> Dict:
    made = {"code": concept["coding"][0]["code"]}
    if "text" in concept:
        made["text"] = concept["text"]
    return made


def _concept_back(concept: Dict, text: str, code: str) -> Dict:
    made = {text: concept["text"]}
    if "coding" in concept:
        made[code] = concept["coding"][0]["code"]
    return made


def _amount_back(quantity: Dict, words: dict[str, str]) -> Dict:
    return {"amount": quantity["value"], "unit": words[quantity["code"]]}


def _step(dosage: Dict) -> Dict:
    made: Dict = {}
    dose = dosage["doseAndRate"][0] if "doseAndRate" in dosage else {}
    if "doseQuantity" in dose:
        made["dose"] = _amount_back(dose["doseQuantity"], DOSES_BACK)
    elif "doseRange" in dose:
        low, high = dose["doseRange"]["low"], dose["doseRange"]["high"]
        made["dose_range"] = {"low": low["value"], "high": high["value"], "unit": DOSES_BACK[low["code"]]}
    repeat = dosage["timing"]["repeat"] if "timing" in dosage else {}
    _times_back(repeat, made)
    if "route" in dosage:
        made["route"] = ROUTES_BACK[dosage["route"]["coding"][0]["code"]]
    _bounds_back(repeat, made)
    if "asNeededCodeableConcept" in dosage:
        made["as_needed"] = _concept_back(dosage["asNeededCodeableConcept"], "text", "snomed")
    if "maxDosePerPeriod" in dosage:
        most = dosage["maxDosePerPeriod"]
        dose, per = _amount_back(most["numerator"], DOSES_BACK), _amount_back(most["denominator"], SPANS_BACK)
        made["maximum"] = {"dose": dose, "per": per}
    if "additionalInstruction" in dosage:
        made["advice"] = [advice["text"] for advice in dosage["additionalInstruction"]]
    if "patientInstruction" in dosage:
        made["to_patient"] = dosage["patientInstruction"]
    return made


def _times_back(repeat: Dict, made: Dict) -> None:
    if "frequency" in repeat:
        made["times"] = repeat["frequency"]
    if "frequencyMax" in repeat:
        made["times_max"] = repeat["frequencyMax"]
    if "period" in repeat:
        made["every"] = {"amount": repeat["period"], "unit": SPANS_BACK[repeat["periodUnit"]]}
    if "periodMax" in repeat:
        made["every_max"] = repeat["periodMax"]
    if "when" in repeat:
        made["when"] = [EVENTS_BACK[code] for code in repeat["when"]]
    if "offset" in repeat:
        made["offset_minutes"] = repeat["offset"]
    if "timeOfDay" in repeat:
        made["clock"] = list(repeat["timeOfDay"])
    if "dayOfWeek" in repeat:
        made["days"] = list(repeat["dayOfWeek"])


def _bounds_back(repeat: Dict, made: Dict) -> None:
    if "boundsDuration" in repeat:
        made["for"] = _amount_back(repeat["boundsDuration"], SPANS_BACK)
    if "boundsPeriod" in repeat:
        if "start" in repeat["boundsPeriod"]:
            made["from"] = repeat["boundsPeriod"]["start"]
        if "end" in repeat["boundsPeriod"]:
            made["until"] = repeat["boundsPeriod"]["end"]


def _dispense_back(dispense: Dict, record: Dict) -> None:
    if "performer" in dispense:
        record["pharmacy"] = dispense["performer"]["identifier"]["value"]
    for extension in dispense.get("extension", ()):
        name = extension["url"].rpartition("/")[2]
        if name == "delivery":
            record["delivery"] = extension["valueCode"]
        elif name == "handling":
            record.setdefault("handling", []).append(extension["valueCode"])
        else:
            told = extension["valueAddress"]
            address = {"lines": told["line"], "city": told["city"], "state": told["state"]}
            record["delivery_address"] = address | {"postal_code": told["postalCode"]}
    if "quantity" in dispense:
        record["quantity"] = _amount_back(dispense["quantity"], DOSES_BACK)
    if "expectedSupplyDuration" in dispense:
        record["days_supply"] = dispense["expectedSupplyDuration"]["value"]
    if "numberOfRepeatsAllowed" in dispense:
        record["refills"] = dispense["numberOfRepeatsAllowed"]
    period = dispense.get("validityPeriod", {})
    if "start" in period:
        record["valid_from"] = period["start"]
    if "end" in period:
        record["valid_until"] = period["end"]
