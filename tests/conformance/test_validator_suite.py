"""The room that runs HL7's validator cases, on cases of our own that agree and disagree on purpose."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fhir_iop.cli.conformance import command
from fhir_iop.conformance.validator import read, run, section
from fhir_iop.errors import Unusable
from fhir_iop.validation import Validator

CANONICAL = "https://example.org/fhir/StructureDefinition/dated"
PROFILE = f"""<StructureDefinition xmlns="http://hl7.org/fhir">
  <url value="{CANONICAL}"/><name value="Dated"/><status value="draft"/><kind value="resource"/>
  <abstract value="false"/><type value="Patient"/>
  <baseDefinition value="http://hl7.org/fhir/StructureDefinition/Patient"/><derivation value="constraint"/>
  <differential>
    <element id="Patient.birthDate"><path value="Patient.birthDate"/><min value="1"/></element>
  </differential>
</StructureDefinition>"""
FILES = {
    "good.json": '{"resourceType": "Patient", "name": [{"family": "Invented"}]}',
    "bad.json": '{"resourceType": "Patient", "nmae": [{"family": "Invented"}]}',
    "cut.json": '{"resourceType": "Patient", "name": [',
    "good.xml": '<Patient xmlns="http://hl7.org/fhir"><birthDate value="1990-02-28"/></Patient>',
    "profile.xml": PROFILE,
}


def step(id_: str, file: str, *, valid: bool, **more: Any) -> dict[str, Any]:
    return {
        "id": id_, "module": "own", "group": "A", "format": file.rpartition(".")[2], "resourceType": "Patient",
        "file": file, "supporting": [], "profiles": [], "options": [], "valid": valid, "errors": [] if valid else ["x"],
    } | more  # fmt: skip


STEPS = [
    step("good", "good.json", valid=True),
    step("wrongly-good", "good.json", valid=False),
    step("bad", "bad.json", valid=False),
    step("cut", "cut.json", valid=False),
    step("xml", "good.xml", valid=True),
    step("profile-kept", "good.xml", valid=True, supporting=["profile.xml"], profiles=[CANONICAL]),
    step("profile-broken", "good.json", valid=False, supporting=["profile.xml"], profiles=[CANONICAL]),
    step("profile-not-loaded", "good.json", valid=False, profiles=[CANONICAL]),
    step("switched", "good.json", valid=False, options=["options", "examples"]),
]


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "manifest.json").write_text(json.dumps(STEPS), "utf-8")
    return tmp_path


def test_each_step_agrees_or_not_as_it_should(suite: Path) -> None:
    outcomes = [run(each) for each in read(suite)]
    assert {outcome.id for outcome in outcomes if not outcome.agreed} == {"wrongly-good", "switched"}
    verdicts = {outcome.id: outcome.facts["verdict"] for outcome in outcomes}
    assert verdicts["good"] == verdicts["xml"] == "valid"
    assert (
        verdicts["bad"] == verdicts["cut"] == verdicts["profile-broken"] == verdicts["profile-not-loaded"] == "invalid"
    )


def test_steps_with_options_are_counted_apart(suite: Path) -> None:
    sections = [section(run(each)) for each in read(suite)]
    assert sections.count("A, json") == 6
    assert sections[-1] == "A, json, with options"


def test_a_crash_is_no_agreement(suite: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Validator, "validate_text", crash)
    outcome = run(read(suite)[2])
    assert (outcome.agreed, outcome.facts["verdict"]) == (False, "crashed")


def test_a_missing_file_is_named(suite: Path) -> None:
    (suite / "profile.xml").unlink()
    with pytest.raises(Unusable, match=r"profile\.xml"):
        read(suite)


def test_the_command_prints_a_table_and_writes_rows(suite: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.json"
    done = CliRunner().invoke(command, ["validator", str(suite), "--json", str(rows)])
    assert done.exit_code == 1
    assert "A, json, with options" in done.output
    assert "wrongly-good" in done.output
    first = json.loads(rows.read_bytes())[0]
    assert {"id", "group", "format", "agreed", "expected_verdict", "verdict"} <= first.keys()


@pytest.mark.shared
def test_hl7s_cases_agree(shared: Path) -> None:
    """The floor that is held; what differs on purpose has its reason in differences.toml."""
    outcomes = [run(each) for each in read(shared / "conformance" / "validator")]
    agreed = dict.fromkeys(map(section, outcomes), 0)
    for outcome in outcomes:
        agreed[section(outcome)] += outcome.agreed
    assert agreed["A, json"] == 64
    assert agreed["A, xml"] == 46
    assert agreed["B, json"] == 68
    assert agreed["B, xml"] == 56
    assert not [outcome.id for outcome in outcomes if outcome.facts["verdict"] == "crashed"]
