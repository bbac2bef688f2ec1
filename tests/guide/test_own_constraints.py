"""The constraints beyond the domain's 35: each part of each, on a valid example that is changed in one place."""

import re
from copy import deepcopy
from typing import Any

import pytest

from fhir_iop.validation import Validator
from tests.guide.test_constraints import CONSTRAINTS as THE_DOMAINS
from tests.guide.test_examples import CONSTRAINTS, EXAMPLES, read

UCUM, FORMS = "http://unitsofmeasure.org", "http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm"
ROLES = "https://example.org/fhir/iop/CodeSystem/iop-team-role"
RANGE = "dosageInstruction[0].doseAndRate[0].doseRange"
TABLET = {"value": 1, "unit": "tablet", "system": UCUM, "code": "{tbl}"}


def role(code: str, system: str = ROLES) -> list[dict[str, Any]]:
    return [{"coding": [{"system": system, "code": code}]}]


# The constraint, the example, where it is changed, to what (None: taken away), and whether it still holds.
CASES: list[tuple[str, str, str, Any, bool]] = [
    ("iop-mr-10", "MedicationRequest-order-as-needed", RANGE, {"high": TABLET}, True),
    (
        "iop-mr-10",
        "MedicationRequest-order-as-needed",
        RANGE,
        {"high": TABLET | {"system": FORMS, "code": "TAB"}},
        True,
    ),
    ("iop-mr-10", "MedicationRequest-order-as-needed", RANGE, {"low": TABLET}, False),
    ("iop-mr-10", "MedicationRequest-order-as-needed", f"{RANGE}.low.code", None, False),
    ("iop-mr-10", "MedicationRequest-order-as-needed", f"{RANGE}.low.system", "https://units.example", False),
    ("iop-mr-10", "MedicationRequest-order-as-needed", f"{RANGE}.high.value", None, False),
    ("iop-mr-10", "MedicationRequest-order-as-needed", f"{RANGE}.high.system", None, False),
    ("iop-cn-1", "Consent-consent", "category[0].coding[0].code", "42CFRPart2CD", True),
    ("iop-cn-1", "Consent-consent", "category[0].coding[0].code", "INFA", False),
    ("iop-cn-1", "Consent-consent", "category[0].coding[0].system", "https://codes.example", False),
    ("iop-ct-1", "CareTeam-example-care-team", "participant[1].role", role("counselor"), True),
    ("iop-ct-1", "CareTeam-example-care-team", "participant[1].role", role("nurse"), False),
    ("iop-ct-1", "CareTeam-example-care-team", "participant[0].role", role("nurse"), False),
    (
        "iop-ct-1",
        "CareTeam-example-care-team",
        "participant[0].role",
        role("prescriber", "https://roles.example"),
        False,
    ),
    ("iop-gl-1", "Goal-goal", "lifecycleStatus", "completed", True),
    ("iop-gl-1", "Goal-goal", "target[0].measure", None, False),
    ("iop-gl-1", "Goal-goal", "target[0].detailRange", None, False),
    ("iop-gl-1", "Goal-goal", "target[0].dueDate", None, False),
    ("iop-gl-1", "Goal-goal", "target", None, False),
    ("iop-ph-1", "Organization-example-pharmacy", "identifier[0]", None, True),  # its NPI
    ("iop-ph-1", "Organization-example-pharmacy", "identifier[1]", None, False),
    ("iop-ph-1", "Organization-example-pharmacy", "identifier[1].value", None, False),
    *(("iop-rp-1", "CarePlan-relapse-prevention-plan", f"activity[{n}]", None, False) for n in range(4)),
    *(
        ("iop-rp-1", "CarePlan-relapse-prevention-plan", f"activity[{n}].detail.description", None, False)
        for n in range(4)
    ),
    *(("iop-wd-1", "Observation-withdrawal", "valueInteger", total, 0 <= total <= 48) for total in (-1, 0, 48, 49)),
]
CIWA = [(-1, False), (0, True), (49, True), (67, True), (68, False)]


def changed(example: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    copy = deepcopy(example)
    *way, last = [int(step) if step.isdigit() else step for step in re.findall(r"\w+", path)]
    holder: Any = copy
    for step in way:
        holder = holder[step]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return copy


def holds(validator: Validator, key: str, resource: dict[str, Any]) -> bool:
    told = [each.severity for each in validator.validate(resource) if each.rule == key]
    assert told in ([], [CONSTRAINTS[key]])
    return not told


def test_each_is_tried_both_ways() -> None:
    own = CONSTRAINTS.keys() - {each["id"] for each in THE_DOMAINS}
    assert len(own) == 7
    assert {(key, holding) for key, _, _, _, holding in CASES} >= {(key, False) for key in own}
    assert {key for key, _, _, _, holding in CASES if holding} == own - {"iop-rp-1"}  # of which all parts are needed


@pytest.mark.parametrize(("key", "name", "path", "value", "holding"), CASES)
def test_each_part_of_it_is_needed(
    validator: Validator, key: str, name: str, path: str, value: Any, holding: bool
) -> None:
    example = read(EXAMPLES / f"{name}.json")
    assert holds(validator, key, example)
    assert holds(validator, key, changed(example, path, value)) == holding


@pytest.mark.parametrize(("total", "holding"), CIWA)
def test_a_ciwa_ar_goes_further(validator: Validator, total: int, holding: bool) -> None:
    example = changed(read(EXAMPLES / "Observation-withdrawal.json"), "code.coding[0].code", "ciwa-ar-total")
    assert holds(validator, "iop-wd-1", changed(example, "valueInteger", total)) == holding
