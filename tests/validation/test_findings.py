"""Each rule of the base specification: what breaks it is found once, at its place, and nothing else is."""

from typing import Any

import pytest

from fhir_iop.validation import Validator
from fhir_iop.wording import CATALOGUE
from tests.validation.made import coded, observation, order, patient, questionnaire

CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
CORE = "http://hl7.org/fhir/StructureDefinition/"
MEASURE = CORE + "cqf-measureInfo"  # may stand anywhere, in itself too
EXAMPLE = "http://example.org/fhir/StructureDefinition/invented"

TWICE = {"url": CORE + "questionnaire-maxOccurs", "valueInteger": 2}

Case = tuple[dict[str, Any], str, str]

BROKEN: list[Case] = [
    # --- JSON form
    (patient(name={"family": "Invented"}), "json-array", "Patient.name"),
    (patient(_name={"id": "a"}), "unknown-element", "Patient.name"),
    (patient(name=["Invented"]), "json-type", "Patient.name[0]"),
    (patient(active="true"), "json-type", "Patient.active"),
    (patient(active=1), "json-type", "Patient.active"),
    (patient(multipleBirthInteger=True), "json-type", "Patient.multipleBirth.ofType(integer)"),
    (patient(birthDate=19900228), "json-type", "Patient.birthDate"),
    (patient(_birthDate="x"), "json-type", "Patient.birthDate"),
    (patient(gender=["female"]), "json-type", "Patient.gender"),
    (patient(name=[{"given": ["Ada", None]}]), "json-null", "Patient.name[0].given[1]"),
    (patient(name=[None]), "json-null", "Patient.name[0]"),
    (patient(name=[{"given": ["Ada"], "_given": [None, None]}]), "json-pairs", "Patient.name[0].given"),
    (patient(name=[{"given": ["Ada"], "_given": {"id": "a"}}]), "json-array", "Patient.name[0].given"),
    (patient(name=[{"given": ["Ada"], "_given": ["a"]}]), "json-type", "Patient.name[0].given[0]"),
    # --- nothing said
    (patient(name=[]), "empty", "Patient.name"),
    (patient(name=[{}]), "empty", "Patient.name[0]"),
    (patient(name=[{"id": "only"}]), "empty", "Patient.name[0]"),
    (patient(name=[{"family": ""}]), "empty", "Patient.name[0].family"),
    (patient(_birthDate={}, birthDate=None), "empty", "Patient.birthDate"),
    (patient(name=[{"family": " \t"}]), "text-blank", "Patient.name[0].family"),
    # --- elements
    (
        patient(
            text={"status": "empty", "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>', "_div": {"id": "x"}}
        ),
        "unknown-element",
        "Patient.text.div",
    ),
    (
        order(
            dosageInstruction=[{"doseAndRate": [{"doseQuantity": {"value": 1}, "doseRange": {"low": {"value": 1}}}]}]
        ),
        "choice-twice",
        "MedicationRequest.dosageInstruction[0].doseAndRate[0].dose",
    ),
    (patient(brithDate="1990-02-28"), "unknown-element", "Patient.brithDate"),
    (
        patient(contact=[{"gender": "male", "telecom": [{"system": "phone", "value": "1", "nmae": "x"}]}]),
        "unknown-element",
        "Patient.contact[0].telecom[0].nmae",
    ),
    (observation(status=None), "min", "Observation"),
    (patient(link=[{"type": "refer"}]), "min", "Patient.link[0]"),
    (patient(deceasedBoolean=False, deceasedDateTime="2024-01-01"), "choice-twice", "Patient.deceased"),
    (
        observation(referenceRange=[{"low": {"value": 1, "comparator": "<"}}]),
        "max",
        "Observation.referenceRange[0].low.comparator",
    ),
    (
        patient(name=[{"id": "a", "family": "Invented"}, {"id": "a", "text": "x"}]),
        "element-id-twice",
        "Patient.name[1].id",
    ),
    (patient(_birthDate={"id": "a"}, name=[{"id": "a", "text": "x"}]), "element-id-twice", "Patient.birthDate.id"),
    # --- primitives
    (patient(birthDate="2026-02-30"), "primitive-format", "Patient.birthDate"),
    (patient(id="under_score"), "primitive-format", "Patient.id"),
    (patient(meta={"lastUpdated": "2024-01-01"}), "primitive-format", "Patient.meta.lastUpdated"),
    (
        patient(photo=[{"contentType": "image/png", "data": "SGVsbG8=", "size": -5}]),
        "primitive-format",
        "Patient.photo[0].size",
    ),
    (
        patient(photo=[{"contentType": "image/png", "data": "", "size": 5, "hash": "SGVsbG8="}]),
        "empty",
        "Patient.photo[0].data",
    ),
    (
        order(dosageInstruction=[{"asNeededBoolean": True, "asNeededCodeableConcept": {"text": "pain"}}]),
        "choice-twice",
        "MedicationRequest.dosageInstruction[0].asNeeded",
    ),
    (
        patient(
            name=[{"text": "x", "id": "a", "_id": {"extension": [{"url": CORE + "originalText", "valueCode": "x"}]}}]
        ),
        "type-not-allowed",
        "Patient.name[0].id.extension[0].value.ofType(code)",
    ),
    (
        patient(extension=[{"url": MEASURE, "extension": [{"url": MEASURE, "valueString": "x"}]}]),
        "max",
        "Patient.extension[0].extension[0].value.ofType(string)",
    ),
    (patient(photo=[{"contentType": "image/png", "data": "%%%"}]), "primitive-format", "Patient.photo[0].data"),
    (
        patient(photo=[{"contentType": "image/png", "data": "SGVsbG8=", "hash": "SGVsbG8="}]),
        "attachment-hash",
        "Patient.photo[0].hash",
    ),
    # --- what follows from a part without its form isn't told as well
    (
        order(dispenseRequest={"validityPeriod": {"start": "2024-02-30", "end": "2024-03-01"}}),
        "primitive-format",
        "MedicationRequest.dispenseRequest.validityPeriod.start",
    ),
    (
        order(dispenseRequest={"expectedSupplyDuration": {"value": 3, "code": "d", "system": "not a system"}}),
        "primitive-format",
        "MedicationRequest.dispenseRequest.expectedSupplyDuration.system",
    ),
    (
        observation(dataAbsentReason=coded("not a system", "unknown")),
        "primitive-format",
        "Observation.dataAbsentReason.coding[0].system",
    ),
    (patient(extension=[{"url": "not a url", "valueCode": "x"}]), "primitive-format", "Patient.extension[0].url"),
    (patient(meta={"profile": ["not a url"]}), "primitive-format", "Patient.meta.profile[0]"),
    # --- codes
    (patient(gender="unclear"), "binding-required", "Patient.gender"),
    (order(status="running"), "binding-required", "MedicationRequest.status"),
    (
        patient(gender=None, _gender={"extension": [{"url": CORE + "data-absent-reason", "valueCode": "unknown"}]}),
        "binding-no-code",
        "Patient.gender",
    ),
    (
        observation(dataAbsentReason=coded("https://example.org/reasons", "x")),
        "binding-extensible",
        "Observation.dataAbsentReason",
    ),
    (observation(category=[coded("https://example.org/kinds", "x")]), "binding-preferred", "Observation.category[0]"),
    (
        patient(communication=[{"language": coded("urn:ietf:bcp:47", "not_a_tag")}]),
        "binding-maximum",
        "Patient.communication[0].language",
    ),
    (
        observation(dataAbsentReason=coded(ABSENT, "bogus")),
        "code-unknown",
        "Observation.dataAbsentReason.coding[0].code",
    ),
    (
        observation(interpretation=[coded(INTERPRETATION, "H", display="Low")]),
        "display",
        "Observation.interpretation[0].coding[0].display",
    ),
    (observation(method=coded(None, "x")), "code-no-system", "Observation.method.coding[0]"),
    (
        order(reasonCode=[coded("http://hl7.org/fhir/us/core/CodeSystem/condition-category", "x")]),
        "code-unknown",
        "MedicationRequest.reasonCode[0].coding[0].code",
    ),
    (
        patient(identifier=[{"system": "urn:ietf:rfc:3986", "value": "no scheme"}]),
        "identifier-uri",
        "Patient.identifier[0].value",
    ),
    (questionnaire(derivedFrom=["Questionnaire/other"]), "canonical-relative", "Questionnaire.derivedFrom[0]"),
    # --- references
    (observation(subject={"reference": "Patient/in vented"}), "reference-form", "Observation.subject.reference"),
    (observation(subject={"reference": "Chicken/1"}), "reference-unknown-type", "Observation.subject.reference"),
    (order(subject={"reference": "Practitioner/1"}), "reference-target", "MedicationRequest.subject"),
    (
        order(subject={"reference": "https://ehr.example.org/r4/Practitioner/1"}),
        "reference-target",
        "MedicationRequest.subject",
    ),
    (order(subject={"type": "Practitioner", "display": "x"}), "reference-target", "MedicationRequest.subject"),
    (order(subject={"reference": "Patient/1", "type": "Group"}), "reference-type-differs", "MedicationRequest.subject"),
    (order(subject={"reference": "#nobody"}), "reference-contained", "MedicationRequest.subject.reference"),
    (
        questionnaire(item=[{"linkId": "1", "type": "choice", "answerValueSet": "#none"}]),
        "reference-contained",
        "Questionnaire.item[0].answerValueSet",
    ),
    # --- contained
    (patient(contained=[{"resourceType": "Organization", "name": "x"}]), "contained-id", "Patient.contained[0]"),
    (
        patient(contained=[{"resourceType": "Organization", "id": "o", "name": "x"}]),
        "contained-orphan",
        "Patient.contained[0]",
    ),
    (
        patient(
            contained=[{"resourceType": "Organization", "id": "o", "name": name} for name in "xy"],
            managingOrganization={"reference": "#o"},
        ),
        "contained-twice",
        "Patient.contained[1]",
    ),
    (
        patient(contained=[{"resourceType": "Practitioner", "id": "p"}], managingOrganization={"reference": "#p"}),
        "reference-target",
        "Patient.managingOrganization",
    ),
    (patient(contained=[{"id": "o", "name": "x"}]), "resource-type-missing", "Patient.contained[0]"),
    # --- resource types and profiles
    ({"resourceType": "Chicken"}, "resource-type-unknown", "Resource"),
    ({"id": "x"}, "resource-type-missing", "Resource"),
    (patient(meta={"profile": ["https://example.org/none"]}), "profile-unknown", "Patient.meta.profile[0]"),
    (patient(meta={"profile": [CORE + "bodyweight"]}), "profile-other-type", "Patient.meta.profile[0]"),
    # --- extensions
    (patient(extension=[{"url": EXAMPLE, "valueCode": "x"}]), "extension-unknown", "Patient.extension[0]"),
    (
        patient(modifierExtension=[{"url": EXAMPLE, "valueCode": "x"}]),
        "modifier-extension-unknown",
        "Patient.modifierExtension[0]",
    ),
    (patient(extension=[{"url": "invented", "valueCode": "x"}]), "extension-relative", "Patient.extension[0]"),
    (
        questionnaire(item=[{"linkId": "1", "type": "display", "text": "x", "extension": [TWICE]}]),
        "extension-invariant",
        "Questionnaire.item[0].extension[0]",
    ),
    (
        questionnaire(item=[{"linkId": "1", "type": "string", "text": "x", "extension": [TWICE]}]),
        "extension-invariant",
        "Questionnaire.item[0].extension[0]",
    ),
    (
        patient(extension=[{"url": CORE + "patient-birthTime", "valueDateTime": "1990-02-28T01:00:00Z"}]),
        "extension-context",
        "Patient.extension[0]",
    ),
    (
        patient(modifierExtension=[{"url": CORE + "patient-birthPlace", "valueAddress": {"city": "x"}}]),
        "extension-not-modifier",
        "Patient.modifierExtension[0]",
    ),
    (
        patient(extension=[{"url": CORE + "patient-birthPlace", "valueString": "x"}]),
        "type-not-allowed",
        "Patient.extension[0].value.ofType(string)",
    ),
    (
        patient(extension=[{"url": CORE + "patient-nationality", "extension": [{"url": "cod", "valueString": "x"}]}]),
        "extension-part-unknown",
        "Patient.extension[0].extension[0]",
    ),
]


@pytest.mark.parametrize(("resource", "rule", "expression"), BROKEN, ids=[f"{r} at {e}" for _, r, e in BROKEN])
def test_a_fault_is_found_once_at_its_place(
    validator: Validator, resource: dict[str, Any], rule: str, expression: str
) -> None:
    found = validator.validate(resource)
    assert [(issue.rule, issue.expression) for issue in found] == [(rule, expression)]
    assert all(issue.severity == CATALOGUE[issue.rule].severity for issue in found if issue.rule != "binding-no-code")


RIGHT: list[dict[str, Any]] = [
    patient(),
    observation(),
    order(),
    patient(birthDate="2024-02-29"),
    questionnaire(item=[{"linkId": "1", "type": "string", "text": "x", "repeats": True, "extension": [TWICE]}]),
    questionnaire(item=[{"linkId": "1", "type": "string", "text": "x", "extension": [TWICE | {"valueInteger": 1}]}]),
    patient(deceasedDateTime="2024-02-29T23:59:60.5-05:00"),
    patient(multipleBirthInteger=2),
    patient(
        name=[
            {
                "given": ["Ada", None],
                "_given": [None, {"extension": [{"url": CORE + "data-absent-reason", "valueCode": "unknown"}]}],
            }
        ]
    ),
    patient(_birthDate={"extension": [{"url": CORE + "patient-birthTime", "valueDateTime": "1990-02-28T01:00:00Z"}]}),
    observation(valueQuantity={"value": 1.5, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}),
    observation(interpretation=[coded(INTERPRETATION, "H", display="high")]),
    patient(
        contained=[{"resourceType": "Organization", "id": "o", "name": "x"}], managingOrganization={"reference": "#o"}
    ),
    patient(communication=[{"language": coded("urn:ietf:bcp:47", "es")}]),
    patient(photo=[{"contentType": "image/png; charset=binary", "data": "SGVsbG8="}]),
    patient(photo=[{"contentType": "text/plain", "data": "SGVsbG8=", "hash": "9/+ei3uy4Jtwk1pdeF4MxdnQq/A="}]),
    patient(name=[{"id": "a", "text": "x"}, {"id": "b", "text": "x"}], contained=[], id="a")
    | {
        "contained": [
            patient(id="x", name=[{"id": "a", "text": "x"}], link=[{"other": {"reference": "#"}, "type": "seealso"}])
        ]
    },
    order(subject={"reference": "urn:uuid:0d0e3b6a-3f0c-4f1e-9f1e-0123456789ab"}),
    order(subject={"identifier": {"system": "https://program.example.org/mrn", "value": "MRN-0001"}}),
    order(subject={"reference": "https://ehr.example.org/records/17"}),
]


@pytest.mark.parametrize("resource", RIGHT)
def test_nothing_is_found_in_what_is_right(validator: Validator, resource: dict[str, Any]) -> None:
    assert validator.validate(resource) == []


def test_every_fault_in_one_resource_is_told(validator: Validator) -> None:
    broken = patient(gender="unclear", birthDate="1990-02-30", name=[{"family": ""}], managingOrganization={})
    assert {issue.rule for issue in validator.validate(broken)} == {"binding-required", "primitive-format", "empty"}
    assert len(validator.validate(broken)) == 4


def test_a_misspelt_element_names_the_one_that_may_be_meant(validator: Validator) -> None:
    (found,) = validator.validate(patient(brithDate="1990-02-28"))
    assert "birthDate" in found.details


def test_no_finding_repeats_a_patients_words(validator: Validator) -> None:
    secret = "Zyxwv Secretname 1990-02-30"
    resource = patient(
        name=[{"family": secret + "\x01"}],
        birthDate=secret,
        gender=secret,
        photo=[{"data": secret}],
        communication=[{"language": coded("urn:ietf:bcp:47", secret)}],
        managingOrganization={"reference": secret},
        **{secret: 1},
    )
    found = validator.validate(resource)
    assert len(found) >= 7
    assert not [issue for issue in found if "Secretname" in issue.details + issue.expression]


def test_how_bad_the_unknown_is_is_a_setting(definitions: Any) -> None:
    strict = Validator(definitions, unknown_profile="error", unknown_extension="error")
    url = "https://elsewhere.test/fhir/StructureDefinition/x"
    claims = patient(meta={"profile": [url]}, extension=[{"url": url, "valueCode": "x"}])
    assert [(issue.rule, issue.severity) for issue in strict.validate(claims)] == [
        ("profile-unknown", "error"),
        ("extension-unknown", "error"),
    ]


def test_a_narrative_may_be_what_refers_to_a_contained_resource(validator: Validator) -> None:
    div = '<div xmlns="http://www.w3.org/1999/xhtml"><img src="#image" alt="An image"/></div>'
    image = {"resourceType": "Binary", "id": "image", "contentType": "image/png", "data": "aGk="}
    assert validator.validate(patient(contained=[image], text={"status": "additional", "div": div})) == []
