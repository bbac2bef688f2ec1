"""The room that runs HL7's FHIRPath suite, on a suite of our own that agrees and disagrees on purpose."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from fhir_iop.cli.conformance import command
from fhir_iop.conformance.fhirpath import Case, Value, read, run
from fhir_iop.errors import Unusable

SUITE = """<?xml version="1.0" encoding="utf-8"?>
<tests name="own">
  <!-- <test name="notATest"><expression>1</expression></test> -->
  <group name="names">
    <test name="given" inputfile="ada.xml">
      <expression>name.given</expression><output type="string">Ada</output><output type="string">Augusta</output>
    </test>
    <test name="given" inputfile="ada.xml" ordered="false">
      <expression>name.given</expression><output type="string">Augusta</output><output type="string">Ada</output>
    </test>
    <test name="wrongOrder" inputfile="ada.xml">
      <expression>name.given</expression><output type="string">Augusta</output><output type="string">Ada</output>
    </test>
    <test name="wrongType" inputfile="ada.xml">
      <expression>gender</expression><output type="string">female</output>
    </test>
    <test name="hasName" inputfile="ada.xml" predicate="true">
      <expression>name</expression><output type="boolean">true</output>
    </test>
  </group>
  <group name="values">
    <test name="noInput"><expression>1 + 1</expression><output type="integer">2</output></test>
    <test name="born" inputfile="ada.xml">
      <expression>birthDate</expression><output type="date">@1815-12-10</output>
    </test>
    <test name="digits"><expression>1.50</expression><output>1.50</output></test>
    <test name="otherDigits"><expression>1.50</expression><output>1.5</output></test>
    <test name="quantity"><expression>4 'mg'</expression><output type="Quantity">4 'mg'</output></test>
    <test name="nothing"><expression>{}</expression></test>
  </group>
  <group name="faults">
    <test name="syntax"><expression invalid="syntax">1 +</expression></test>
    <test name="semantic" inputfile="ada.xml"><expression invalid="semantic">name.givn</expression></test>
    <test name="execution" inputfile="ada.xml"><expression invalid="execution">name.given.single()</expression></test>
    <test name="notWhenEvaluated" inputfile="ada.xml">
      <expression invalid="semantic">name.given.single()</expression>
    </test>
    <test name="legal"><expression invalid="execution">1 + 1</expression></test>
  </group>
</tests>
"""
ADA = {
    "resourceType": "Patient",
    "name": [{"given": ["Ada", "Augusta"]}],
    "gender": "female",
    "birthDate": "1815-12-10",
}
DISAGREE = {"names/wrongOrder", "names/wrongType", "values/otherDigits", "faults/notWhenEvaluated", "faults/legal"}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    (tmp_path / "tests-fhir-r4.xml").write_text(SUITE, "utf-8")
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / "ada.json").write_text(json.dumps(ADA), "utf-8")
    return tmp_path


def test_each_case_agrees_or_not_as_it_should(suite: Path) -> None:
    outcomes = [run(case) for case in read(suite)]
    assert {outcome.id for outcome in outcomes if not outcome.agreed} == DISAGREE
    assert len(outcomes) == 16


def test_a_name_that_comes_twice_is_numbered(suite: Path) -> None:
    assert [case.id for case in read(suite)][:3] == ["names/given", "names/given#2", "names/wrongOrder"]


def test_both_results_are_told(suite: Path) -> None:
    outcomes = {outcome.id: outcome for outcome in map(run, read(suite))}
    assert outcomes["names/wrongType"].expected == ("string female",)
    assert outcomes["names/wrongType"].found == ("code female",)
    assert outcomes["faults/legal"].expected == ("rejected (execution)",)
    assert outcomes["faults/legal"].found == ("integer 2",)
    assert outcomes["faults/semantic"].found[0].startswith("rejected when compiled: ")


def test_a_crash_is_no_agreement(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("fhir_iop.fhirpath.compile", crash)
    for fault in (None, "execution"):
        outcome = run(Case("group/name", "group", "1", None, fault, False, True, ()))
        assert not outcome.agreed
        assert outcome.found == ("crashed when compiled: ZeroDivisionError: on purpose",)


def test_declared_dates_lose_the_sign_of_a_literal(suite: Path) -> None:
    (born,) = (case for case in read(suite) if case.id == "values/born")
    assert born.outputs == (Value("date", "1815-12-10"),)


@pytest.mark.parametrize("missing", ["tests-fhir-r4.xml", "input/ada.json"])
def test_what_is_missing_is_named(suite: Path, missing: str) -> None:
    (suite / missing).unlink()
    with pytest.raises(Unusable, match=Path(missing).name):
        read(suite)


@pytest.mark.parametrize("broken", ["tests-fhir-r4.xml", "input/ada.json"])
def test_what_cant_be_read_is_named(suite: Path, broken: str) -> None:
    (suite / broken).write_text("<tests", "utf-8")
    with pytest.raises(Unusable, match=Path(broken).name):
        read(suite)


def test_the_command_prints_groups_and_disagreements_and_writes_rows(suite: Path, tmp_path: Path) -> None:
    rows = tmp_path / "rows.json"
    result = CliRunner().invoke(command, ["fhirpath", str(suite), "--json", str(rows)])
    assert result.exit_code == 1
    assert "names" in result.output
    assert (
        "names/wrongType\n  expression: gender\n  expected: string female\n  found:    code female\n" in result.output
    )
    written = json.loads(rows.read_text("utf-8"))
    assert len(written) == 16
    assert {row["id"] for row in written if not row["agreed"]} == DISAGREE
    assert set(written[0]) == {"id", "group", "expression", "agreed", "expected", "found"}


def test_the_command_ends_with_0_when_all_agree(suite: Path) -> None:
    text = (suite / "tests-fhir-r4.xml").read_text("utf-8")
    for line in ('<test name="otherDigits"><expression>1.50</expression><output>1.5</output></test>',):
        text = text.replace(line, "")
    start, end = text.index('<group name="faults">'), text.index("</tests>")
    text = text[:start] + text[end:]
    for name in ("wrongOrder", "wrongType"):
        begin = text.index(f'<test name="{name}"')
        text = text[:begin] + text[text.index("</test>", begin) + len("</test>") :]
    (suite / "tests-fhir-r4.xml").write_text(text, "utf-8")
    result = CliRunner().invoke(command, ["fhirpath", str(suite), "--failures"])
    assert (result.exit_code, result.output) == (0, "")


@pytest.mark.shared
def test_the_official_suite_is_read_whole(shared: Path) -> None:
    cases = read(shared / "conformance" / "fhirpath")
    assert len(cases) == 935
    assert len({case.id for case in cases}) == 935
    assert sum(case.fault is not None for case in cases) == 35
