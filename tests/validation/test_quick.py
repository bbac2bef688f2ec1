"""The quick way and the close look agree: what passes quickly is what a close look finds nothing in."""

import copy
import json
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.corpus import resources
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import package_of
from fhir_iop.validation import Validator
from tests.validation import test_bundles, test_findings, test_narrative
from tests.validation.looking import close_look
from tests.validation.made import bundle, entry, observation, order, patient
from tests.validation.test_hostile_profiles import BASE, asking, profile

PROFILES = [
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-observation-lab",
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-blood-pressure",
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient",
    "http://hl7.org/fhir/StructureDefinition/vitalsigns",
]
CORPUS = resources(40) + resources(40, us_core=True)
EXAMPLES = Path(__file__).parents[2] / "examples"
MAPPED = [
    entry["resource"]
    for path in sorted(EXAMPLES.glob("*/resources.json"))
    for entry in json.loads(path.read_text("utf-8"), parse_float=Decimal)["entry"]
]
MADE = [
    *(resource for resource, *_ in test_findings.BROKEN),
    *test_findings.RIGHT,
    *(resource for resource, _ in test_bundles.BROKEN),
    *test_bundles.RIGHT,
    *(patient(text={"status": "generated", "div": text}) for text, _ in test_narrative.WRONG),
]


@pytest.fixture(scope="module")
def closely(definitions: Definitions) -> Any:
    return close_look(definitions)


@pytest.mark.parametrize("index", range(len(MADE)))
def test_both_ways_find_the_same_in_made_resources(validator: Validator, closely: Any, index: int) -> None:
    assert validator.validate(MADE[index]) == closely(MADE[index])


def test_both_ways_find_the_same_in_the_corpus(validator: Validator, closely: Any) -> None:
    for resource in CORPUS:
        assert validator.validate(resource) == closely(resource)


def test_both_ways_find_the_same_in_mapped_resources(validator: Validator, closely: Any) -> None:
    for resource in [*MAPPED, *MAPPED]:  # what is said of equal codes is remembered from the first time
        assert validator.validate(resource) == closely(resource)


def entries(kind: str, made: list[dict[str, Any]]) -> dict[str, Any]:
    """A Bundle of resources, of which each refers to the first one or to none."""
    first = made[0]
    for number, resource in enumerate(made[1:]):
        way = [f"{first['resourceType']}/{first['id']}", f"https://a.test/r4/{first['resourceType']}/{first['id']}"]
        if number % 3 < 2:
            resource["subject"] = {"reference": way[number % 3]}
    held = [entry(f"https://a.test/r4/{each['resourceType']}/{each['id']}", each) for each in made]
    if kind == "transaction":
        for one in held:
            one["request"] = {"method": "PUT", "url": f"{one['resource']['resourceType']}/{one['resource']['id']}"}
    return bundle(kind, *held)


BUNDLES = [
    entries(kind, resources(5, seed=seed, us_core=us_core))
    for seed, kind in enumerate(["collection", "transaction", "searchset", "document"])
    for us_core in (False, True)
]


@pytest.mark.parametrize("index", range(len(BUNDLES)))
def test_both_ways_find_the_same_in_bundles(validator: Validator, closely: Any, index: int) -> None:
    assert validator.validate(BUNDLES[index]) == closely(BUNDLES[index])
    noted = validator._quick.look(BUNDLES[index], validator._quick.expectations.expected("Bundle", ()))
    assert noted is not None


