"""A site's overlay on a mapping of ours: it adds and takes away, and ours is as it was."""

from pathlib import Path

import pytest

from fhir_iop import data
from fhir_iop.errors import Unusable
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings

from .conftest import load

GOLDEN = Path(__file__).parent / "golden"
OVERLAY = """
extends: prescription.yaml

fields:
  cost_center: {type: string, pattern: "^[0-9]{4}$", description: Who pays for it.}
  urgency: {enum: [routine, urgent]}

systems:
  site: https://site.example/CodeSystem/course

codes:
  course:
    continuous: site#long "Long"
    acute: site#short "Short"
    seasonal: site#season "Season"
  urgency: {routine: routine, urgent: urgent}

drop:
  notes: they stay in the program's own files

to:
  - without: ["notes[] <-> note[].text"]
    rules:
      - urgency <-> priority | codes(urgency)
      - cost_center <-> insurance.identifier.value
      - insurance.identifier.system = https://site.example/cost-center
"""


def site(tmp_path: Path, text: str, name: str = "our-prescription.yaml") -> Mappings:
    (tmp_path / name).write_text(text, "utf-8")
    return load(data.folder("mappings"), tmp_path)


def record() -> dict:
    return json.decode_object((GOLDEN / "prescription.json").read_bytes())["record"]


def faults(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    with pytest.raises(Unusable) as raised:
        site(tmp_path, text)
    return [(found.rule, found.expression) for found in raised.value.issues]


@pytest.mark.parametrize("name", ["our-prescription.yaml", "prescription.yaml"])
def test_fields_rules_codes_and_what_is_left_out(name: str, tmp_path: Path, mappings: Mappings) -> None:
    ours = site(tmp_path, OVERLAY, name)
    given = record() | {"cost_center": "0042", "urgency": "urgent"}
    mapped = ours.to_fhir(given)
    assert mapped.issues == []
    (order,) = mapped.resources
    assert order["priority"] == "urgent"
    assert order["insurance"] == [{"identifier": {"system": "https://site.example/cost-center", "value": "0042"}}]
    assert order["courseOfTherapyType"]["coding"][0]["system"] == "https://site.example/CodeSystem/course"
    assert "note" not in order
    back = ours.to_records(mapped.resources)
    assert (back.issues, back.records) == ([], [{key: value for key, value in given.items() if key != "notes"}])
    assert order["id"] == mappings.to_fhir(record()).resources[0]["id"]


def test_ours_is_as_it_was(tmp_path: Path, mappings: Mappings) -> None:
    site(tmp_path, OVERLAY)
    assert mappings.to_fhir(record()).resources == load(data.folder("mappings")).to_fhir(record()).resources
    (unknown,) = mappings.to_fhir(record() | {"urgency": "urgent"}).issues
    assert unknown.rule == "record-unknown"


def test_the_fields_of_an_overlay_are_checked(tmp_path: Path) -> None:
    (found,) = site(tmp_path, OVERLAY).to_fhir(record() | {"urgency": "at once"}).issues
    assert (found.rule, found.expression) == ("record-value", "/urgency")


def test_other_profiles_and_another_resource(tmp_path: Path) -> None:
    ours = site(
        tmp_path,
        """
extends: visit.yaml
to:
  - profile: ["{us-core}/StructureDefinition/us-core-encounter", https://site.example/encounter]
  - resource: Basic
    role: billing
    rules:
      - use: of-a-patient
      - code.text = to be billed
""",
    )
    visit = json.decode_object((GOLDEN / "visit.json").read_bytes())["record"]
    encounter, basic = ours.to_fhir(visit).resources
    assert encounter["meta"]["profile"][1] == "https://site.example/encounter"
    assert (basic["resourceType"], basic["code"]) == ("Basic", {"text": "to be billed"})
    assert ours.to_records([encounter, basic]).records == [visit]


def test_a_rule_of_a_block_and_of_a_list_is_left_out(tmp_path: Path) -> None:
    ours = site(
        tmp_path,
        """
extends: prescription.yaml
drop: {steps.to_patient: it is printed elsewhere}
to:
  - without: ["to_patient   <->  patientInstruction"]
""",
    )
    dosages = ours.to_fhir(record()).resources[0]["dosageInstruction"]
    assert all("patientInstruction" not in dosage for dosage in dosages)
    assert len(dosages) == 3


def test_an_overlay_on_a_library(tmp_path: Path) -> None:
    text = """
extends: dosing.yaml
codes:
  period-unit: {minute: min, hour: h, day: d, week: wk, month: mo, year: aa}
"""
    assert ("mapping-codes-outside", "our-prescription.yaml:4:68") in faults(tmp_path, text)


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("extends: prescription.yaml", "extends: «prescriptoin.yaml", "mapping-name"),
        ('["notes[] <->', '["«note[] <->', "mapping-name"),
        ("- urgency <->", "- «urgncy <->", "mapping-field"),
        ("- urgency <-> priority", "- urgency <-> «priorty", "mapping-path"),
        ("{type: string, pattern", "{type: strin, pattern", "mapping-schema"),
        ("  urgency: {enum: [routine, urgent]}", "  urgency: {enum: [routine, urgent, stat]}", "mapping-codes-missing"),
        ("routine: routine, urgent: urgent", "routine: routine, «urgent: soon", "mapping-codes-outside"),
        ("drop:\n  notes: they stay in the program's own files\n", "", "mapping-forgotten"),
        ("  - without", "  - role: «x\n    without", "mapping-name"),
        ("extends: prescription.yaml", "extends: prescription.yaml\n«record: x", "mapping-grammar"),
        ("- without:", "- «resorce: MedicationRequest\n    without:", "mapping-grammar"),
    ],
)
def test_faults_are_told_with_their_place(old: str, new: str, rule: str, tmp_path: Path) -> None:
    assert old in OVERLAY
    changed = OVERLAY.replace(old, new, 1)
    found = faults(tmp_path, changed.replace("«", ""))
    told = [place for named, place in found if named == rule]
    assert told, found
    if "«" in changed:
        before = changed[: changed.index("«")]
        place = f"our-prescription.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"
        assert place in told
