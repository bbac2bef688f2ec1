"""Decisions: the rows of the table, what a Consent permits and forbids, and that nothing else ever permits."""

from copy import deepcopy
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.consent import Disclosure, decide
from fhir_iop.fhir.security import ACT_CODE
from tests.consent.conftest import AT, CONSENT, PARTICIPATION, REASON, labelled, plain, protected, to_pharmacy

RECIPIENT_CLASS = "https://example.org/fhir/iop/CodeSystem/recipient-class"
IRCP = {"coding": [{"system": PARTICIPATION, "code": "IRCP"}]}


def decided(consents, resources=None, **disclosure):
    return decide(resources or [protected()], consents, to_pharmacy(**disclosure))


def test_a_permitted_message_goes_with_its_obligations(consent):
    decision = decided([consent], [protected(), plain()])
    assert (decision.permitted, decision.rule, decision.answer) == (True, "P3", "release")
    assert decision.consent is consent
    assert decision.obligations == {"labels", "notice", "consent", "audit"}
    assert decision.issues == []


def test_a_message_without_consent_is_refused_whole():
    decision = decided([], [plain(), protected()])
    assert (decision.permitted, decision.rule, decision.answer) == (False, "P7", "refuse")
    assert decision.withheld == (1,)
    assert decision.consents == ()
    assert [(found.code, found.severity, found.expression) for found in decision.issues] == [
        ("suppressed", "error", "MedicationRequest")
    ]


@pytest.mark.parametrize(
    ("interaction", "rule", "answer"),
    [("message", "P7", "refuse"), ("read", "P6", "not-found"), ("search", "P5", "omit"), ("export", "P5", "omit")],
)
def test_how_a_denial_looks(interaction, rule, answer):
    decision = decided([], interaction=interaction)
    assert (decision.permitted, decision.rule, decision.answer) == (False, rule, answer)


@pytest.mark.parametrize("interaction", ["message", "read", "search", "export"])
def test_what_is_not_labelled_is_left_to_the_usual_checks(interaction):
    decision = decided([], [plain()], interaction=interaction)
    assert (decision.permitted, decision.rule, decision.obligations) == (True, "P2", frozenset())


def test_a_search_leaves_out_what_is_not_permitted(consent):
    resources = [plain(), protected(), protected(subject="Patient/poe"), protected()]
    decision = decided([consent], resources, interaction="search")
    assert decision.withheld == (2,)


def test_a_patient_sees_what_is_their_own():
    own = {"kind": "patient", "recipient": "Patient/roe", "interaction": "read", "purpose": "PATRQT"}
    decision = decided([], **own)
    assert (decision.permitted, decision.rule, decision.obligations) == (True, "P1", {"labels", "audit"})
    assert not decided([], [protected(subject="Patient/poe")], **own).permitted


@pytest.mark.parametrize(
    ("disclosure", "rule"),
    [
        ({"purpose": "HLEGAL"}, "P9"),
        ({"purpose": "HRESCH", "interaction": "export"}, "P13"),
        ({"purpose": "ETREAT", "interaction": "read"}, "P8"),
        ({"kind": "pdmp"}, "P10"),
        ({"kind": "contractor"}, "P14"),
        ({"kind": "intermediary"}, "P12"),
    ],
)
def test_what_no_ordinary_consent_opens(consent, disclosure, rule):
    consent["provision"]["purpose"].append({"system": REASON, "code": disclosure.get("purpose", "TREAT")})
    decision = decided([consent], **disclosure)
    assert (decision.permitted, decision.rule) == (False, rule)


def test_counselling_notes_ride_on_no_consent(consent):
    notes = labelled("42CFRPart2", "SUD", "PSYTHPN", "R")
    consent["provision"]["securityLabel"].append({"system": ACT_CODE, "code": "PSYTHPN"})
    assert decided([consent], [notes]).rule == "P11"
    assert decided([consent], [labelled("PSYTHPN")], kind="patient", recipient="Patient/roe").rule == "P11"


