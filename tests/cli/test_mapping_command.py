"""`fhir-iop mapping`: what each command prints, and how it ends."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fhir_iop import data
from fhir_iop.cli.mapping import command
from fhir_iop.cli.mapping.group import COMMANDS
from fhir_iop.definitions import Definitions
from fhir_iop.errors import Unusable
from fhir_iop.fhir.json import decode
from fhir_iop.validation import Validator
from tests.mapping.conftest import place


def run(*arguments: str, site: Path | None = None) -> Result:
    environment = {"FHIR_IOP_SITE_MAPPINGS": str(site)} if site else {}
    return CliRunner().invoke(command, arguments, env=environment)


def changed(folder: Path, file: str, old: str, new: str) -> Path:
    """Write into ``folder`` the bundled ``file`` with one text changed."""
    text = (data.folder("mappings") / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), "utf-8")
    return folder


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_teaches(name: str) -> None:
    result = run(name, "--help")
    assert result.exit_code == 0
    assert len(result.output.splitlines()) > 4
    assert name in run("--help").output


def test_list() -> None:
    result = run("list")
    assert result.exit_code == 0
    (line,) = (line for line in result.stdout.splitlines() if line.startswith("prescription "))
    count = line.split()[2]
    assert int(count) > 50
    assert line.split() == ["prescription", "prescription.yaml", count, "rules", "MedicationRequest"]


def test_show() -> None:
    result = run("show", "prescription")
    assert result.exit_code == 0
    (line,) = (line for line in result.stdout.splitlines() if line.lstrip().startswith("status "))
    assert line.split() == [
        "status",
        "<->",
        "status",
        "|",
        "codes(status)",
        f"[{place('prescription.yaml', '- status <->')}]",
    ]
    assert "us-core-medicationrequest" in result.stdout
    parts = run("show", "check-in").stdout
    assert "part `side-effect`, one for each item of `side_effects`" in parts
    assert "part `craving`, where the record has `craving`" in parts
    assert "when not recorded_by" in parts


def test_show_python() -> None:
    result = run("show", "prescription", "--python")
    compile(result.stdout, "prescription", "exec")
    assert "def forward(r, issues):" in result.stdout


def test_an_unknown_kind_is_told_with_what_was_meant() -> None:
    for name in ("show", "coverage"):
        result = run(name, "presciption")
        assert "No kind of record called `presciption` is mapped. Did you mean `prescription`?" in result.output
        assert result.exit_code != 0
    assert re.search(r"Known: .*check-in, consent, .*diagnosis.*visit.*\.", run("show", "zzz").output)


def test_coverage_of_all() -> None:
    result = run("coverage")
    assert result.exit_code == 0
    assert re.search(
        r"prescription \(prescription.yaml\): (\d+) fields: \1 mapped, 0 dropped, 0 forgotten", result.stdout
    )
    assert "    never      MedicationRequest.reported[x] (must-support)" in result.stdout.splitlines()


def test_coverage_of_one_names_the_rules() -> None:
    result = run("coverage", "prescription")
    lines = result.stdout.splitlines()
    assert f"  mapped     medicine.rxnorm  [{place('prescription.yaml', '- medicine.rxnorm <->')}]" in lines
    assert (
        f"    always     MedicationRequest.intent (required)  [{place('prescription.yaml', '- intent = order')}]"
        in lines
    )


def test_coverage_of_what_is_incomplete(tmp_path: Path) -> None:
    changed(tmp_path, "prescription.yaml", "      - intent = order\n      - status <->", "      - status <->")
    result = run("coverage", "prescription", site=tmp_path)
    assert "    never      MedicationRequest.intent (required)" in result.stdout.splitlines()
    assert result.exit_code == 1
    (report,) = decode(run("coverage", "prescription", "--json", site=tmp_path).stdout)
    intent = {"element": "MedicationRequest.intent", "required": True, "mustSupport": True, "filled": "never"}
    assert intent | {"rules": []} in report["resources"][0]["elements"]


def test_coverage_tells_a_forgotten_field(tmp_path: Path) -> None:
    changed(tmp_path, "prescription.yaml", "      - notes[] <-> note[].text\n", "")
    result = run("coverage", site=tmp_path)
    assert "  forgotten  notes" in result.stdout.splitlines()
    assert result.exit_code == 1


def test_coverage_of_what_cannot_be_read(tmp_path: Path) -> None:
    changed(tmp_path, "prescription.yaml", "- status <->", "- statu <->")
    result = run("coverage", site=tmp_path)
    assert isinstance(result.exception, Unusable)
    assert [found.rule for found in result.exception.issues] == ["mapping-field"]


def test_roundtrip(tmp_path: Path) -> None:
    result = run("roundtrip", "patient", "--records", "20")
    assert result.exit_code == 0
    found = re.search(r"patient: \d+ fields come back: \d+ exactly, \d+ in normal form, 0 not; (.*)", result.stdout)
    assert found is not None
    assert found[1] == "tried with 20 records: 20 the same"
    assert f"  exactly         name.family  [{place('shared.yaml', '- name.family <->')}]" in result.stdout.splitlines()
    changed(tmp_path, "patient.yaml", "- sex <-> gender", "- sex -> gender")
    result = run("roundtrip", "patient", "--records", "10", site=tmp_path)
    assert (
        f"  not             sex: its rules only write (`->`)  [{place('patient.yaml', '- sex <->')}]"
        in result.stdout.splitlines()
    )
    assert result.exit_code == 1
    (report,) = decode(run("roundtrip", "patient", "--records", "10", "--json", site=tmp_path).stdout)
    assert report["tried"]["same"] == 0
    assert report["tried"]["seeds"] == list(range(10))
    assert run("roundtrip", "zzz").exit_code != 0


def test_explain() -> None:
    result = run("explain", str(example()))
    assert result.exit_code == 0
    lines = [line.split("  ") for line in result.stdout.splitlines() if line.startswith("  MedicationRequest.status ")]
    assert [part.strip() for part in lines[0] if part] == [
        "MedicationRequest.status",
        f"<- {place('prescription.yaml', '- status <->')}",
        "status <-> status | codes(status)",
        "<- /status",
    ]
    for record in decode(example().read_bytes()):
        assert record.get("medicine", {"name": "no medicine"})["name"] not in result.stdout


def example() -> Path:
    """Return the records of a story with a protected prescription."""
    return next(
        path for path in sorted(data.folder("examples").glob("*/records.json")) if b'"part2"' in path.read_bytes()
    )


def test_explain_as_provenance() -> None:
    result = run("explain", str(example()), "--provenance")
    found = [decode(line) for line in result.stdout.splitlines()]
    assert {one["resourceType"] for one in found} == {"Provenance"}
    validator = Validator(Definitions.bundled(), unknown_profile="error")
    for one in found:
        assert [issue for issue in validator.validate(one) if issue.is_error] == []
    labels = [{label["code"] for label in one["meta"].get("security", ())} for one in found]
    assert any("42CFRPart2" in codes for codes in labels), "a Provenance says what its target is"


def test_explain_what_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "records.ndjson"
    file.write_text('{"record":"patient","id":"pt-1"}\n{broken\n', "utf-8")
    result = run("explain", str(file))
    assert f"{file}:1: error: `name` is missing." in result.stderr
    assert f"{file}:2: fatal: This is not JSON" in result.stderr
    assert result.exit_code == 1


def test_check(tmp_path: Path) -> None:
    result = run("check")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "nothing is wrong." in result.stderr
    changed(tmp_path, "prescription.yaml", "- status <-> status", "- statu <-> statuss")
    changed(tmp_path, "visit.yaml", "- status <->", "- statu <->")
    result = run("check", str(tmp_path))
    words = "9: The record has no field `statu`. Did you mean `status`? (mapping-field)"
    places = [f"{place('prescription.yaml', '- status <->')}:{words}", f"{place('visit.yaml', '- status <->')}:{words}"]
    assert result.stdout.splitlines() == places
    assert "2 faults." in result.stderr
    assert result.exit_code == 1
    assert run("check", str(tmp_path / "none")).exit_code == 2


def test_export(tmp_path: Path) -> None:
    result = run("export", "prescription", "--structuremap")
    bundle = decode(result.stdout)
    types = [entry["resource"]["resourceType"] for entry in bundle["entry"]]
    assert types[0] == "StructureMap"
    assert set(types[1:]) == {"ConceptMap"}
    assert not any(found.is_error for found in Validator(Definitions.bundled()).validate(bundle))
    sentence = place("dosing.yaml", "- text = sentence(dose-units)")
    assert f"not said: MedicationRequest.dosageInstruction.text: sentence(dose-units) ({sentence})" in result.stderr
    folder = tmp_path / "maps"
    assert run("export", "prescription", "--structuremap", "-o", str(folder)).exit_code == 0
    assert len(list(folder.iterdir())) == len(types)
    assert run("export", "prescription").exit_code == 2
