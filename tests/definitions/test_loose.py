"""Loose conformance resources: from JSON, XML, Bundles and folders, and what can't be used."""

import json
from pathlib import Path
from typing import Any

import pytest

from fhir_iop.definitions import Definitions, Membership
from fhir_iop.definitions.loose import with_loose
from fhir_iop.errors import BadInput, FhirIopError, Unusable

SYSTEM: dict[str, Any] = {
    "resourceType": "CodeSystem",
    "url": "https://example.org/colours",
    "status": "draft",
    "content": "complete",
    "concept": [{"code": "red"}],
}
VALUE_SET: dict[str, Any] = {
    "resourceType": "ValueSet",
    "url": "https://example.org/all-colours",
    "status": "draft",
    "compose": {"include": [{"system": "https://example.org/colours"}]},
}
PROFILE: dict[str, Any] = {
    "resourceType": "StructureDefinition",
    "url": "https://example.org/named",
    "version": "2.0.0",
    "name": "Named",
    "status": "draft",
    "kind": "resource",
    "abstract": False,
    "type": "Patient",
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
    "derivation": "constraint",
    "differential": {"element": [{"id": "Patient.name", "path": "Patient.name", "min": 1}]},
}


def profile(**facts: Any) -> dict[str, Any]:
    return PROFILE | {"differential": {"element": [{"id": "Patient.name", "path": "Patient.name"} | facts]}}


QUESTIONNAIRE_XML = """<Questionnaire xmlns="http://hl7.org/fhir">
  <url value="https://example.org/questions"/>
  <status value="draft"/>
  <item><linkId value="1"/><type value="boolean"/></item>
</Questionnaire>"""


def write(file: Path, resource: Any) -> Path:
    file.write_text(json.dumps(resource), "utf-8")
    return file


def test_a_folder_is_read_with_all_below_it_and_examples_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    write(
        tmp_path / "colours.json", {"resourceType": "Bundle", "entry": [{"resource": SYSTEM}, {"resource": VALUE_SET}]}
    )
    write(tmp_path / "below" / "named.json", PROFILE)
    write(tmp_path / "patient.json", {"resourceType": "Patient"})
    (tmp_path / "questions.xml").write_text(QUESTIONNAIRE_XML, "utf-8")
    definitions, issues = with_loose([tmp_path], Definitions.bundled())
    assert issues == []
    assert definitions.membership("https://example.org/all-colours", "https://example.org/colours", "red") is (
        Membership.MEMBER
    )
    structure = definitions.structure("https://example.org/named|2.0.0")
    assert structure is not None
    assert structure.by_id["Patient.name"].min == 1
    questionnaire = definitions.resource("https://example.org/questions", "Questionnaire")
    assert questionnaire is not None
    assert questionnaire["item"][0]["linkId"] == "1"


def test_later_ones_replace_earlier(tmp_path: Path) -> None:
    first = write(tmp_path / "a.json", SYSTEM)
    second = write(tmp_path / "b.json", SYSTEM | {"concept": [{"code": "blue"}]})
    definitions, _ = with_loose([first, second], Definitions.bundled())
    assert definitions.concept("https://example.org/colours", "blue") is not None
    assert definitions.concept("https://example.org/colours", "red") is None


def test_what_a_differential_may_not_do_is_a_warning(tmp_path: Path) -> None:
    wrong = PROFILE | {"differential": {"element": [{"id": "Patient.nmae", "path": "Patient.nmae"}]}}
    _, issues = with_loose([write(tmp_path / "x.json", wrong)], Definitions.bundled())
    assert [issue.rule for issue in issues] == ["snapshot-path"]


def test_a_broken_file_of_a_folder_is_a_warning_and_one_that_is_named_an_error(tmp_path: Path) -> None:
    write(tmp_path / "colours.json", SYSTEM)
    (tmp_path / "broken.json").write_text("{")
    _, issues = with_loose([tmp_path], Definitions.bundled())
    assert [(issue.rule, issue.expression) for issue in issues] == [
        ("package-resource", str(tmp_path / "broken.json")),
    ]
    with pytest.raises(BadInput) as refused:
        with_loose([tmp_path / "broken.json"], Definitions.bundled())
    assert [issue.expression for issue in refused.value.issues] == [str(tmp_path / "broken.json")]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ({"resourceType": "Patient"}, "loose-none"),
        ({"resourceType": "Bundle", "entry": [1, {"resource": 2}]}, "loose-none"),
        ([], "json-not-object"),
        (PROFILE | {"differential": {"element": [7]}}, "loose-unusable"),
        (profile(min="one"), "loose-unusable"),
        (profile(slicing={"discriminator": [{"type": "value", "path": None}], "rules": "open"}), "loose-unusable"),
        (profile(binding={"strength": "required", "valueSet": ["x"]}), "loose-unusable"),
        (profile(constraint=[{"key": 1, "severity": "error", "human": "x"}]), "loose-unusable"),
        (VALUE_SET | {"compose": {"include": 7}}, "loose-unusable"),
        (SYSTEM | {"concept": [{"code": 7}]}, "loose-unusable"),
        (None, "loose-missing"),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(content: Any, rule: str, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    if content is not None:
        write(file, content)
    with pytest.raises(FhirIopError) as refused:
        with_loose([file], Definitions.bundled())
    assert isinstance(refused.value, (Unusable, BadInput))
    assert [(issue.rule, issue.expression) for issue in refused.value.issues] == [(rule, str(file))]