@pytest.mark.parametrize(
    "security",
    [
        [{"system": ACT_CODE, "code": "BRAND-NEW"}],
        [{"system": "urn:x", "code": "42CFRPart2"}],
        [{"code": "R"}],
        ["R"],
        "R",
    ],
)
def test_a_label_that_is_not_known_is_a_denial(consent, security):
    resource = plain() | {"meta": {"security": security}}
    assert decided([consent], [resource]).rule == "label-unknown"
    assert decided([consent], [resource], kind="patient", recipient="Patient/roe").rule == "label-unknown"


def test_an_intermediary_is_named_with_those_behind_it(consent):
    assert not decided([consent], kind="intermediary").permitted
    consent["provision"]["actor"].append({"role": IRCP, "reference": {"reference": "Organization/clinic"}})
    assert decided([consent], kind="intermediary").rule == "P12"
    assert decided([consent], kind="intermediary").permitted


def test_another_purpose_needs_an_end_and_a_name(consent):
    consent["provision"]["purpose"] = [{"system": REASON, "code": "COC"}]
    assert not decided([consent]).permitted
    assert decided([consent], purpose="COC").rule == "P4"
    del consent["provision"]["period"]["end"]
    assert not decided([consent], purpose="COC").permitted


def test_treatment_needs_no_end(consent):
    del consent["provision"]["period"]
    assert decided([consent]).permitted


def test_a_holder_outside_hipaa_stays_bound(consent):
    assert decided([consent], kind="part2-holder").rule == "P15"


def test_a_class_of_recipients(consent):
    role = {"coding": [{"system": RECIPIENT_CLASS, "code": "pharmacy"}]}
    consent["provision"]["actor"] = [{"role": role, "reference": {"display": "Any pharmacy that I choose"}}]
    assert decided([consent], classes=frozenset({"pharmacy"})).permitted
    assert not decided([consent], classes=frozenset({"health-plan"})).permitted


def test_a_recipient_by_identifier(consent):
    number = {"system": "http://hl7.org/fhir/sid/us-npi", "value": "1234567893"}
    consent["provision"]["actor"][0]["reference"] = {"identifier": number}
    pharmacy = {"resourceType": "Organization", "id": "elsewhere", "identifier": [number]}
    assert decide([protected()], [consent], Disclosure.to_pharmacy(pharmacy, AT)).permitted
    assert not decided([consent]).permitted


def set_(path, value):
    def change(consent):
        *way, last = (int(name) if name.isdigit() else name for name in path.split("."))
        for name in way:
            consent = consent[name]
        if value is None:
            del consent[last]
        else:
            consent[last] = value

    return change


