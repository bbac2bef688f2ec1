"""The packed guide: its profiles come with the snapshots that their differentials make."""

import io
import shutil
import subprocess
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.archive import PackageFiles
from fhir_iop.definitions.packing import pack
from fhir_iop.definitions.reading import structure_of
from fhir_iop.definitions.resources import ResourcePackage
from fhir_iop.definitions.schema import Element
from fhir_iop.errors import Unusable
from fhir_iop.fhir import json
from fhir_iop.validation import Validator
from tests.guide.conftest import GUIDE, HERE, resources
from tests.guide.test_examples import CONSTRAINTS, EXAMPLES, TOLD_TWICE

TOOLS = HERE.parent.parent / ".ci" / "guide"
PROFILES = {each["url"]: each for each in resources() if each["resourceType"] == "StructureDefinition"}
ORDER = "https://example.org/fhir/iop/StructureDefinition/iop-controlled-substance"


@pytest.fixture(scope="module")
def archive() -> bytes:
    return pack(GUIDE, data.folder("examples") / "guide")


@pytest.fixture(scope="module")
def packed(archive: bytes) -> dict[str, dict[str, Any]]:
    """The profiles and extensions of the package, by url."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        names = [each for each in opened.getnames() if each.startswith("package/StructureDefinition-")]
        found = [json.decode_object(opened.extractfile(name).read()) for name in names]  # type: ignore[union-attr]
    return {each["url"]: each for each in found}


def wordless(element: Element) -> Element:
    refers = (element.content_reference or "").rpartition("#")[2] or None  # in full or not
    constraints = tuple(replace(each, human="") for each in element.constraints)
    return replace(element, constraints=constraints, content_reference=refers)


def test_every_snapshot_says_all_that_ours_does(packed: dict[str, dict[str, Any]]) -> None:
    assert packed.keys() == PROFILES.keys()
    for url, resource in packed.items():
        ours = Definitions.bundled().structure(url)
        assert ours is not None
        read = structure_of(resource)
        assert list(map(wordless, read.elements)) == list(map(wordless, ours.elements)), url
        assert {key: value for key, value in resource.items() if key != "snapshot"} == PROFILES[url]


def test_every_element_is_told_in_words(packed: dict[str, dict[str, Any]]) -> None:
    for url, resource in packed.items():
        own = {each["id"]: each for each in resource["differential"]["element"]}
        for element in resource["snapshot"]["element"]:
            place = (url, element["id"])
            assert element["definition"], place
            assert element.get("isModifierReason") or not element["isModifier"], place
            assert all(each["human"] for each in element.get("constraint", ())), place
            if "." in element["id"] and "short" in own.get(element["id"], {}):
                assert element["short"] == own[element["id"]]["short"], place


def test_what_is_nested_is_the_types_own_and_not_the_profiles(packed: dict[str, dict[str, Any]]) -> None:
    consent = packed["https://example.org/fhir/iop/StructureDefinition/iop-part2-consent"]["snapshot"]["element"]
    (nested,) = (each for each in consent if each["id"] == "Consent.provision.provision")
    assert nested["contentReference"] == "http://hl7.org/fhir/StructureDefinition/Consent#Consent.provision"


def test_an_inherited_constraint_keeps_its_words(packed: dict[str, dict[str, Any]]) -> None:
    found = {each["key"]: each for each in packed[ORDER]["snapshot"]["element"][0]["constraint"]}
    parent = PROFILES[PROFILES[ORDER]["baseDefinition"]]
    for said in parent["differential"]["element"][0]["constraint"]:
        assert (found[said["key"]]["human"], found[said["key"]]["requirements"]) == (
            said["human"],
            said["requirements"],
        )


def test_a_differential_that_says_what_it_may_not_is_not_packed(tmp_path: Path) -> None:
    shutil.copy(GUIDE / "package.json", tmp_path)
    element = {"id": "MedicationRequest.nil", "path": "MedicationRequest.nil", "min": 1}
    base = "http://hl7.org/fhir/StructureDefinition/MedicationRequest"
    profile = PROFILES[ORDER] | {"baseDefinition": base, "differential": {"element": [element]}}
    (tmp_path / "StructureDefinition-x.json").write_bytes(json.encode(profile))
    with pytest.raises(Unusable) as raised:
        pack(tmp_path, tmp_path / "none")
    assert [each.rule for each in raised.value.issues] == ["snapshot-path"]


def test_our_validator_loads_it_as_any_package(tmp_path: Path) -> None:
    """Under another canonical, so that the guide that comes with us is of no help."""
    other = "https://your.example/fhir"
    file = tmp_path / "guide.tgz"
    file.write_bytes(pack(GUIDE, EXAMPLES, other))
    validator = Validator(Definitions.bundled().with_packages(ResourcePackage(PackageFiles.of_archive(file))))
    for path in (*sorted(EXAMPLES.glob("*.json")), *sorted((EXAMPLES / "broken").glob("*.json"))):
        moved = json.decode_object(path.read_bytes().replace(b"https://example.org/fhir/iop", other.encode()))
        told = {
            each.rule
            for each in validator.validate(moved)
            if each.is_error or each.rule in {path.stem, "profile-unknown"}
        }
        assert told - TOLD_TWICE.get(path.stem, set()) == ({path.stem} & CONSTRAINTS.keys()), path.name


@pytest.mark.shared
@pytest.mark.skipif(
    shutil.which("node") is None or not (TOOLS / "node_modules").is_dir(),
    reason="needs Node and `npm ci` in .ci/guide to derive from the packed profiles with SUSHI; .ci/run does both",
)
def test_sushi_derives_from_every_packed_profile(archive: bytes, shared: Path, tmp_path: Path) -> None:
    guide = tmp_path / "guide.tgz"
    guide.write_bytes(archive)
    ran = subprocess.run(
        ["node", str(TOOLS / "derive.mjs"), str(guide), "--packages", str(shared / "packages")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == f"{len(PROFILES)} of {len(PROFILES)} profiles and extensions can be derived from\n"
