"""`fhir-iop fhirpath`: what it prints, and how it ends."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from fhir_iop.cli.fhirpath import command

ADA: dict[str, Any] = {
    "resourceType": "Patient",
    "id": "ada",
    "name": [{"given": ["Ada", "Augusta"], "family": "Example"}],
    "birthDate": "1815-12-10",
}
WEIGHT: dict[str, Any] = {"resourceType": "Observation", "id": "weight", "status": "final"}
BUNDLE: dict[str, Any] = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [{"resource": ADA}, {"fullUrl": "urn:x"}, {"resource": WEIGHT}],
}


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(command, arguments, input=stdin)


@pytest.fixture
def ada(tmp_path: Path) -> str:
    file = tmp_path / "ada.json"
    file.write_text(json.dumps(ADA, indent=2), "utf-8")
    return str(file)


@pytest.fixture
def bundle(tmp_path: Path) -> str:
    file = tmp_path / "bundle.json"
    file.write_text(json.dumps(BUNDLE), "utf-8")
    return str(file)


def test_values_are_printed_with_their_types(ada: str) -> None:
    result = run("name.given | birthDate", ada)
    assert result.output == "Patient/ada\n  string  Ada\n  string  Augusta\n  date  1815-12-10\n"
    assert result.exit_code == 0


def test_an_object_is_printed_as_json_and_nothing_as_an_empty_collection(ada: str) -> None:
    assert run("name", ada).output.splitlines()[1] == ('  HumanName  {"given":["Ada","Augusta"],"family":"Example"}')
    assert run("photo", ada).output == "Patient/ada\n  {}\n"


def test_json_is_one_object_a_resource(ada: str) -> None:
    result = run("name.count()", ada, "--format", "json")
    assert json.loads(result.output) == {"resource": "Patient/ada", "values": [{"type": "System.Integer", "value": 1}]}


def test_standard_input_and_ndjson() -> None:
    lines = "".join(json.dumps(resource) + "\n" for resource in (ADA, WEIGHT))
    assert run("id", "-", stdin=lines).output == "Patient/ada\n  id  ada\nObservation/weight\n  id  weight\n"


def test_a_bundle_stands_for_its_entries(bundle: str) -> None:
    assert run("id", bundle).output.count("  id  ") == 2
    assert run("status", bundle, "--type", "Observation").output == "Observation/weight\n  code  final\n"
    assert run("entry.count()", bundle, "--type", "Bundle").output == "Bundle\n  System.Integer  3\n"


def test_an_illegal_expression_is_shown_with_its_place_and_a_suggestion(ada: str) -> None:
    result = run("name.givn", ada)
    assert result.exit_code == 2
    line, caret, message = result.stderr.splitlines()
    assert line[caret.index("^") :] == "givn"
    assert "given" in message
    assert result.stdout == ""


def test_an_illegal_expression_of_several_lines(ada: str) -> None:
    line, caret, _ = run("name.given |\n\tname.famly", ada).stderr.splitlines()
    assert (line, caret) == ("\tname.famly", "\t     ^")


def test_a_failing_evaluation_is_told_and_the_others_go_on() -> None:
    two = {**ADA, "id": "two", "name": [{"given": ["X"]}]}
    lines = "".join(json.dumps(resource) + "\n" for resource in (ADA, two))
    result = run("name.given.single()", "-", stdin=lines)
    assert result.exit_code == 1
    assert result.stdout == "Patient/two\n  string  X\n"
    assert result.stderr.startswith("Patient/ada: ")


def test_the_generated_source_is_shown(ada: str) -> None:
    result = run("name.given", ada, "--explain")
    assert "def " in result.stdout
    assert result.stdout.endswith("Patient/ada\n  string  Ada\n  string  Augusta\n")
    alone = run("name.given", "--type", "Patient", "--explain")
    assert (alone.exit_code, alone.stdout.count("def ")) == (0, result.stdout.count("def "))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "JSON"),
        ("{", "JSON"),
        ("[1]", "object"),
        ('{"id": "x"}', "resourceType"),
        ('{"resourceType": 5}', "resourceType"),
        ('{"resourceType": "Bundle", "entry": [{"resource": 7}]}', "resourceType"),
        ('{"resourceType": "Patient"}\n{"resourceType"', "line 2"),
    ],
)
def test_what_cant_be_read_is_refused_in_words(tmp_path: Path, content: str, words: str) -> None:
    file = tmp_path / "bad.json"
    file.write_text(content, "utf-8")
    result = run("id", str(file))
    assert result.exit_code != 0
    assert words in result.stderr
    assert "Traceback" not in result.stderr


def test_an_empty_bundle_has_nothing_to_say() -> None:
    assert run("id", "-", stdin='{"resourceType": "Bundle", "entry": 3}').output == ""


def test_a_missing_file_and_nothing_to_do(tmp_path: Path) -> None:
    assert "can't be read" in run("id", str(tmp_path / "none.json")).stderr
    assert "--type" in run("id").stderr
    assert run("id", "--type", "Patnt").exit_code == 2