NOT_PERMITTING = {
    "revoked": set_("status", "inactive"),
    "draft": set_("status", "draft"),
    "another-patient": set_("patient.reference", "Patient/poe"),
    "same-id-elsewhere": set_("patient.reference", "https://ehr.example/fhir/Patient/roe"),
    "treatment-consent": set_("scope.coding.0.code", "treatment"),
    "general-category": set_("category.0.coding.0.code", "OTHER"),
    "unsigned": set_("dateTime", None),
    "signed-tomorrow": set_("dateTime", "2026-03-03"),
    "not-verified": set_("verification", [{"verified": False}]),
    "expired": set_("provision.period.end", "2026-03-01"),
    "expired-month": set_("provision.period.end", "2026-02"),
    "expired-minute": set_("provision.period.end", "2026-03-02T14:59:59Z"),
    "not-begun": set_("provision.period.start", "2026-03-03"),
    "no-zone": set_("provision.period.start", "2026-03-02T14:00:00"),
    "another-recipient": set_("provision.actor.0.reference.reference", "Organization/clinic"),
    "recipient-as-custodian": set_("provision.actor.0.role.coding.0.code", "CST"),
    "no-recipient": set_("provision.actor", None),
    "empty-recipient": set_("provision.actor", []),
    "another-purpose": set_("provision.purpose.0.code", "HPAYMT"),
    "no-purpose": set_("provision.purpose", None),
    "another-label": set_("provision.securityLabel.0.code", "ETHUD"),
    "no-label": set_("provision.securityLabel", None),
    "confidentiality-only": set_("provision.securityLabel.0", {"system": "urn:x", "code": "R"}),
    "another-class": set_("provision.class", [{"system": "http://hl7.org/fhir/resource-types", "code": "Observation"}]),
    "a-class-unknown": set_("provision.class", [{"system": "urn:ietf:bcp:13", "code": "application/pdf"}]),
    "to-correct-only": set_(
        "provision.action",
        [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentaction", "code": "correct"}]}],
    ),
    "codes-not-understood": set_("provision.code", [{"text": "some"}]),
    "data-not-understood": set_("provision.data", [{"meaning": "instance", "reference": {"reference": "X/1"}}]),
    "no-type": set_("provision.type", None),
    "denies": set_("provision.type", "deny"),
    "no-provision": set_("provision", None),
}


@pytest.mark.parametrize("change", NOT_PERMITTING.values(), ids=NOT_PERMITTING)
def test_a_consent_that_does_not_permit(consent, change):
    assert decided([consent]).permitted
    change(consent)
    decision = decided([consent])
    assert not decision.permitted
    assert decision.rule in {"P7", "consent-denies"}


PERMITTING = {
    "last-day": set_("provision.period.end", "2026-03-02"),
    "last-month": set_("provision.period.end", "2026-03"),
    "first-day": set_("provision.period.start", "2026-03-02"),
    "this-minute": set_("provision.period.start", "2026-03-02T10:00:00-05:00"),
    "its-sensitivity": set_("provision.securityLabel.0.code", "OPIOIDUD"),
    "its-class": set_(
        "provision.class", [{"system": "http://hl7.org/fhir/resource-types", "code": "MedicationRequest"}]
    ),
    "information-disclosure": set_("category.0.coding.0.code", "IDSCL"),
    "a-version": set_("patient.reference", "Patient/roe/_history/2"),
    "verified": set_("verification", [{"verified": False}, {"verified": True}]),
}


@pytest.mark.parametrize("change", PERMITTING.values(), ids=PERMITTING)
def test_a_consent_that_permits(consent, change):
    change(consent)
    assert decided([consent]).permitted


UNREADABLE = {
    "no-status": set_("status", None),
    "no-patient": set_("patient", None),
    "patient-by-name": set_("patient", {"display": "Jane Roe"}),
    "no-scope": set_("scope", None),
    "modifier": set_("modifierExtension", [{"url": "urn:x"}]),
    "rules": set_("implicitRules", "urn:x"),
    "modified-provision": set_("provision.modifierExtension", [{"url": "urn:x"}]),
    "odd-type": set_("provision.type", "maybe"),
    "no-date": set_("provision.period.end", "2026-02-30"),
    "no-date-signed": set_("dateTime", "soon"),
    "no-list": set_("provision.actor", {"role": IRCP}),
    "no-object": set_("provision", "permit"),
    "no-code": set_("provision.purpose", [{"display": "treatment"}]),
    "actor": set_("provision.actor", [{"role": IRCP}]),
    "another-resource": set_("resourceType", "Basic"),
}


@pytest.mark.parametrize("change", UNREADABLE.values(), ids=UNREADABLE)
def test_a_consent_that_can_not_be_read_denies_whatever_another_says(consent, change):
    good = deepcopy(consent)
    change(consent)
    decision = decided([good, consent])
    assert (decision.permitted, decision.rule) == (False, "consent-unreadable")
    assert "consent-unreadable" in {found.rule for found in decision.issues}


def test_an_unreadable_consent_of_somebody_else_is_no_matter(consent):
    other = deepcopy(consent) | {"patient": {"reference": "Patient/poe"}, "scope": "?"}
    assert decided([consent, other]).permitted


def test_provisions_nested_without_end(consent):
    inner = consent["provision"]
    for _ in range(200):
        inner = {"provision": [inner]}
    consent["provision"] = inner
    assert decided([consent]).rule == "consent-unreadable"


def test_an_exception_denies(consent):
    consent["provision"]["provision"] = [
        {"type": "deny", "securityLabel": [{"system": ACT_CODE, "code": "OPIOIDUD"}]},
    ]
    assert decided([consent]).rule == "consent-denies"
    assert decided([consent], [labelled("42CFRPart2", "ETHUD", "R")]).permitted
    # one of several sensitivities is enough to forbid
    assert not decided([consent], [labelled("42CFRPart2", "ETHUD", "OPIOIDUD", "R")]).permitted


def test_an_exception_that_is_not_understood_denies(consent):
    consent["provision"]["provision"] = [{"type": "deny", "dataPeriod": {"start": "2020"}}]
    assert decided([consent]).rule == "consent-denies"
    consent["provision"]["provision"] = [{"type": "deny", "period": {"end": "2026-03-01"}, "dataPeriod": {}}]
    assert decided([consent]).permitted


def test_another_consent_that_forbids_wins(consent):
    other = deepcopy(consent)
    other["category"] = [{"coding": [{"system": "urn:x", "code": "opt-out"}]}]
    other["provision"] = {
        "type": "deny",
        "actor": [{"role": IRCP, "reference": {"reference": "Organization/pharmacy"}}],
    }
    assert decided([consent, other]).rule == "consent-denies"
    other["provision"]["actor"][0]["reference"]["reference"] = "Organization/clinic"
    assert decided([consent, other]).permitted


def test_a_permit_inside_a_denial(consent):
    permit = consent["provision"]
    consent["provision"] = {"type": "deny", "provision": [permit]}
    assert decided([consent]).permitted
    assert decided([consent], recipient="Organization/clinic").rule == "consent-denies"
    consent["provision"] = {"provision": [permit]}
    assert decided([consent]).permitted
    assert decided([consent], recipient="Organization/clinic").rule == "P7"


def test_what_names_no_patient_belongs_to_whom_all_is_about(consent):
    provenance = {key: value for key, value in protected(type_="Provenance").items() if key != "subject"}
    assert decided([consent], [provenance, protected()]).permitted
    assert decided([consent], [provenance]).withheld == (0,)
    both = [provenance, protected(), protected(subject="Patient/poe")]
    assert decided([consent], both).withheld == (0, 2)


def test_whose_a_record_is(consent):
    patient = {name: value for name, value in protected(type_="Patient", id_="roe").items() if name != "subject"}
    assert decided([consent], [patient]).permitted
    assert not decided([consent], [patient | {"id": "poe"}]).permitted
    assert decided([consent], [protected(subject="Patient/roe/_history/3")]).permitted
    assert not decided([consent], [protected(subject="Group/roe")]).permitted
    assert not decided([consent], [protected(subject="https://elsewhere.example/Patient/roe")]).permitted
    task = {name: value for name, value in protected(type_="Task").items() if name != "subject"}
    assert decided([consent], [task | {"for": {"reference": "Patient/roe"}}]).permitted
    assert not decided([consent], [task | {"for": {"reference": "Patient/poe"}}]).permitted


def test_a_bundle_is_what_it_holds(consent):
    bundle = {"resourceType": "Bundle", "meta": protected()["meta"], "entry": [{"resource": protected()}, {"x": 1}]}
    assert decided([consent], [bundle]).permitted
    assert decided([], [plain(), bundle]).withheld == (1,)
    bundle["entry"].append({"resource": labelled("HIV")})
    assert decided([consent], [bundle]).rule == "label-unknown"


def test_a_sensitive_record_is_protected_before_its_label_is_complete(consent):
    assert decided([], [labelled("SUD")]).rule == "P7"
    assert decided([consent], [labelled("SUD")]).permitted


def action(code):
    return {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentaction", "code": code}]}


NAMED = {"role": IRCP, "reference": {"reference": "Organization/pharmacy"}}
OF_A_CLASS = {
    "role": {"coding": [{"system": "urn:x", "code": "y"}, {"system": RECIPIENT_CLASS, "code": "pharmacy"}]},
    "reference": {"display": "pharmacies"},
}
COORDINATION = {"purpose": [{"system": REASON, "code": "COC"}]}


def test_a_class_is_not_a_name(consent):
    consent["provision"] |= {"actor": [OF_A_CLASS], **COORDINATION}
    assert not decided([consent], purpose="COC", classes=frozenset({"pharmacy"})).permitted
    consent["provision"]["actor"].append(NAMED)
    assert decided([consent], purpose="COC", classes=frozenset({"pharmacy"})).permitted


def test_conditions_hold_on_the_whole_way_down(consent):
    label = consent["provision"]["securityLabel"]
    consent["provision"] = {
        "period": {"end": "2026-12-31"},
        "actor": [NAMED],
        "provision": [{"type": "permit", "securityLabel": label, **COORDINATION}],
    }
    assert decided([consent], purpose="COC").rule == "P4"
    assert not decided([consent], purpose="COC", recipient="Organization/clinic").permitted
    consent["provision"]["period"]["end"] = "2026-01-01"
    assert not decided([consent], purpose="COC").permitted


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_exceptions_the_denial_counts(consent, is_first):
    permit = {"type": "permit", **{name: consent["provision"][name] for name in ("actor", "purpose", "securityLabel")}}
    exceptions = [{"type": "deny"}, permit] if is_first else [permit, {"type": "deny"}]
    consent["provision"]["provision"] = exceptions
    assert decided([consent]).rule == "consent-denies"


def test_one_of_several_roles_is_enough(consent):
    consent["provision"]["actor"][0]["role"]["coding"].append({"system": "urn:x", "code": "y"})
    assert decided([consent]).permitted
    consent["provision"]["actor"] = [OF_A_CLASS]
    assert decided([consent], classes=frozenset({"pharmacy"})).permitted


@pytest.mark.parametrize(
    ("condition", "denies"),
    [
        ({"actor": [{"role": {"text": "anybody outside"}, "reference": {"display": "anybody outside"}}]}, True),
        ({"actor": [OF_A_CLASS]}, False),
        (
            {
                "actor": [
                    {"role": IRCP, "reference": {"reference": "Organization/clinic"}},
                    {"role": {"text": "others"}, "reference": {"display": "others"}},
                ]
            },
            True,
        ),
        ({"actor": [{"role": {"text": "x"}, "reference": {"reference": "Organization/pharmacy"}}]}, True),
        ({"purpose": [{"system": "urn:x", "code": "marketing"}]}, True),
        ({"purpose": [{"system": REASON, "code": "HRESCH"}, {"system": "urn:x", "code": "y"}]}, True),
        ({"purpose": [{"system": REASON, "code": "HRESCH"}]}, False),
        ({"securityLabel": [{"system": "urn:x", "code": "y"}]}, True),
        ({"securityLabel": [{"system": ACT_CODE, "code": "ETHUD"}]}, False),
        ({"class": [{"system": "urn:x", "code": "y"}]}, True),
        ({"class": [{"system": "http://hl7.org/fhir/resource-types", "code": "Observation"}]}, False),
        ({"action": [{"coding": [{"system": "urn:x", "code": "y"}]}]}, True),
        ({"action": [action("correct")]}, False),
        ({"securityLabel": [{"system": ACT_CODE, "code": "ETHUD"}, {"system": "urn:x", "code": "y"}]}, True),
        ({"class": [{"system": "http://hl7.org/fhir/resource-types", "code": "Observation"}, {"code": "y"}]}, True),
        ({"action": [action("correct"), action("disclose")]}, True),
        ({"action": [action("correct"), {"coding": [{"system": "urn:x", "code": "y"}]}]}, True),
        ({"period": {"start": "2026-03-02T20:00:00"}}, True),
        ({"extension": [{"url": "urn:x"}], "id": "a"}, True),
    ],
)
def test_a_denial_counts_where_it_may_hold(consent, condition, denies):
    consent["provision"]["provision"] = [{"type": "deny", **condition}]
    assert decided([consent]).permitted is not denies


# --- what holds always ---------------------------------------------------------------------------------------------

# These don't permit what is asked above, and may permit what hypothesis asks.
ELSEWHERE = {
    name
    for name in NOT_PERMITTING
    if name.startswith(("another-", "expired", "no-zone", "not-begun", "signed", "same"))
}
changes = st.sampled_from(
    [*(change for name, change in NOT_PERMITTING.items() if name not in ELSEWHERE), *UNREADABLE.values()]
)
kinds = st.sampled_from(["covered-entity", "business-associate", "part2-holder", "intermediary", "other", "patient"])
disclosures = st.builds(
    to_pharmacy,
    kind=kinds,
    purpose=st.sampled_from(["TREAT", "HPAYMT", "HLEGAL", "COC", "?"]),
    interaction=st.sampled_from(["message", "read", "search", "export"]),
    at=st.integers(-400, 400).map(lambda days: AT + timedelta(days=days)),
    recipient=st.sampled_from(["Organization/pharmacy", "Organization/clinic", "Patient/poe"]),
)
protected_records = st.builds(
    lambda first, codes: labelled(first, *codes),
    st.sampled_from(["42CFRPart2", "SUD", "OPIOIDUD", "ETHUD", "ETH"]),
    st.lists(st.sampled_from(["42CFRPart2", "SUD", "ETHUD", "OPIOIDUD", "R", "N", "MH", "HIV", "PSYTHPN"]), max_size=3),
)


def changed(change):
    consent = deepcopy(CONSENT)
    try:
        change(consent)
    except (KeyError, IndexError):
        return consent | {"status": "inactive"}
    return consent


@given(protected_records, disclosures, st.lists(changes.map(changed), max_size=3))
def test_a_protected_record_never_goes_where_no_consent_permits(resource, disclosure, consents):
    decision = decide([resource], consents, disclosure)
    assert not decision.permitted
    assert decision.withheld == (0,)
    assert decision.answer != "release"


@given(protected_records, disclosures, st.lists(changes.map(changed), max_size=2), st.booleans())
def test_more_consents_of_others_change_nothing_and_a_lesser_one_never_permits(resource, disclosure, lesser, first):
    alone = decide([resource], [CONSENT], disclosure)
    others = [deepcopy(CONSENT) | {"patient": {"reference": "Patient/poe"}}]
    beside = [*others, CONSENT] if first else [CONSENT, *others]
    assert decide([resource], beside, disclosure).permitted == alone.permitted
    if decide([resource], [CONSENT, *lesser], disclosure).permitted:
        assert alone.permitted


@given(
    st.recursive(
        st.none() | st.text(max_size=3) | st.integers(),
        lambda inner: (
            st.lists(inner, max_size=2)
            | st.dictionaries(
                st.sampled_from(
                    [
                        "resourceType",
                        "status",
                        "provision",
                        "type",
                        "actor",
                        "meta",
                        "scope",
                        "patient",
                        "reference",
                        "coding",
                    ]
                ),
                inner | st.sampled_from(["Consent", "active", "permit", "Patient/roe"]),
                max_size=5,
            )
        ),
        max_leaves=15,
    ),
    disclosures,
)
def test_a_consent_of_any_shape_is_read_or_denies(rubbish, disclosure):
    assert not decide([protected()], [rubbish], disclosure).permitted
    consent = deepcopy(CONSENT) | (rubbish if isinstance(rubbish, dict) else {"provision": rubbish})
    decide([protected()], [consent], disclosure)


JUNK = [None, True, 0, "", "x", [], [[]], [None], {}, {"x": 1}, {"coding": 3}, ["permit"]]
# Without these a consent still says whom, what and what for; with them it may hold for longer.
MAY_GO = {("id",), ("provision", "period"), ("provision", "period", "start"), ("provision", "period", "end")}


def places(value, way=()):
    """Give the way to every part of ``value``."""
    for name, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*way, name)
        yield from places(part, (*way, name))


@pytest.mark.parametrize("way", list(places(CONSENT)), ids=str)
def test_a_consent_with_a_part_of_another_kind_permits_nothing(way):
    for value in JUNK:
        corrupt = deepcopy(CONSENT)
        holder = corrupt
        for name in way[:-1]:
            holder = holder[name]
        holder[way[-1]] = value
        assert not decided([corrupt]).permitted or way in MAY_GO, value


@pytest.mark.parametrize(
    "number", [{}, {"type": {"text": "x"}}, {"value": "1"}, {"system": "urn:s"}, {"system": 1, "value": 1}]
)
def test_half_an_identifier_names_nobody(consent, number):
    consent["provision"]["actor"][0]["reference"] = {"identifier": number}
    pharmacy = {"resourceType": "Organization", "id": "elsewhere", "identifier": [number]}
    assert decide([protected()], [consent], Disclosure.to_pharmacy(pharmacy, AT)).rule == "consent-unreadable"
    consent["provision"]["actor"][0]["reference"]["reference"] = "Organization/pharmacy"
    assert decided([consent]).permitted