JUNK = st.sampled_from(
    [
        None,
        "",
        " ",
        "x",
        "#x",
        "\x07",
        "\u2003",
        "2026-02-30",
        "urn:uuid:x",
        0,
        -1,
        1.5,
        2**40,
        True,
        [],
        {},
        [None],
        [""],
        [{}],
        [{"id": "e"}],
        {"id": "x"},
        {"x": 1},
        {"extension": [{"url": "http://example.org/x", "valueString": "x"}]},
    ]
)


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) below a value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, inner in items for place in [(value, key), *_places(inner)]]


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    index=st.integers(0, len(CORPUS) + len(BUNDLES) + len(MAPPED) - 1),
    seed=st.integers(0, 2**32),
    how=st.sampled_from(["replace", "remove", "rename", "add", "double", "claim", "swap"]),
    junk=JUNK,
)
def test_both_ways_find_the_same_in_a_mutated_resource(
    validator: Validator, closely: Any, index: int, seed: int, how: str, junk: Any
) -> None:
    resource = copy.deepcopy([*CORPUS, *BUNDLES, *MAPPED][index])
    chance = random.Random(seed)
    container, key = chance.choice(_places(resource))
    if how == "replace":
        container[key] = junk
    elif how == "remove":
        del container[key]
    elif how == "rename" and isinstance(container, dict):
        container[chance.choice([f"{key}x", f"_{key}", "extension", "value"])] = container.pop(key)
    elif how == "add" and isinstance(container, dict):
        names = ["id", "extension", "modifierExtension", "text", "code", "display", "system", f"_{key}"]
        container[chance.choice(names)] = copy.deepcopy(junk)
    elif how == "double" and isinstance(container, list):
        container.append(copy.deepcopy(container[key]))
    elif how == "claim":
        resource["meta"] = {"profile": [chance.choice(PROFILES)]}
    elif how == "swap":
        other, other_key = chance.choice(_places(resource))
        container[key], other[other_key] = copy.deepcopy((other[other_key], container[key]))
    assert validator.validate(resource) == closely(resource)


def test_what_was_found_in_equal_codes_is_told_at_each_place(validator: Validator, closely: Any) -> None:
    unit = {"value": 3, "unit": "spoons", "system": "http://unitsofmeasure.org", "code": "{spoon}"}
    blank = {"coding": [{"system": "http://loinc.org", "code": "29463-7", "display": " "}]}
    for number in range(3):
        made = order(
            reasonCode=[blank, {"text": "x"}, blank],
            dispenseRequest={"expectedSupplyDuration": unit | {"value": number}},
        )
        found = validator.validate(made)
        assert found == closely(made)
        assert sum(issue.rule == "text-blank" for issue in found) == 2


def test_what_was_found_in_bare_codes_and_in_text_without_a_code_is_told_at_each_place(
    validator: Validator, closely: Any
) -> None:
    for number, state in enumerate(["MA", "CA", "XX", "MA", "#MA", "12 Elm Street", " ", "CA"]):
        addresses = [{"city": "Springfield"}] * number + [{"state": state, "use": "here"}, {"state": state}]
        made = patient(address=addresses, language="english", maritalStatus={"text": "it depends"})
        assert validator.validate(made) == closely(made)
        ordered = order(medicationCodeableConcept={"text": state}, reasonCode=[{"text": state}, {}, {"text": "grief"}])
        assert validator.validate(ordered) == closely(ordered)


@pytest.mark.parametrize(
    "expression",
    [
        "$this <= 100 'mg'",
        "($this as Quantity) <= 100 'mg'",
        "value <= 100",
        "children().ofType(decimal).all($this <= 100)",
        "descendants().ofType(decimal).all($this <= 100)",
        "value.exists() and value.toString().length() < 4",
    ],
)
def test_an_amount_that_was_right_is_wrong_with_another_number(definitions: Definitions, expression: str) -> None:
    limited = profile("limited", "Observation", asking("Observation.value[x]", expression))
    limiting = definitions.with_packages(package_of([limited], "example.limited", "1"))
    quickly, closely = Validator(limiting), close_look(limiting)
    for value, rules in ((5, []), (5000, ["own-1"]), (7, [])):
        amount = {"value": value, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}
        made = observation(meta={"profile": [BASE + "limited"]}, valueQuantity=amount)
        assert [issue.rule for issue in closely(made) if issue.is_error] == rules
        assert quickly.validate(made) == closely(made)


