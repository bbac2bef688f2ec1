"""`fhir-iop validate`: what it reads, what it prints, and how it ends."""

import gzip
import io
import json
import os
import re
import sys
import tarfile
import threading
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


XML = """<?xml version="1.0" encoding="UTF-8"?>
<Patient xmlns="http://hl7.org/fhir">
  <id value="wrong"/>
  <gender value="unclear"/>
</Patient>
"""


def test_xml_is_read_and_each_finding_has_its_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "wrong.xml"
    file.write_text(XML, "utf-8")
    (row,) = rows(run(str(file), "--format", "json"))
    assert (row["resource"], row["rule"], row["line"], row["column"]) == ("Patient/wrong", "binding-required", 4, 3)
    (piped,) = rows(run("-", "--format", "json", stdin=XML))
    assert piped == row | {"file": "standard input"}


def test_compressed_lines_and_archives_are_read(tmp_path: Path) -> None:
    lines = "\n".join(map(json.dumps, [RIGHT, WRONG])).encode()
    (tmp_path / "some.ndjson.gz").write_bytes(gzip.compress(lines))
    with tarfile.open(tmp_path / "some.tgz", "w:gz") as archive:
        info = tarfile.TarInfo("package/example/wrong.xml")
        info.size = len(XML)
        archive.addfile(info, io.BytesIO(XML.encode()))
    result = run(str(tmp_path / "some.ndjson.gz"), str(tmp_path / "some.tgz"), "--format", "json")
    assert [(Path(row["file"]).name, row["line"]) for row in rows(result)] == [("some.ndjson.gz", 2), ("wrong.xml", 4)]


def test_what_cannot_be_read_is_a_finding_and_the_others_are_checked(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'{"resourceType": "Pat')
    (tmp_path / "b.json").write_bytes(json.dumps(WRONG).encode("utf-16"))
    (tmp_path / "c.xml").write_text(XML[:60], "utf-8")
    (tmp_path / "d.ndjson.gz").write_bytes(gzip.compress(b"{}")[:-3])
    write(tmp_path / "z.json", WRONG)
    result = run(str(tmp_path), "--format", "json")
    assert [(Path(row["file"]).name, row["rule"]) for row in rows(result)] == [
        ("a.json", "json-malformed"),
        ("b.json", "text-charset"),
        ("c.xml", "xml-malformed"),
        ("d.ndjson.gz", "compressed-damaged"),
        ("z.json", "binding-required"),
    ]
    assert result.exit_code == 1


def test_many_end_with_a_summary_and_one_does_not(tmp_path: Path) -> None:
    many = run(write(tmp_path / "many.ndjson", RIGHT, WRONG, WARNED))
    assert re.fullmatch(r"3 resources checked in \d+\.\d s: 1 error, 1 warning\.\n", many.stderr)
    assert run(write(tmp_path / "one.json", WRONG)).stderr == ""


def test_level_hides_and_fail_on_decides_alone(tmp_path: Path) -> None:
    file = write(tmp_path / "both.ndjson", WARNED, RIGHT)
    assert (run(file, "--level", "error").stdout, run(file, "--level", "error").exit_code) == ("", 0)
    assert "profile-unknown" in run(file, "--level", "warning").stdout
    result = run(file, "--level", "error", "--fail-on", "warning")
    assert (result.stdout, result.exit_code) == ("", 1)
    assert "0 errors, 1 warning." in result.stderr


def test_an_outcome_without_what_was_hidden_does_not_say_that_all_is_well(tmp_path: Path) -> None:
    file = write(tmp_path / "both.ndjson", WARNED, RIGHT)
    hidden, right = rows(run(file, "--level", "error", "--format", "outcome"))
    assert hidden["issue"][0]["details"]["text"] == "No issue is as grave as asked for; of others there are 1."
    assert right["issue"][0]["details"]["text"] == "No issues were found."


def test_must_support_is_told_on_request(tmp_path: Path) -> None:
    profile = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient|6.1.0"
    patient = RIGHT | {
        "name": [{"family": "Invented"}],
        "identifier": [{"system": "https://example.org", "value": "1"}],
    }
    file = write(tmp_path / "patient.json", patient)
    assert run(file, "--profile", profile).stdout == ""
    found = rows(run(file, "--profile", profile, "--must-support", "--format", "json"))
    assert {(row["rule"], row["severity"]) for row in found} == {("must-support", "information")}
    assert [(row["expression"], row["message"].split()[0]) for row in found] == [
        ("Patient", "birthDate"),
        ("Patient", "address"),
        ("Patient.name[0]", "given"),
    ]


def test_loose_definitions_are_loaded(tmp_path: Path) -> None:
    url = "https://example.org/fhir/StructureDefinition/loose"
    element = [{"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1}]
    loose = {key: value for key, value in profile_with_a_name(url).items() if key != "snapshot"}
    write(tmp_path / "loose.json", loose | {"differential": {"element": element}})
    file = write(tmp_path / "right.json", RIGHT)
    found = rows(run(file, "--definitions", str(tmp_path), "--profile", url, "--format", "json"))
    assert [(row["rule"], row["expression"]) for row in found] == [("min", "Patient")]


def test_answers_are_checked_against_a_questionnaire_given(tmp_path: Path) -> None:
    url = "https://example.org/fhir/Questionnaire/one"
    item = {"linkId": "q1", "type": "boolean", "required": True}
    asked = {"resourceType": "Questionnaire", "url": url, "status": "draft", "item": [item]}
    answers = {"resourceType": "QuestionnaireResponse", "questionnaire": url, "status": "completed"}
    form = write(tmp_path / "form.json", asked)
    file = write(tmp_path / "answers.json", answers)
    assert [row["rule"] for row in rows(run(file, "--format", "json"))] == ["questionnaire-unknown"]
    assert [row["rule"] for row in rows(run(file, "--questionnaire", form, "--format", "json"))] == ["answer-missing"]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files on Windows")
def test_a_folder_with_circles_pipes_and_links_to_nowhere_is_read(tmp_path: Path) -> None:
    file = write(tmp_path / "wrong.json", WRONG)
    (tmp_path / "circle").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "nowhere.json").symlink_to(tmp_path / "nothing.json")
    os.mkfifo(tmp_path / "pipe.json")
    assert [row["file"] for row in rows(run(str(tmp_path), "--format", "json"))] == [file]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files on Windows")
def test_a_pipe_that_is_named_is_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=lambda: (tmp_path / "pipe").write_text(json.dumps(WRONG)))
    writer.start()
    assert [row["rule"] for row in rows(run(str(tmp_path / "pipe"), "--format", "json"))] == ["binding-required"]
    writer.join()


@pytest.mark.skipif(sys.platform == "win32", reason="names of files are text there")
def test_a_name_that_is_no_text_can_be_told_in_every_format(tmp_path: Path) -> None:
    file = os.fsdecode(os.fsencode(tmp_path) + b"/\xff\x1b[2J.json")
    write(Path(file), WRONG)
    for form in ("text", "json", "outcome", "sarif"):
        told = run(file, "--format", form).stdout_bytes.decode()
        assert "binding-required" in told
        assert "\x1b" not in told


def test_help_teaches_by_examples_and_says_the_exit_statuses() -> None:
    told = run("--help").stdout
    assert "fhir-iop validate --format sarif" in told
    assert "Exit status: 0 no errors, 1 errors were found, 2 it could not run" in told
