"""Labels: who gets them, from what, and that nothing takes them away."""

import json
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.consent import label
from fhir_iop.consent.safety_net import SafetyNet, bundled
from fhir_iop.errors import BadInput, Unusable
from fhir_iop.fhir.security import ACT_CODE, CONFIDENTIALITY, PART2, Label, labels

RXNORM = "http://www.nlm.nih.gov/research/umls/rxnorm"
SNOMED = "http://snomed.info/sct"
FILM, SERTRALINE, NALTREXONE, ACAMPROSATE = "1010604", "312941", "1483744", "835726"
OPIOID_USE_DISORDER, DEPRESSION = "1336192000", "370143000"


def order(code=SERTRALINE, **more):
    return {
        "resourceType": "MedicationRequest",
        "id": "order",
        "medicationCodeableConcept": {"coding": [{"system": RXNORM, "code": code}]},
        "subject": {"reference": "Patient/roe"},
        **more,
    }


def condition(code, id_="condition"):
    concept = {"coding": [{"system": SNOMED, "code": code}]}
    return {"resourceType": "Condition", "id": id_, "code": concept, "subject": {"reference": "Patient/roe"}}


def of_part2(resource):
    return resource | {"meta": {"security": [PART2._asdict()]}}


def codes(resource):
    return {found.code for found in labels(resource)}


def one(resource, **more):
    return label([resource], **more)[0]


def test_a_record_of_a_part_2_program_is_labelled_completely():
    assert codes(one(of_part2(order()))) == {"42CFRPart2", "SUD", "R", "NORDSCLCD"}


def test_a_record_of_another_program_is_left_alone():
    untouched = order()
    assert one(untouched) is untouched


@pytest.mark.parametrize(
    ("resource", "sensitivity"),
    [
        (order(FILM), "OPIOIDUD"),
        (order("864706"), "OPIOIDUD"),
        (order(NALTREXONE), "SUD"),
        (order(ACAMPROSATE), "ETHUD"),
        (order("999999999", medicationCodeableConcept={"text": "Suboxone 8-2 film"}), "OPIOIDUD"),
        (order("1", medicationCodeableConcept={"coding": [{"display": "DISULFIRAM 250 MG"}]}), "ETHUD"),
        (condition(OPIOID_USE_DISORDER), "OPIOIDUD"),
        (condition("66590003"), "ETHUD"),
        (condition("441527004"), "SUD"),
        (order(reasonCode=[{"coding": [{"system": SNOMED, "code": OPIOID_USE_DISORDER}]}]), "OPIOIDUD"),
        (
            {
                "resourceType": "Condition",
                "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F10.20"}]},
            },
            "ETHUD",
        ),
        (
            {
                "resourceType": "Observation",
                "code": {"coding": [{"system": "http://loinc.org", "code": "19295-5"}]},
            },
            "SUD",
        ),
        (
            {
                "resourceType": "MedicationRequest",
                "contained": [{"resourceType": "Medication", "id": "m", "code": {"text": "buprenorphine"}}],
                "medicationReference": {"reference": "#m"},
            },
            "OPIOIDUD",
        ),
        ({"resourceType": "Consent", "provision": {"securityLabel": [PART2._asdict()]}}, "SUD"),
        ({"resourceType": "Consent", "category": [{"coding": [{"system": ACT_CODE, "code": "42CFRPart2CD"}]}]}, "SUD"),
    ],
)
def test_the_safety_net_knows_a_record_by_itself(resource, sensitivity):
    assert codes(one(resource)) == {"42CFRPart2", sensitivity, "R", "NORDSCLCD"}


@pytest.mark.parametrize(
    "resource",
    [
        condition(DEPRESSION),
        order("1725059"),  # a naloxone spray saves lives of many who have no disorder
        {"resourceType": "AllergyIntolerance", "code": {"coding": [{"system": RXNORM, "code": "6813"}]}},
        {"resourceType": "Questionnaire", "code": [{"system": "http://loinc.org", "code": "19295-5"}]},
        {"resourceType": "Medication", "code": {"coding": [{"system": RXNORM, "code": FILM}]}},
        order(note=[{"text": "no alcohol dependence"}]),
        {"resourceType": "Observation", "code": {"coding": [{"system": "http://loinc.org", "code": "75626-2"}]}},
        {
            "resourceType": "Condition",
            "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": "F17.2"}]},
        },
    ],
)
def test_the_safety_net_lets_others_pass(resource):
    assert one(resource) is resource


