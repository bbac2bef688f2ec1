"""The same checks, written by hand: the floor that a compiled expression is held against.

Each is what a good programmer writes for valid JSON, once: early returns, `in` for existence, no helper layers, nothing
prepared that isn't the check's own. What FHIRPath also minds and nobody writes by hand (an element that has only an
extension, three-valued logic, equal members of a union) is left out here, which favours the floor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Resource = dict[str, Any]

ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
DOSE_SYSTEMS = (UCUM, "http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm")
ORDERS = frozenset({"order", "original-order", "reflex-order", "filler-order", "instance-order"})
SCORES = frozenset({"44261-6", "70274-6", "75626-2", "82667-7"})
OPIOID_PRODUCTS = frozenset(
    ["351264", "351265", "351266", "351267", "1010600", "1010604", "1307056", "1307061", "1996184", "1996192",
     "637213", "1483744", "835726", "197623", "197624"]
)  # fmt: skip
PHQ_9 = frozenset(
    ["/44250-9", "/44255-8", "/44259-0", "/44254-1", "/44251-7", "/44258-2", "/44252-5", "/44253-3", "/44260-8"]
)
VALUES = frozenset(
    ["valueQuantity", "valueCodeableConcept", "valueString", "valueBoolean", "valueInteger", "valueRange", "valueRatio",
     "valueSampledData", "valueTime", "valueDateTime", "valuePeriod"]
)  # fmt: skip
ANSWERS = frozenset(
    ["valueBoolean", "valueDecimal", "valueInteger", "valueDate", "valueDateTime", "valueTime", "valueString",
     "valueUri", "valueAttachment", "valueCoding", "valueQuantity", "valueReference"]
)  # fmt: skip
DOSES = ("doseQuantity", "doseRange")
SCHEDULES = ("scheduledTiming", "scheduledPeriod", "scheduledString")


# --- R4's invariants ----------------------------------------------------------------------------------------------


def dom_2(resource: Resource) -> bool:
    return not any("contained" in contained for contained in resource.get("contained", ()))


def dom_3(resource: Resource) -> bool:
    contained = resource.get("contained")
    if not contained:
        return True
    used = set(_references(resource))
    return all(f"#{each['id']}" in used or "#" in _references(each) for each in contained)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        reference = value.get("reference")
        if isinstance(reference, str):
            yield reference
        for child in value.values():
            yield from _references(child)
    elif isinstance(value, list):
        for child in value:
            yield from _references(child)


def dom_4(resource: Resource) -> bool:
    for contained in resource.get("contained", ()):
        meta = contained.get("meta")
        if meta and ("versionId" in meta or "lastUpdated" in meta):
            return False
    return True


def dom_5(resource: Resource) -> bool:
    return not any("security" in contained.get("meta", ()) for contained in resource.get("contained", ()))


def dom_6(resource: Resource) -> bool:
    return "div" in resource.get("text", ())


def obs_6(observation: Resource) -> bool:
    return "dataAbsentReason" not in observation or VALUES.isdisjoint(observation)


def obs_7(observation: Resource) -> bool:
    components = observation.get("component")
    if not components or VALUES.isdisjoint(observation):
        return True
    codings = observation["code"].get("coding", ())
    return not any(coding in codings for each in components for coding in each["code"].get("coding", ()))


def obs_3(reference_range: Resource) -> bool:
    return "low" in reference_range or "high" in reference_range or "text" in reference_range


def cpl_3(activity: Resource) -> bool:
    return "detail" not in activity or "reference" not in activity


def qrs_1(item: Resource) -> bool:
    return not ("answer" in item and "item" in item)


def tim_1(repeat: Resource) -> bool:
    return "duration" not in repeat or "durationUnit" in repeat


def tim_2(repeat: Resource) -> bool:
    return "period" not in repeat or "periodUnit" in repeat


def tim_4(repeat: Resource) -> bool:
    duration = repeat.get("duration")
    return duration is None or duration >= 0


def tim_5(repeat: Resource) -> bool:
    period = repeat.get("period")
    return period is None or period >= 0


def tim_6(repeat: Resource) -> bool:
    return "periodMax" not in repeat or "period" in repeat


def tim_9(repeat: Resource) -> bool:
    if "offset" not in repeat:
        return True
    when = repeat.get("when")
    return bool(when) and when[0] not in ("C", "CM", "CD", "CV")


def tim_10(repeat: Resource) -> bool:
    return "timeOfDay" not in repeat or "when" not in repeat


def per_1(period: Resource) -> bool:
    start, end = period.get("start"), period.get("end")
    return start is None or end is None or start <= end


def qty_3(quantity: Resource) -> bool:
    return "code" not in quantity or "system" in quantity


def ext_1(extension: Resource) -> bool:
    return ("extension" in extension) != any(name.startswith("value") for name in extension)


# --- US Core's ----------------------------------------------------------------------------------------------------


def us_core_2(observation: Resource) -> bool:
    if "component" in observation or "hasMember" in observation:
        return True
    return "dataAbsentReason" in observation or not VALUES.isdisjoint(observation)


def us_core_21(request: Resource) -> bool:
    return request.get("intent") not in ORDERS or "requester" in request


# --- the virtual IOP's --------------------------------------------------------------------------------------------


def iop_mr_1(request: Resource) -> bool:
    if request["status"] != "active" or request["intent"] == "plan":
        return True
    dosages = request.get("dosageInstruction")
    if not dosages:
        return False
    for dosage in dosages:
        if "text" not in dosage:
            return False
        if not any(dose in each for each in dosage.get("doseAndRate", ()) for dose in DOSES):
            return False
        if "timing" not in dosage and "asNeededBoolean" not in dosage and "asNeededCodeableConcept" not in dosage:
            return False
    return True


def iop_mr_2(request: Resource) -> bool:
    for dosage in request.get("dosageInstruction", ()):
        for each in dosage.get("doseAndRate", ()):
            dose = each.get("doseQuantity")
            if dose and not ("value" in dose and "code" in dose and dose.get("system") in DOSE_SYSTEMS):
                return False
    return True


def iop_mr_4(request: Resource) -> bool:
    for dosage in request.get("dosageInstruction", ()):
        if "asNeededBoolean" in dosage:
            return False
        if "asNeededCodeableConcept" in dosage and "maxDosePerPeriod" not in dosage:
            return False
    return True


def iop_mr_5(request: Resource) -> bool:
    dosages = request.get("dosageInstruction", ())
    if len(dosages) <= 1:
        return True
    sequences = {dosage.get("sequence") for dosage in dosages}
    if None in sequences:
        return False
    last = len(sequences)
    for dosage in dosages:
        repeat = dosage.get("timing", {}).get("repeat", {})
        if "boundsDuration" in repeat or "boundsPeriod" in repeat or "boundsRange" in repeat:
            continue
        if dosage["sequence"] != last:
            return False
    return True


def iop_mr_7(request: Resource) -> bool:
    return request["status"] not in ("stopped", "cancelled", "on-hold") or "statusReason" in request


def iop_mr_8(request: Resource) -> bool:
    return request["intent"] == "plan" or "reasonCode" in request or "reasonReference" in request


def iop_mr_9(request: Resource) -> bool:
    if request["intent"] != "plan":
        return True
    return ("reportedBoolean" in request or "reportedReference" in request) and "dispenseRequest" not in request


def iop_p2_1(request: Resource) -> bool:
    codings = request.get("medicationCodeableConcept", {}).get("coding", ())
    if not any(each.get("system") == RXNORM and each.get("code") in OPIOID_PRODUCTS for each in codings):
        return True
    labels = request.get("meta", {}).get("security", ())
    return any(label.get("system") == ACT_CODE and label.get("code") == "42CFRPart2" for label in labels)


def iop_p2_2(resource: Resource) -> bool:
    part2 = sensitive = restricted = False
    for label in resource.get("meta", {}).get("security", ()):
        system, code = label.get("system"), label.get("code")
        if system == ACT_CODE:
            part2 = part2 or code == "42CFRPart2"
            sensitive = sensitive or code in ("SUD", "ETH", "OPIOIDUD", "ETHUD")
        elif system == CONFIDENTIALITY:
            restricted = restricted or code in ("R", "V")
    return not part2 or (sensitive and restricted)


def iop_cp_2(plan: Resource) -> bool:
    if plan["status"] != "active":
        return True
    return "start" in plan.get("period", ()) and "addresses" in plan and "goal" in plan and "careTeam" in plan


def iop_cp_3(plan: Resource) -> bool:
    for activity in plan.get("activity", ()):
        detail = activity.get("detail")
        if not detail or detail.get("kind") != "ServiceRequest":
            continue
        if "code" not in detail or not any(name in detail for name in SCHEDULES):
            return False
    return True


def iop_obs_2(observation: Resource) -> bool:
    codings = observation["code"].get("coding", ())
    if not any(coding.get("system") == LOINC and coding.get("code") in SCORES for coding in codings):
        return True
    for source in observation.get("derivedFrom", ()):
        reference = source.get("reference", "")
        if "QuestionnaireResponse/" in reference or reference.startswith("urn:uuid:"):
            return True
    return False


def iop_obs_4(observation: Resource) -> bool:
    if not any(coding.get("code") == "laboratory" for each in observation["category"] for coding in each["coding"]):
        return True
    if "specimen" not in observation:
        return False
    if VALUES.isdisjoint(observation) and not ("dataAbsentReason" in observation or "component" in observation):
        return "hasMember" in observation
    labels = observation.get("meta", {}).get("security", ())
    return any(label.get("system") == ACT_CODE and label.get("code") == "42CFRPart2" for label in labels)


def iop_qr_1(response: Resource) -> bool:
    _, bar, version = response.get("questionnaire", "").rpartition("|")
    if not bar or not version:
        return False
    return response["status"] != "completed" or (
        "authored" in response and "author" in response and "source" in response
    )


def iop_qr_2(response: Resource) -> bool:
    if response["status"] != "completed" or "phq-9" not in response.get("questionnaire", ""):
        return True
    answered = 0
    for item in response.get("item", ()):
        if item["linkId"] in PHQ_9 and any(not ANSWERS.isdisjoint(answer) for answer in item.get("answer", ())):
            answered += 1
    return answered == 9


# --- search parameters: what an index would hold ------------------------------------------------------------------


def one(name: str) -> Any:
    """Read an element that comes once at most."""

    def found(resource: Resource) -> list[Any]:
        return [resource[name]] if name in resource else []

    return found


def many(name: str) -> Any:
    """Read an element that is a list."""

    def found(resource: Resource) -> list[Any]:
        return resource.get(name, [])

    return found


def request_date(request: Resource) -> list[Any]:
    return [event for each in request.get("dosageInstruction", ()) for event in each.get("timing", {}).get("event", ())]


def intended_dispenser(request: Resource) -> list[Any]:
    dispense = request.get("dispenseRequest")
    return [dispense["performer"]] if dispense and "performer" in dispense else []


def activity_code(plan: Resource) -> list[Any]:
    return [each["detail"]["code"] for each in plan.get("activity", ()) if "code" in each.get("detail", ())]


def activity_date(plan: Resource) -> list[Any]:
    found = []
    for activity in plan.get("activity", ()):
        detail = activity.get("detail", {})
        found += [detail[name] for name in SCHEDULES if name in detail]
    return found


def activity_reference(plan: Resource) -> list[Any]:
    return [each["reference"] for each in plan.get("activity", ()) if "reference" in each]


def activity_performer(plan: Resource) -> list[Any]:
    return [who for each in plan.get("activity", ()) for who in each.get("detail", {}).get("performer", ())]


def observation_date(observation: Resource) -> list[Any]:
    names = ("effectiveDateTime", "effectivePeriod", "effectiveTiming", "effectiveInstant")
    return [observation[name] for name in names if name in observation]


def combo_code(observation: Resource) -> list[Any]:
    return [observation["code"], *(component["code"] for component in observation.get("component", ()))]


def component_code(observation: Resource) -> list[Any]:
    return [component["code"] for component in observation.get("component", ())]


def combo_value_concept(observation: Resource) -> list[Any]:
    parts = [observation, *observation.get("component", ())]
    return [part["valueCodeableConcept"] for part in parts if "valueCodeableConcept" in part]


def combo_value_quantity(observation: Resource) -> list[Any]:
    parts = [observation, *observation.get("component", ())]
    return [part[name] for part in parts for name in ("valueQuantity", "valueSampledData") if name in part]


def value_quantity(observation: Resource) -> list[Any]:
    return [observation[name] for name in ("valueQuantity", "valueSampledData") if name in observation]


def value_string(observation: Resource) -> list[Any]:
    if "valueString" in observation:
        return [observation["valueString"]]
    text = observation.get("valueCodeableConcept", {}).get("text")
    return [] if text is None else [text]


def patient(resource: Resource) -> list[Any]:
    subject = resource.get("subject")
    if subject and (subject.get("type") == "Patient" or subject.get("reference", "").startswith("Patient/")):
        return [subject]
    return []
