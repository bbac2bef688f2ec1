"""`fhir-iop packages`: the guide as a package, and its codes."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from fhir_iop import data
from fhir_iop.cli.packages import command
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.packages import load_package
from fhir_iop.definitions.packing import pack
from fhir_iop.errors import Unusable
from fhir_iop.validation import Validator

MOVED = "https://iop.example/fhir"
ORDER = {
    "resourceType": "MedicationRequest",
    "status": "active",
    "intent": "order",
    "priorPrescription": {"reference": "MedicationRequest/1"},
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def files(archive: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        return {each.name: opened.extractfile(each).read() for each in opened.getmembers()}  # type: ignore[union-attr]


def test_the_package_holds_all_and_says_what_it_holds(tmp_path: Path) -> None:
    ran = run("pack", "-o", str(tmp_path / "guide.tgz"))
    assert ran.exit_code == 0, ran.output
    archive = (tmp_path / "guide.tgz").read_bytes()
    held = files(archive)
    guide = data.folder("profiles") / "iop"
    resources = {path.name for path in guide.glob("[A-Z]*.json")}
    assert {name.removeprefix("package/") for name in held if name.count("/") == 1} == {
        *resources,
        "package.json",
        ".index.json",
    }
    index = json.loads(held["package/.index.json"])
    assert {each["filename"] for each in index["files"]} == resources
    profile = next(each for each in index["files"] if each["filename"] == "StructureDefinition-iop-craving.json")
    assert profile["url"] == "https://example.org/fhir/iop/StructureDefinition/iop-craving"
    assert (profile["kind"], profile["type"], profile["version"]) == ("resource", "Observation", "0.1.0")
    run("pack", "-o", str(tmp_path / "again.tgz"))
    assert (tmp_path / "again.tgz").read_bytes() == archive


def test_it_is_named_after_the_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("pack").exit_code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["dev.fhir-iop.guide-0.1.0.tgz"]


def test_our_own_validator_loads_it_as_any_package(tmp_path: Path) -> None:
    run("pack", "-o", str(tmp_path / "guide.tgz"), "--canonical", MOVED)
    package = load_package(tmp_path / "guide.tgz")
    assert not package.issues
    validator = Validator(Definitions.bundled().with_packages(package))
    profile = f"{MOVED}/StructureDefinition/iop-medication-request"
    reason = {"url": f"{MOVED}/StructureDefinition/medication-change-reason", "valueCodeableConcept": {"text": "x"}}
    assert "iop-mr-6" in {each.rule for each in validator.validate(ORDER, [profile])}
    found = validator.validate(ORDER | {"extension": [reason]}, [profile])
    assert "iop-mr-6" not in {each.rule for each in found}
    assert "extension-unknown" not in {each.rule for each in found}


def test_nothing_stays_at_the_old_base() -> None:
    archive = pack(data.folder("profiles") / "iop", data.folder("examples") / "guide", MOVED)
    assert [name for name, content in files(archive).items() if b"example.org/fhir/iop" in content] == []


@pytest.mark.parametrize(
    "canonical", ["iop.example", "https://iop.example/", "https://iop.example/a b", 'https://x"y', ""]
)
def test_what_is_no_base_is_refused(canonical: str) -> None:
    with pytest.raises(Unusable) as raised:
        pack(data.folder("profiles") / "iop", data.folder("examples") / "guide", canonical)
    assert raised.value.issues[0].rule == "package-canonical"


def test_a_folder_without_a_manifest_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as raised:
        pack(tmp_path, tmp_path)
    assert raised.value.issues[0].rule == "package-no-manifest"


def test_a_place_that_cant_be_written_is_told(tmp_path: Path) -> None:
    ran = run("pack", "-o", str(tmp_path / "nowhere" / "guide.tgz"))
    assert ran.exit_code != 0
    assert "can't be written" in ran.output


def test_codes_that_need_a_terminologist() -> None:
    every, open_ = run("codes"), run("codes", "--unverified")
    rows = [line.split("\t") for line in every.stdout.splitlines()]
    assert {row[0] for row in rows} == {"verified", "secondary", "local"}
    assert [line.split("\t") for line in open_.stdout.splitlines()] == [row for row in rows if row[0] != "verified"]
    assert ["verified", "http://loinc.org", "44261-6"] in [row[:3] for row in rows]
    assert ["secondary", "http://loinc.org", "93374-7"] in [row[:3] for row in rows]
    assert ["local", "https://example.org/fhir/iop/CodeSystem/iop-observation", "cows-total"] in [
        row[:3] for row in rows
    ]
    assert every.stderr == open_.stderr
    assert every.stderr.startswith(f"{len(rows)} codes: ")
