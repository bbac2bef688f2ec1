"""The SARIF document: its structure by a schema of our own words, its rules, places and addresses, and that it streams.

The facts are those of https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html for the parts that are used.
"""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from fhir_iop.cli.validate import command
from fhir_iop.cli.validate.formats.sarif import Sarif
from fhir_iop.wording import CATALOGUE

MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
RULE = {
    "type": "object",
    "required": ["id", "shortDescription", "help"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string"},
        "shortDescription": MESSAGE,
        "help": MESSAGE,
        "defaultConfiguration": {"type": "object", "required": ["level"], "properties": {"level": LEVEL}},
        "properties": {
            "type": "object",
            "properties": {"tags": {"type": "array", "uniqueItems": True, "items": {"type": "string"}}},
        },
    },
}
REGION = {
    "type": "object",
    "required": ["startLine"],
    "additionalProperties": False,
    "properties": {
        "startLine": {"type": "integer", "minimum": 1},
        "startColumn": {"type": "integer", "minimum": 1},
    },
}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "additionalProperties": False,
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": {"type": "string", "pattern": r"^[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$"}},
                },
                "region": REGION,
            },
        },
        "logicalLocations": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["fullyQualifiedName"],
                "additionalProperties": False,
                "properties": {"fullyQualifiedName": {"type": "string"}, "kind": {"type": "string"}},
            },
        },
    },
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "level", "message", "locations"],
    "additionalProperties": False,
    "properties": {
        "ruleId": {"type": "string"},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "minItems": 1, "items": LOCATION},
    },
}
DOCUMENT = {
    "type": "object",
    "required": ["version", "runs"],
    "additionalProperties": False,
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "additionalProperties": False,
                "properties": {
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "version", "rules"],
                                "properties": {"rules": {"type": "array", "uniqueItems": True, "items": RULE}},
                            }
                        },
                    },
                    "results": {"type": "array", "items": RESULT},
                },
            },
        },
    },
}

WRONG: dict[str, Any] = {
    "resourceType": "Patient",
    "meta": {"profile": ["https://example.org/none"]},
    "gender": "unclear",
    "contact": [{"gender": "male"}],
    "nmae": [],
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, ["--format", "sarif", *arguments])


def document(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    jsonschema.Draft202012Validator(DOCUMENT).validate(found)
    return found


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    below = tmp_path / "a folder" / "ü.ndjson"
    below.parent.mkdir()
    below.write_text('{"resourceType":"Patient","id":"right"}\n' + json.dumps(WRONG), "utf-8")
    return below


def test_every_result_names_a_rule_that_is_described_and_a_place(file: Path) -> None:
    (found,) = document(run(str(file)))["runs"]
    results, rules = found["results"], {rule["id"]: rule for rule in found["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in results} == rules.keys()
    assert {"binding-required", "profile-unknown", "pat-1"} <= rules.keys()
    assert {result["level"] for result in results} >= {"error", "warning"}
    (gender,) = [result for result in results if result["ruleId"] == "binding-required"]
    (location,) = gender["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": "a%20folder/%C3%BC.ndjson"},
        "region": {"startLine": 2, "startColumn": json.dumps(WRONG).index('"gender"') + 1},
    }
    assert location["logicalLocations"] == [{"fullyQualifiedName": "Patient.gender", "kind": "element"}]


def test_help_is_the_catalogues_wording_with_the_facts_named(file: Path) -> None:
    rules = {rule["id"]: rule for rule in document(run(str(file)))["runs"][0]["tool"]["driver"]["rules"]}
    assert rules["profile-unknown"]["help"]["text"] == CATALOGUE["profile-unknown"].words.replace(
        "{canonical}", "<canonical>"
    )
    assert rules["profile-unknown"]["defaultConfiguration"]["level"] == "warning"
    assert "http://hl7.org/fhir/StructureDefinition/Patient" in rules["pat-1"]["help"]["text"]


def test_addresses_are_relative_where_the_file_lies_within(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def address(source: str) -> str:
        result = document(run(source))["runs"][0]["results"][0]
        return str(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])

    relative = "a%20folder/%C3%BC.ndjson"
    assert address("a folder/ü.ndjson") == address("./a folder/../a folder/ü.ndjson") == address(str(file)) == relative
    (file.parent / "elsewhere").mkdir()
    monkeypatch.chdir(file.parent / "elsewhere")
    assert address("../ü.ndjson") == "file://" + str(file).replace(" ", "%20").replace("ü", "%C3%BC")


def test_without_findings_it_is_a_document_too(file: Path) -> None:
    file.write_text('{"resourceType":"Patient"}')
    assert document(run(str(file)))["runs"][0]["results"] == []


def test_results_are_joined_across_batches(file: Path) -> None:
    file.write_text((json.dumps(WRONG) + "\n") * 2000)
    found = document(run(str(file), "--jobs", "2", "--level", "error"))["runs"][0]
    lines = [result["locations"][0]["physicalLocation"]["region"]["startLine"] for result in found["results"]]
    assert lines == sorted(lines)
    assert set(lines) == set(range(1, 2001))


def test_the_head_alone_begins_a_document() -> None:
    assert json.loads(Sarif.head + Sarif().tail({}))["version"] == "2.1.0"
