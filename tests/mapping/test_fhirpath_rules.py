"""One-way rules that hold FHIRPath: what they read on the way back, and what they say again forward."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.fhir import json
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.reports.coverage import coverage
from fhir_iop.mapping.reports.explaining import explain
from fhir_iop.mapping.reports.listing import rules
from fhir_iop.mapping.reports.roundtrip import proved
from fhir_iop.mapping.reports.structuremap import export

from .conftest import load

GOLDEN = Path(__file__).parent / "golden"
OVERLAY = """
extends: prescription.yaml
fields:
  first_note: {type: string}
  starts: {type: string}
  sentences: {type: array, items: {type: string}, minItems: 1}
  steps_count: {type: integer}
  is_long: {type: boolean}
  days: {type: number}
to:
  - rules:
      - first_note <- (note.first().text)
      - starts <- (dosageInstruction.timing.repeat.bounds.ofType(Period).start.first())
      - sentences <- (dosageInstruction.text)
      - steps_count <- (dosageInstruction.count())
      - "is_long <- (dispenseRequest.expectedSupplyDuration.value > 28)"
      - with: . <-> dispenseRequest
        rules:
          - days <- (expectedSupplyDuration.value * iif(%resource.status = 'active', 1, 0))
      - groupIdentifier.use = (iif(value.startsWith('t'), 'temp'))
      - medicationCodeableConcept.coding:rxnorm.display = (code)
"""


def site(tmp_path: Path, text: str = OVERLAY) -> Mappings:
    (tmp_path / "site.yaml").write_text(text, "utf-8")
    return load(data.folder("mappings"), tmp_path)


def golden() -> tuple[dict[str, Any], dict[str, Any]]:
    found = json.decode_object((GOLDEN / "prescription.json").read_bytes())
    return found["record"], found["resources"][0]


def test_what_is_read(tmp_path: Path) -> None:
    record, order = golden()
    record["status"] = "active"
    back = site(tmp_path).to_records(site(tmp_path).to_fhir(record).resources)
    assert back.issues == []
    (found,) = back.records
    assert found == record | {
        "first_note": record["notes"][0],
        "starts": "2026-03-09",
        "sentences": [dosage["text"] for dosage in order["dosageInstruction"]],
        "steps_count": len(record["steps"]),
        "is_long": record["days_supply"] > 28,
        "days": record["days_supply"],
    }


def test_the_resource_around_is_known(tmp_path: Path) -> None:
    record, _ = golden()
    ours = site(tmp_path)
    stopped = ours.to_fhir(record | {"status": "completed"}).resources
    assert ours.to_records(stopped).records[0]["days"] == 0


def test_what_is_written(tmp_path: Path) -> None:
    record, order = golden()
    (made,) = site(tmp_path).to_fhir(record).resources
    coding = made["medicationCodeableConcept"]["coding"][0]
    assert coding == order["medicationCodeableConcept"]["coding"][0] | {"display": record["medicine"]["rxnorm"]}


@pytest.mark.parametrize(("group", "use"), [("t-1", {"use": "temp"}), ("g-1", {})])
def test_what_gives_nothing_is_not_written(group: str, use: dict[str, str], tmp_path: Path) -> None:
    record, order = golden()
    (made,) = site(tmp_path).to_fhir(record | {"group": group}).resources
    assert made["groupIdentifier"] == use | {"system": order["groupIdentifier"]["system"], "value": group}
    (made,) = site(tmp_path).to_fhir({key: value for key, value in record.items() if key != "group"}).resources
    assert "groupIdentifier" not in made


def test_a_field_that_only_reads_is_written_nowhere(tmp_path: Path) -> None:
    record, _ = golden()
    ours = site(tmp_path)
    assert ours.to_fhir(record | {"starts": "2026-01-01", "days": 3}).resources == ours.to_fhir(record).resources


def test_what_is_written_again_is_compared(tmp_path: Path) -> None:
    record, _ = golden()
    ours = site(tmp_path)
    (made,) = deepcopy(ours.to_fhir(record).resources)
    made["medicationCodeableConcept"]["coding"][0]["display"] = "else"
    (told,) = ours.to_records([made]).issues
    assert (told.rule, told.expression) == (
        "mapping-changed",
        "MedicationRequest.medicationCodeableConcept.coding[0].display",
    )


def test_an_element_that_an_expression_names_is_read(tmp_path: Path) -> None:
    """A field that FHIRPath reads needs no other rule; what no expression names is told as ever."""
    _, order = golden()
    head, fields = "extends: prescription.yaml", "fields: {is_long: {type: boolean}}"
    rules = '["is_long <- (dispenseRequest.initialFill.quantity.value > 3)"]'
    ours = site(tmp_path, f"{head}\n{fields}\nto: [{{rules: {rules}}}]")
    fill = {"quantity": {"value": 5, "unit": "tablet"}, "duration": {"value": 3}}
    back = ours.to_records([order | {"dispenseRequest": order["dispenseRequest"] | {"initialFill": fill}}])
    assert back.records[0]["is_long"] is True
    assert back.issues == []
    del fill["quantity"]
    back = ours.to_records([order | {"dispenseRequest": order["dispenseRequest"] | {"dispenseInterval": fill}}])
    assert [(found.rule, found.expression) for found in back.issues] == [
        ("mapping-unread", "MedicationRequest.dispenseRequest.dispenseInterval")
    ]


def test_an_expression_without_a_result_is_told(tmp_path: Path) -> None:
    record, _ = golden()
    ours = site(tmp_path, OVERLAY.replace("note.first()", "note.single()"))
    made = ours.to_fhir(record | {"notes": ["one", "two"]}).resources
    back = ours.to_records(made)
    assert back.records == []
    (told,) = back.issues
    assert (told.rule, told.severity, told.expression) == ("mapping-no-result", "error", "MedicationRequest")


def test_reports_know_of_them(tmp_path: Path) -> None:
    ours = site(tmp_path)
    plan = ours.compiled("prescription").plan
    ((_, told),) = rules(plan)
    shown = {(rule.field, rule.arrow, rule.path, rule.by) for rule in told}
    assert ("first_note", "<-", "", "(note.first().text)") in shown
    assert ("", "=", "medicationCodeableConcept.coding:rxnorm.display", "(code)") in shown
    assert {use.path for use in coverage(plan).fields if use.is_forgotten} == set()
    returns = {one.path: one for one in proved(plan)}
    assert (returns["starts"].comes, returns["starts"].why) == (
        "not",
        "its rules only read (`<-`): it isn't written to FHIR",
    )
    record, _ = golden()
    (explained,) = explain(plan, record, ours.to_fhir(record).resources)
    wrote = {origin.path: origin.rule for origin in explained.origins}
    path = "MedicationRequest.medicationCodeableConcept.coding[0].display"
    assert wrote[path] == "medicationCodeableConcept.coding:rxnorm.display = (code)"
    assert any(f"{path.replace('[0]', '')}" in line for line in export(plan).unsaid)


def test_every_fault_is_told_with_its_place(tmp_path: Path) -> None:
    """Beyond those in ``load_errors.yaml``: the column counts from the rule, whatever stands before."""
    from fhir_iop.errors import Unusable

    with pytest.raises(Unusable) as raised:
        site(tmp_path, OVERLAY.replace("note.first().text", "note.first().txt"))
    (found,) = raised.value.issues
    line = next(n for n, text in enumerate(OVERLAY.splitlines(), 1) if "first_note <-" in text)
    assert (found.rule, found.expression) == (
        "mapping-fhirpath",
        f"site.yaml:{line}:{9 + len('first_note <- (note.first().')}",
    )
