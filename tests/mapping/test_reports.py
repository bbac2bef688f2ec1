"""What is said of a mapping is true of what it does: the listing, and coverage held against golden files."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.fhirpath import compile as compiled
from fhir_iop.mapping import Mappings
from fhir_iop.mapping.document import Problems
from fhir_iop.mapping.loading import resolve
from fhir_iop.mapping.plan import Plan
from fhir_iop.mapping.reports.coverage import Coverage, coverage, status
from fhir_iop.mapping.reports.listing import rules

from .conftest import place

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.json"))


def resolved(tmp_path: Path, file: str, old: str, new: str) -> tuple[Plan, Problems]:
    """Resolve the bundled mappings with one text of one file changed; return the plan of that file."""
    text = (data.folder("mappings") / file).read_text("utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), "utf-8")
    problems = Problems()
    found = resolve([data.folder("mappings"), tmp_path], Definitions.bundled(), problems)
    return next(plan for plan in found.plans if plan.file == file), problems


def element(found: Coverage, role: str, name: str) -> Any:
    first = next(each for each in found.resources if each.role == role)
    return next((use for use in first.elements if use.id == name), None)


def test_every_rule_is_listed_once(mappings: Mappings) -> None:
    for kind in mappings.kinds:
        plan = mappings.compiled(kind).plan
        listed = [rule.leaf for _, found in rules(plan) for rule in found]
        assert sorted(map(id, listed)) == sorted(map(id, plan.leaves)), kind


def test_a_rule_is_listed_with_its_whole_field_and_path(mappings: Mappings) -> None:
    plan = mappings.compiled("prescription").plan
    ((_, found),) = rules(plan)
    said = {(rule.field, rule.arrow, rule.path, rule.by) for rule in found}
    assert ("steps[].every.unit", "<->", "dosageInstruction[].timing.repeat.periodUnit", "codes(period-unit)") in said
    assert ("medicine.rxnorm", "<->", "medicationCodeableConcept.coding:rxnorm.code", "") in said
    assert ("schedule", "<->", "extension(schedule).valueCoding", "codes(schedule)") in said
    assert ("", "=", "intent", "order") in said
    whens = {rule.when for _, found in rules(mappings.compiled("check-in").plan) for rule in found}
    assert "not recorded_by" in whens


def test_every_field_of_ours_is_mapped(mappings: Mappings) -> None:
    for kind in mappings.kinds:
        assert {status(use) for use in coverage(mappings.compiled(kind).plan).fields} <= {"mapped", "dropped"}


def test_fields_dropped_and_forgotten(tmp_path: Path) -> None:
    change = ("      - notes[] <-> note[].text\n", "")
    plan, problems = resolved(tmp_path, "prescription.yaml", *change)
    assert [found.rule for found in problems.found] == ["mapping-forgotten"]
    said = {use.path: status(use) for use in coverage(plan).fields}
    assert [path for path, what in said.items() if what != "mapped"] == ["notes"]
    text = (tmp_path / "prescription.yaml").read_text("utf-8")
    (tmp_path / "prescription.yaml").write_text(
        text.replace("include: [shared", "drop: {notes: for the program's eyes only}\ninclude: [shared", 1), "utf-8"
    )
    problems = Problems()
    found = resolve([data.folder("mappings"), tmp_path], Definitions.bundled(), problems)
    assert problems.found == []
    (dropped,) = (use for plan in found.plans for use in coverage(plan).fields if use.reason)
    assert (dropped.path, status(dropped), dropped.reason) == ("notes", "dropped", "for the program's eyes only")


def test_a_required_element_that_nothing_fills(tmp_path: Path) -> None:
    plan, _ = resolved(tmp_path, "prescription.yaml", "      - intent = order\n", "")
    intent = element(coverage(plan), "", "MedicationRequest.intent")
    assert (intent.required, intent.filled, intent.rules) == (True, "never", ())


def test_a_required_extension(tmp_path: Path) -> None:
    """The profile of a virtual visit demands that it says its modality."""
    text = (data.folder("mappings") / "visit.yaml").read_text("utf-8")
    virtual = text.replace("{us-core}/StructureDefinition/us-core-", "{iop}/StructureDefinition/iop-telehealth-")
    (tmp_path / "visit.yaml").write_text(virtual, "utf-8")
    problems = Problems()
    resolve([data.folder("mappings"), tmp_path], Definitions.bundled(), problems)
    assert [found for found in problems.found if "extension" in found.details] == []
    silent = "".join(line for line in virtual.splitlines(keepends=True) if "extension(modality)" not in line)
    (tmp_path / "visit.yaml").write_text(silent, "utf-8")
    problems = Problems()
    resolve([data.folder("mappings"), tmp_path], Definitions.bundled(), problems)
    assert [found.rule for found in problems.found if "extension:modality" in found.details] == ["mapping-required"]


def test_elements_filled_always_sometimes_and_never(mappings: Mappings) -> None:
    found = coverage(mappings.compiled("prescription").plan)
    state, visit, reported = (
        element(found, "", f"MedicationRequest.{name}") for name in ("status", "encounter", "reported[x]")
    )
    assert (state.filled, state.required, state.rules) == (
        "always",
        True,
        (place("prescription.yaml", "- status <->"),),
    )
    assert (visit.filled, visit.must_support) == ("sometimes", True)
    assert (reported.filled, reported.rules) == ("never", ())
    pressure = coverage(mappings.compiled("check-in").plan)
    for name in ("value[x].code", "value[x].value", "code"):
        assert element(pressure, "blood-pressure", f"Observation.component:systolic.{name}").filled == "always"
    assert element(pressure, "blood-pressure", "Observation.component:systolic.dataAbsentReason").filled == "never"
    assert element(pressure, "mood", "Observation.category:us-core").filled == "always", "a slice told by its codes"


def made() -> dict[tuple[str, str], list[dict[str, Any]]]:
    """Return the golden files' resources by kind and part."""
    found = defaultdict(list)
    for path in GOLDEN:
        golden = json.decode_object(path.read_bytes())
        for resource in golden["resources"]:
            identifiers = resource.get("identifier", {"value": golden["record"]["id"]})  # none: of its main resource
            value = (identifiers if isinstance(identifiers, list) else [identifiers])[0]["value"]
            role = [*value.split("/", 2), ""][1]
            found[golden["record"]["record"], role].append(resource)
    return found


@pytest.mark.parametrize(("kind", "role"), sorted(made()))
def test_what_is_said_to_be_filled_is_filled(kind: str, role: str, mappings: Mappings) -> None:
    """Elements without slices: `always` is in each resource that has what is around it, `never` is in none."""
    found = coverage(mappings.compiled(kind).plan)
    asked = [(each, use) for each in found.resources if each.role == role for use in each.elements]
    for each, use in asked:
        if ":" in use.id:
            continue
        path = use.id.replace("[x]", "")
        above, name = path.rpartition(".")[::2]
        for resource in made()[kind, role]:
            owners = compiled(above, each.resource)(resource) if "." in above else [resource]
            has = [any(key == name or _choice(key, name, use.id) for key in owner) for owner in owners]
            if use.filled == "always":
                assert all(has), use
            if use.filled == "never":
                assert not any(has), use


def _choice(key: str, name: str, path: str) -> bool:
    return path.endswith("[x]") and key.startswith(name) and key[len(name) :][:1].isupper()
