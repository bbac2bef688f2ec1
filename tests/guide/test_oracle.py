"""HL7's own validator and snapshot generator agree about the guide."""

import importlib.util
import re
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.archive import PackageFiles
from fhir_iop.definitions.packing import pack
from fhir_iop.definitions.resources import ResourcePackage
from fhir_iop.definitions.snapshot.compare import WithoutSnapshots, compare
from fhir_iop.definitions.snapshot.oracle import Oracle
from tests.guide.conftest import GUIDE, resources

pytestmark = [
    pytest.mark.shared,
    pytest.mark.oracle,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java 17 to ask HL7's code"),
]

EXAMPLES = data.folder("examples") / "guide"
PROFILES = sorted(each["url"] for each in resources() if each["resourceType"] == "StructureDefinition")

# What isn't the guide's fault, beside terminology, which the oracle marks itself: content that isn't at hand (SDC, from
# which US Core's profile of answers derives), and a constraint of US Core's that stands on the element it asks for.
NOT_OURS = {
    "Extension_EXT_Unknown_NotHere": "sdc-questionnaire-calculatedExpression",
    "SD_ED_TYPE_PROFILE_NOTYPE": "us-core-questionnaireresponse",
    "ED_INVARIANT_EXPRESSION_ERROR": "'us-core-4'",
}


@pytest.fixture(scope="module")
def packages(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    guide = tmp_path_factory.mktemp("guide") / "dev.fhir-iop.guide-0.1.0.tgz"
    guide.write_bytes(pack(GUIDE, EXAMPLES))
    return [shared / "packages" / "hl7.fhir.us.core-6.1.0.tgz", guide]


@pytest.fixture(scope="module")
def validator(shared: Path, packages: list[Path]) -> Iterator[Any]:
    spec = importlib.util.spec_from_file_location("oracle", shared / "oracle" / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    with module.Oracle(packages) as started:
        yield started
    started._process.stdout.close()


def errors(validator: Any, path: Path | bytes) -> list[dict[str, Any]]:
    """What HL7's validator calls an error, but for what isn't the guide's fault."""
    found = validator.validate(path)
    return [
        each
        for each in found
        if each["severity"] in {"error", "fatal"}
        and not each["terminology"]
        and NOT_OURS.get(each["rule"], "\0") not in each["text"]
    ]


def test_our_snapshots_are_the_ones_of_hl7s_generator(shared: Path, packages: list[Path]) -> None:
    guide = PackageFiles.of_archive(packages[-1])
    ours = Definitions.bundled().with_packages(ResourcePackage(WithoutSnapshots(guide)))
    with Oracle(shared / "oracle", packages) as oracle:
        found = list(compare(PROFILES, ours, oracle.snapshot))
    assert len(found) == len(PROFILES)
    assert [(each.profile, each.missing, each.differences) for each in found if not each.agrees] == []


def test_no_resource_of_the_packed_guide_has_an_error(validator: Any, packages: list[Path]) -> None:
    """Profiles among them, with their snapshots. HL7's code tries the network for each extension, so it takes long."""
    with tarfile.open(packages[-1]) as archive:
        names = [each for each in archive.getnames() if re.fullmatch(r"package/[A-Z][^/]*\.json", each)]
        assert len(names) == len(list(GUIDE.glob("[A-Z]*.json")))
        found = {name: errors(validator, archive.extractfile(name).read()) for name in names}  # type: ignore[union-attr]
    assert {name: told for name, told in found.items() if told} == {}


def test_no_valid_example_has_an_error(validator: Any) -> None:
    found = {path.name: errors(validator, path) for path in sorted(EXAMPLES.glob("*.json"))}
    assert {name: told for name, told in found.items() if told} == {}


def test_every_breaking_example_is_refused_for_the_same_reason(validator: Any) -> None:
    broken = sorted((EXAMPLES / "broken").glob("*.json"))
    assert broken
    for path in broken:
        found = validator.validate(path)
        named = [each for each in found if f"{path.stem}:" in each["text"] or path.stem in str(each["rule"])]
        assert named, (path.stem, [each["text"] for each in found if each["severity"] == "error"])
