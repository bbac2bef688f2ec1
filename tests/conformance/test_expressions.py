"""Every published expression compiles, or is a listed defect of its source."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from fhir_iop.cli.conformance import command
from fhir_iop.conformance import Outcome
from fhir_iop.conformance.expressions import DEFECTS, Case, read, run
from fhir_iop.definitions import Definitions


@pytest.fixture(scope="module")
def outcomes() -> list[Outcome]:
    return [run(case) for case in read(Definitions.bundled())]


def test_all_compile_but_for_the_listed_defects(outcomes: list[Outcome]) -> None:
    assert [(outcome.id, outcome.found) for outcome in outcomes if not outcome.agreed] == []
    assert len(outcomes) > 1500


def test_every_listed_defect_is_there_and_is_rejected() -> None:
    defects = [case for case in read(Definitions.bundled()) if case.defect]
    assert {case.defect for case in defects} == set(DEFECTS.values())


def test_what_is_illegal_on_every_type_fails() -> None:
    case = Case("a", "g", "value > 3 and unit = 'mg'", ("string", "Quantity"), None)
    assert run(case).agreed
    assert not run(replace(case, types=("string", "boolean"))).agreed


def test_a_listed_defect_that_compiles_is_no_agreement() -> None:
    outcome = run(Case("a", "g", "name.given", ("Patient",), "it is said to be wrong"))
    assert not outcome.agreed
    assert outcome.expected == ("rejected: it is said to be wrong",)


def test_a_crash_is_no_rejection(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr("fhir_iop.fhirpath.compile", crash)
    for defect in (None, "it is said to be wrong"):
        outcome = run(Case("a", "g", "name", ("Patient",), defect))
        assert outcome.found == ("crashed: ZeroDivisionError: on purpose",)
        assert not outcome.agreed


def test_the_command_shows_the_numbers_and_the_defects(tmp_path: Path) -> None:
    rows = tmp_path / "rows.json"
    result = CliRunner().invoke(command, ["expressions", "--json", str(rows)])
    assert result.exit_code == 0, result.output
    assert "hl7.fhir.r4.core 4.0.1 constraints" in result.output
    assert result.output.count("A defect of the source") == len(DEFECTS)
    assert all(row["agreed"] for row in json.loads(rows.read_text("utf-8")))