def test_the_safety_net_knows_a_record_of_other_kinds_of_dict_and_text():
    class Text(str):
        __slots__ = ()

    def others(value):
        if isinstance(value, dict):
            return OrderedDict((name, others(inner)) for name, inner in value.items())
        return [others(inner) for inner in value] if isinstance(value, list) else Text(value)

    assert codes(one(others(condition(OPIOID_USE_DISORDER)))) == {"42CFRPart2", "OPIOIDUD", "R", "NORDSCLCD"}


def test_what_repeats_a_protected_record_is_protected():
    answers = of_part2({"resourceType": "QuestionnaireResponse", "id": "answers"})
    score = {
        "resourceType": "Observation",
        "id": "score",
        "derivedFrom": [{"reference": "QuestionnaireResponse/answers"}],
    }
    provenance = {"resourceType": "Provenance", "target": [{"reference": "Observation/score/_history/1"}]}
    plan = {
        "resourceType": "CarePlan",
        "id": "plan",
        "activity": [{"reference": {"reference": "MedicationRequest/film"}}],
    }
    film = order(FILM) | {"id": "film"}
    other = order(basedOn=[{"reference": "CarePlan/plan"}])
    found = label([provenance, score, answers, plan, film, other])
    assert [codes(resource) - {"42CFRPart2", "R", "NORDSCLCD"} for resource in found] == [
        {"SUD"},
        {"SUD"},
        {"SUD"},
        {"OPIOIDUD"},
        {"OPIOIDUD"},
        set(),
    ]


def test_an_order_is_protected_by_the_medication_and_reason_it_refers_to():
    medication = {"resourceType": "Medication", "id": "m", "code": {"text": "Zubsolv"}}
    request = order(medicationReference={"reference": "Medication/m"})
    del request["medicationCodeableConcept"]
    assert [codes(found) for found in label([request, medication])] == [
        {"42CFRPart2", "OPIOIDUD", "R", "NORDSCLCD"},
        set(),
    ]
    request = order(reasonReference=[{"reference": "https://iop.example/fhir/Condition/c"}])
    assert "ETHUD" in codes(label([request, condition("66590003", "c")])[0])


def test_references_are_followed_to_what_is_stored():
    kept = {
        "Medication/m": {"resourceType": "Medication", "code": {"text": "Suboxone"}},
        "Condition/c": condition("7200002"),
    }
    request = order(reasonReference=[{"reference": "Condition/c"}], medicationReference={"reference": "Medication/m"})
    assert codes(one(request, stored=kept.get)) == {"42CFRPart2", "OPIOIDUD", "ETHUD", "R", "NORDSCLCD"}
    assert one(request) is request


def test_only_what_can_be_stored_is_looked_up():
    asked = []
    references = ["urn:uuid:1", "#c", "Condition?code=x", "Condition/c", "Condition/c/_history/2", ""]
    one(order(reasonReference=[{"reference": text} for text in references]), stored=asked.append)
    assert asked == ["Condition/c", "Condition/c"]


def test_a_bundle_carries_the_high_water_mark():
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": "urn:uuid:1", "resource": order(FILM)},
            {"fullUrl": "urn:uuid:2", "resource": condition("66590003")},
            {"resource": {"resourceType": "Provenance", "target": [{"reference": "urn:uuid:1"}]}},
            {"resource": {"resourceType": "Patient"}},
        ],
    }
    labelled = one(bundle)
    assert codes(labelled) == {"42CFRPart2", "OPIOIDUD", "ETHUD", "R", "NORDSCLCD"}
    assert codes(labelled["entry"][2]["resource"]) == {"42CFRPart2", "OPIOIDUD", "R", "NORDSCLCD"}
    assert labelled["entry"][3] == bundle["entry"][3]
    assert codes(bundle) == set()
    plain = {"resourceType": "Bundle", "entry": [{"resource": order()}, {"request": {}}, 7]}
    assert one(plain) == plain


def test_a_higher_confidentiality_stays():
    very = order(FILM, meta={"security": [{"system": CONFIDENTIALITY, "code": "V"}], "profile": ["urn:p"]})
    labelled = one(very)
    assert codes(labelled) == {"V", "42CFRPart2", "OPIOIDUD", "NORDSCLCD"}
    assert labelled["meta"]["profile"] == ["urn:p"]


def test_bundles_nested_beyond_reason_are_refused():
    bundle = {"resourceType": "Bundle", "entry": []}
    for _ in range(30):
        bundle = {"resourceType": "Bundle", "entry": [{"resource": bundle}]}
    with pytest.raises(BadInput):
        label([bundle])


