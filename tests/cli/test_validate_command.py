"""`fhir-iop validate`: what it reads, what it prints, and how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fhir_iop.cli.validate import command
from fhir_iop.errors import Unusable

RIGHT: dict[str, Any] = {"resourceType": "Patient", "id": "right", "gender": "female"}
WRONG: dict[str, Any] = {"resourceType": "Patient", "id": "wrong", "gender": "unclear"}
WARNED: dict[str, Any] = {"resourceType": "Patient", "meta": {"profile": ["https://example.org/none"]}}


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(command, arguments, input=stdin)


def rows(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def write(file: Path, *resources: dict[str, Any]) -> str:
    file.write_text("\n".join(map(json.dumps, resources)), "utf-8")
    return str(file)


def test_nothing_wrong_prints_nothing_and_ends_with_0(tmp_path: Path) -> None:
    result = run(write(tmp_path / "right.json", RIGHT))
    assert (result.exit_code, result.output) == (0, "")


def test_text_is_one_line_a_finding(tmp_path: Path) -> None:
    file = write(tmp_path / "wrong.json", WRONG)
    result = run(file)
    (line,) = result.stdout.splitlines()
    assert line.startswith(f"{file}:1:44: error: Patient.gender: binding-required: ")
    assert result.exit_code == 1


def test_json_is_one_object_a_finding(tmp_path: Path) -> None:
    file = write(tmp_path / "wrong.ndjson", RIGHT, WRONG)
    result = run(file, "--format", "json")
    (row,) = rows(result)
    assert list(row) == ["file", "resource", "severity", "code", "rule", "expression", "line", "column", "message"]
    assert row["message"]
    del row["message"]
    assert row == {
        "file": file,
        "resource": "Patient/wrong",
        "severity": "error",
        "code": "code-invalid",
        "rule": "binding-required",
        "expression": "Patient.gender",
        "line": 2,
        "column": 44,
    }
    assert result.exit_code == 1


def test_outcome_is_one_operation_outcome_a_resource(tmp_path: Path) -> None:
    file = write(tmp_path / "both.ndjson", RIGHT, WRONG)
    result = run(file, "--format", "outcome")
    right, wrong = rows(result)
    assert right["issue"] == [
        {"severity": "information", "code": "informational", "details": {"text": "No issues were found."}}
    ]
    assert wrong["issue"][0]["diagnostics"] == f"{file}, line 2, column 44"
    assert wrong["issue"][0]["expression"] == ["Patient.gender"]


def test_warnings_alone_end_with_0_and_strict_makes_them_errors(tmp_path: Path) -> None:
    file = write(tmp_path / "claims.json", WARNED)
    assert run(file).exit_code == 0
    assert "profile-unknown" in run(file).stdout
    assert run(file, "--strict").exit_code == 1


def test_a_folder_is_read_with_all_below_it(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    first = write(tmp_path / "a.ndjson", WRONG)
    second = write(tmp_path / "below" / "b.json", WRONG)
    write(tmp_path / "package.json", {"name": "not-a-resource"})
    (tmp_path / "notes.txt").write_text("x")
    assert [row["file"] for row in rows(run(str(tmp_path), "--format", "json"))] == [first, second]


def test_standard_input_is_read() -> None:
    result = run("-", "--format", "json", stdin=json.dumps(WRONG, indent=2))
    assert [(row["file"], row["line"], row["column"]) for row in rows(result)] == [("standard input", 4, 3)]


def test_a_line_that_is_not_json_is_a_finding_and_the_next_is_read(tmp_path: Path) -> None:
    file = tmp_path / "broken.ndjson"
    file.write_text(json.dumps(RIGHT) + "\n{\n\n" + json.dumps(WRONG), "utf-8")
    found = rows(run(str(file), "--format", "json"))
    assert [(row["rule"], row["resource"], row["line"]) for row in found] == [
        ("json-malformed", None, 2),
        ("binding-required", "Patient/wrong", 4),
    ]


def test_a_profile_is_asked_for(tmp_path: Path) -> None:
    profile = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient"
    result = run(write(tmp_path / "right.json", RIGHT), "--profile", profile, "--format", "json")
    assert {row["rule"] for row in rows(result)} == {"min"}
    assert all(profile in row["message"] for row in rows(result))


def test_a_profile_that_is_not_at_hand_is_unusable(tmp_path: Path) -> None:
    result = run(write(tmp_path / "right.json", RIGHT), "--profile", "https://example.org/none")
    assert isinstance(result.exception, Unusable)  # exit status 2, in cli/main.py
    assert "https://example.org/none" in str(result.exception)


def test_a_package_is_loaded(tmp_path: Path) -> None:
    url = "https://example.org/fhir/StructureDefinition/named"
    package = tmp_path / "package"
    package.mkdir()
    write(package / "package.json", {"name": "invented.package", "version": "1.0.0"})
    write(package / "StructureDefinition-named.json", profile_with_a_name(url))
    result = run(write(tmp_path / "right.json", RIGHT), "--package", str(package), "--profile", url, "--format", "json")
    assert [row["rule"] for row in rows(result)] == ["min"]


def profile_with_a_name(url: str) -> dict[str, Any]:
    base = {"path": "Patient", "min": 0, "max": "*"}
    name = {"path": "Patient.name", "min": 0, "max": "*"}
    return {
        "resourceType": "StructureDefinition",
        "url": url,
        "version": "1.0.0",
        "name": "Named",
        "status": "draft",
        "kind": "resource",
        "abstract": False,
        "type": "Patient",
        "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
        "derivation": "constraint",
        "snapshot": {
            "element": [
                {"id": "Patient", "path": "Patient", "min": 0, "max": "*", "base": base},
                {
                    "id": "Patient.name",
                    "path": "Patient.name",
                    "min": 1,
                    "max": "*",
                    "base": name,
                    "type": [{"code": "HumanName"}],
                },
            ]
        },
    }


@pytest.mark.parametrize("source", ["missing.json", "."])
def test_what_cannot_be_read_ends_with_an_error_in_words(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(source)
    assert result.exit_code == 1  # click's own; cli/main.py makes it 2
    assert source in result.output
    assert "Traceback" not in result.output