@pytest.mark.parametrize("value", [-1, 0, 10, 11, 2**40, True, "3", 3.5, Decimal("10.0"), Decimal("10.01"), None])
def test_limits_of_a_value_are_told_both_ways(validator: Validator, closely: Any, value: Any) -> None:
    craving = next(one for one in MAPPED if "iop-craving" in str(one.get("meta")))
    assert "valueInteger" in craving
    made = craving | {"valueInteger": value}
    assert validator.validate(made) == closely(made)
    assert any(issue.is_error for issue in validator.validate(made)) is (type(value) is not int or not 0 <= value <= 10)


def test_text_beside_what_was_right_is_too_long_elsewhere(validator: Validator, closely: Any) -> None:
    coding = [{"system": "http://snomed.info/sct", "code": "370143000"}]
    for text in ("short", "long" * 2**18 + "r"):
        made = order(
            reasonCode=[{"coding": coding, "text": text}], recorder={"reference": "Patient/a", "display": text}
        )
        assert validator.validate(made) == closely(made)


def test_an_answer_that_was_right_is_still_wrong_elsewhere(validator: Validator, closely: Any) -> None:
    response = next(one for one in CORPUS if one["resourceType"] == "QuestionnaireResponse")
    answered = [item for item in response["item"] if "valueCoding" in item.get("answer", [{}])[0]]
    first, other = answered[0], answered[1]
    known = validator.validate(response)
    changes = [
        (first, {"answer": [{"valueCoding": first["answer"][0]["valueCoding"] | {"code": "LA0-0"}}]}),
        (first, {"answer": [{"valueCoding": first["answer"][0]["valueCoding"] | {"display": "Invented"}}]}),
        (first, {"answer": first["answer"] * 2}),
        (first, {"answer": [{"valueBoolean": True}]}),
        (first, {"text": other["text"]}),
        (first, {"linkId": other["linkId"]}),
    ]
    for item, change in changes:
        kept = copy.deepcopy(item)
        item.update(change)
        try:
            found = validator.validate(response)
            assert found == closely(response)
            assert found != known
        finally:
            item.clear()
            item.update(kept)
    assert validator.validate(response) == known


def test_a_timing_that_was_right_is_wrong_with_another_unit(validator: Validator, closely: Any) -> None:
    right = order(dosageInstruction=[{"timing": {"repeat": {"frequency": 2, "period": 1, "periodUnit": "d"}}}])
    wrong = copy.deepcopy(right)
    wrong["dosageInstruction"][0]["timing"]["repeat"]["periodUnit"] = "days"
    negative = copy.deepcopy(right)
    negative["dosageInstruction"][0]["timing"]["repeat"]["period"] = -1
    known = validator.validate(right)
    for resource in (right, wrong, negative, right):
        assert validator.validate(resource) == closely(resource)
    assert validator.validate(right) == known
    assert all(len(validator.validate(one)) > len(known) for one in (wrong, negative))


@pytest.fixture
def never_closely(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what forbids to look at resources closely."""

    def never(*_: Any) -> Any:
        raise AssertionError("looked at closely")

    def forbid() -> None:
        monkeypatch.setattr("fhir_iop.validation.validator.findings", never)
        monkeypatch.setattr("fhir_iop.validation.validator.findings_at", never)

    return forbid


def test_mapped_resources_are_looked_at_closely_once(validator: Validator, never_closely: Callable[[], None]) -> None:
    mapped = [resource for resource in MAPPED if resource["resourceType"] != "Questionnaire"]  # no record's
    found = [validator.validate(resource) for resource in mapped]
    assert sum(map(len, found)) > 100
    never_closely()
    assert [validator.validate(resource) for resource in mapped] == found


def test_valid_data_is_not_looked_at_closely(validator: Validator, never_closely: Callable[[], None]) -> None:
    never_closely()
    plain = [
        resource
        for resource in test_findings.RIGHT
        if "_given" not in str(resource) and "maxOccurs" not in str(resource)
    ]
    assert len(plain) > 10
    for resource in plain:
        assert validator.validate(resource) == []
