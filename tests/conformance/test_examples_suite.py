"""The room that validates HL7's examples, on examples of our own that agree and disagree on purpose."""

import gzip
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fhir_iop.cli.conformance import command
from fhir_iop.conformance.examples import read, run, summary
from fhir_iop.errors import Unusable

GOOD: dict[str, Any] = {"resourceType": "Patient", "name": [{"family": "Invented"}]}
BAD: dict[str, Any] = {"resourceType": "Patient", "contact": [{"relationship": [{"codin": []}]}]}


def told(expression: str, rule: str = "SOME_RULE") -> dict[str, str]:
    return {"rule": rule, "expression": expression, "text": "x"}


ROWS = {
    "good.json": (GOOD, []),
    "wrongly-bad.json": (GOOD, [told("Patient.name[0]")]),
    "bad.json": (BAD, [told("Patient.contact[0]/*Patient/null*/.relationship[0]")]),
    "elsewhere.json": (BAD, [told("Patient.name")]),
    "lacking.json": (GOOD, [told("Patient.name", "UNABLE_TO_INFER_CODESYSTEM")]),
}


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name, (resource, _) in ROWS.items():
            text = json.dumps(resource).encode()
            entry = tarfile.TarInfo(f"examples/{name}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text))
    (tmp_path / "examples.tgz").write_bytes(gzip.compress(raw.getvalue()))
    rows = [
        {"file": name, "valid": not errors, "needs_terminology": False, "errors": errors}
        for name, (_, errors) in ROWS.items()
    ]
    (tmp_path / "manifest.json").write_text(json.dumps(rows), "utf-8")
    return tmp_path


def test_verdicts_and_places_agree_or_not_as_they_should(suite: Path) -> None:
    outcomes = {outcome.id: outcome for outcome in map(run, read(suite))}
    assert {name for name, outcome in outcomes.items() if not outcome.agreed} == {"wrongly-bad.json"}
    assert outcomes["bad.json"].facts["places_missed"] == []
    assert outcomes["elsewhere.json"].facts["places_missed"] == ["Patient.name"]
    assert outcomes["lacking.json"].facts["expected_verdict"] == "valid"
    assert summary(list(outcomes.values())).startswith("Places of errors: 1 of 3 found.")


def test_an_example_that_is_not_there_is_named(suite: Path) -> None:
    rows = json.loads((suite / "manifest.json").read_bytes())
    (suite / "manifest.json").write_text(json.dumps([rows[0] | {"file": "other.json"}]), "utf-8")
    with pytest.raises(Unusable, match=r"other\.json"):
        read(suite)


def test_the_command_prints_the_places(suite: Path) -> None:
    done = CliRunner().invoke(command, ["examples", str(suite)])
    assert done.exit_code == 1
    assert "Places of errors: 1 of 3 found." in done.output


@pytest.mark.shared
def test_hl7s_examples_agree(shared: Path) -> None:
    """Each verdict and each place agrees, or has its reason in differences.toml."""
    outcomes = [run(each) for each in read(shared / "conformance" / "r4-examples")]
    without_terminology = [one for one in outcomes if one.group == "verdict needs no terminology"]
    assert len(without_terminology) == 344
    assert sum(one.agreed for one in without_terminology) == 342
    unexplained = [
        one.id
        for one in without_terminology
        if (not one.agreed or one.facts["places_missed"]) and not one.facts["reason"]
    ]
    assert unexplained == []