ids = st.sampled_from("abcd")
types = st.sampled_from(["MedicationRequest", "Condition", "Observation", "Provenance", "Task", "Medication", "Bundle"])
references = st.builds(lambda type_, id_: {"reference": f"{type_}/{id_}"}, types, ids)
security = st.lists(
    st.sampled_from(
        [
            PART2._asdict(),
            {"system": ACT_CODE, "code": "ETHUD"},
            {"system": CONFIDENTIALITY, "code": "N"},
            {"code": "x"},
            3,
        ]
    ),
    max_size=2,
)
resources = st.recursive(
    st.fixed_dictionaries(
        {"resourceType": types, "id": ids},
        optional={
            "meta": st.one_of(
                st.fixed_dictionaries({"security": security}), st.sampled_from([None, "x", {"security": {}}])
            ),
            "code": st.sampled_from(
                [{"text": "alcoholism"}, {"coding": [{"system": RXNORM, "code": FILM}]}, "x", None]
            ),
            "focus": st.one_of(references, st.lists(references, max_size=2)),
            "target": st.lists(references, max_size=3),
            "reasonReference": st.lists(references, max_size=3),
            "medicationReference": references,
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {
            "resourceType": st.just("Bundle"),
            "entry": st.lists(
                st.fixed_dictionaries({"resource": inner}, optional={"fullUrl": st.sampled_from(["urn:uuid:1", 3])}),
                max_size=4,
            ),
        }
    ),
    max_leaves=8,
)


@given(st.lists(resources, max_size=6))
def test_labelling_twice_is_labelling_once_and_takes_nothing_away(batch):
    before = json.dumps(batch)
    once = label(batch)
    assert label(once) == once
    assert json.dumps(batch) == before
    for given_, got in zip(batch, once, strict=True):
        lost = set(labels(given_)) - set(labels(got))
        assert all(found.system == CONFIDENTIALITY for found in lost)
        if PART2 in labels(got):
            assert {"R", "NORDSCLCD"} <= codes(got)
            assert codes(got) & {"SUD", "OPIOIDUD", "ETHUD", "ETH"}
        assert {name: value for name, value in got.items() if name not in {"meta", "entry"}} == {
            name: value for name, value in given_.items() if name not in {"meta", "entry"}
        }


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["resourceType", "meta", "security", "entry", "resource", "fullUrl", "code", "coding", "display"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.lists(json_values, max_size=4))
def test_anything_at_all_passes_through(batch):
    assert len(label(batch)) == len(batch)


def test_the_bundled_net_is_whole_and_its_labels_are_known():
    net = bundled()
    assert net.codes[RXNORM, FILM] == Label(ACT_CODE, "OPIOIDUD")
    assert "AllergyIntolerance" not in net.types
    assert set(net.follows) - {"Provenance"} <= net.types


NET_WORDS = ["buprenorphine", "Opioid Use Disorder", "ALCOHOLISM", "alcoholiſm", "ſubutex", "suıcide", "drug addiction"]


@given(st.lists(st.sampled_from([*NET_WORDS, "opioid", "use", "drug", "/", "-", "_", "(", ".", "8", " ", "\n", "é"])))
def test_no_word_of_the_net_is_passed_by(parts):
    net = bundled()
    for text in ("".join(parts), " ".join(parts)):
        expected = {label for words, label in net.words if words.search(text)}
        assert net.signs({"code": {"text": text}}) == expected
        assert net.signs({"a": [[{"display": text}]]}) == expected


PART = '[[net]]\nsensitivity = "SUD"\nstatus = "local"\nsystem = "s"\ncodes = {a = "A"}\n'
TWICE = "types = []\ncarriers = []\nfollows = {}\n" + PART + PART


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("types = [", "the file"),
        ("types = []", "tables"),
        ('types = []\ncarriers = []\nfollows = {}\n[[net]]\nsensitivity = "SUD"\nstatus = "verified"', "three forms"),
        (
            'types = []\ncarriers = []\nfollows = {}\n[[net]]\nsensitivity = "X"\nstatus = "verified"\nwords = []',
            "sensitivity",
        ),
        (
            'types = []\ncarriers = []\nfollows = {}\n[[net]]\nsensitivity = "SUD"\nstatus = "sure"\nwords = []',
            "status",
        ),
        (TWICE, "net 2"),
    ],
)
def test_a_net_that_the_grammar_does_not_know_is_refused(text, reason):
    with pytest.raises(Unusable, match=reason):
        SafetyNet.read(text)
