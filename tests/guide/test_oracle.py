"""HL7's own validator and snapshot generator agree about the guide.

All of it is asked. What the validator says and isn't the guide's fault stands in ``oracle_findings.toml``, with the
reason; anything else that it says fails a test, in the example stories too. It takes about ten minutes.
"""

import importlib.util
import re
import shutil
import tarfile
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.archive import PackageFiles
from fhir_iop.definitions.packing import pack
from fhir_iop.definitions.resources import ResourcePackage
from fhir_iop.definitions.snapshot.compare import WithoutSnapshots, compare
from fhir_iop.definitions.snapshot.oracle import Oracle
from fhir_iop.fhir import json
from tests.guide.conftest import GUIDE, HERE, resources
from tests.guide.test_examples import CONSTRAINTS

pytestmark = [
    pytest.mark.shared,
    pytest.mark.oracle,
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java 17 to ask HL7's code"),
]

EXAMPLES = data.folder("examples") / "guide"
PROFILES = sorted(each["url"] for each in resources() if each["resourceType"] == "StructureDefinition")
EXPLAINED = [
    (re.compile(each["text"]), each["why"])
    for each in tomllib.loads((HERE / "oracle_findings.toml").read_text("utf-8"))["finding"]
]


class Finding(NamedTuple):
    """What HL7's validator says beside what is explained, and whether it stops a resource: error or warning."""

    severity: str
    expression: str
    text: str


class Asked(NamedTuple):
    """What was found, by file, in the guide, its examples and the stories; how often each reason was one."""

    guide: dict[str, list[Finding]]
    valid: dict[str, list[Finding]]
    broken: dict[str, list[Finding]]
    stories: dict[str, list[Finding]]
    reasons: Counter[str]


@pytest.fixture(scope="module", autouse=True)
def offline(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Forbid HL7's code the network, in its own settings: it would ask it for a package at every extension."""
    file = tmp_path_factory.mktemp("oracle") / "fhir-settings.json"
    file.write_bytes(json.encode({"prohibitNetworkAccess": True, "ignoreDefaultPackageServers": True, "servers": []}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JAVA_TOOL_OPTIONS", f"-Dfhir.settings.path={file}")
        yield


@pytest.fixture(scope="module")
def packages(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    guide = tmp_path_factory.mktemp("guide") / "dev.fhir-iop.guide-0.1.0.tgz"
    guide.write_bytes(pack(GUIDE, EXAMPLES))
    return [shared / "packages" / "hl7.fhir.us.core-6.1.0.tgz", guide]


@pytest.fixture(scope="module")
def asked(shared: Path, packages: list[Path]) -> Asked:
    """Everything, asked once."""
    spec = importlib.util.spec_from_file_location("oracle", shared / "oracle" / "oracle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    reasons: Counter[str] = Counter()
    valid = {path.name: path.read_bytes() for path in sorted(EXAMPLES.glob("*.json"))}
    broken = {path.stem: path.read_bytes() for path in sorted((EXAMPLES / "broken").glob("*.json"))}
    with module.Oracle(packages) as running:
        found = [
            {name: list(unexplained(running.validate(content), reasons)) for name, content in files.items()}
            for files in (packed(packages[-1]), valid, broken, stories())
        ]
    running._process.stdout.close()
    return Asked(*found, reasons)


def packed(archive: Path) -> dict[str, bytes]:
    """The resources of the packed guide: profiles and extensions with their snapshots."""
    with tarfile.open(archive) as opened:
        names = [each for each in opened.getnames() if re.fullmatch(r"package/[A-Z][^/]*\.json", each)]
        return {Path(name).name: opened.extractfile(name).read() for name in sorted(names)}  # type: ignore[union-attr]  # all are files


def stories() -> dict[str, bytes]:
    """The resources of the example stories, and what is exchanged with the pharmacy."""
    lines = {
        f"{path.name}:{number}": line
        for path in sorted((EXAMPLES.parent / "bulk").glob("*.ndjson"))
        for number, line in enumerate(path.read_bytes().splitlines(), start=1)
    }
    exchanged = sorted(EXAMPLES.parent.glob("0*/rx-*.json"))
    return lines | {path.name: path.read_bytes() for path in exchanged}


def unexplained(told: list[dict[str, Any]], reasons: Counter[str]) -> Iterator[Finding]:
    for each in told:
        if each["severity"] == "information":
            continue
        why = [why for known, why in EXPLAINED if known.search(each["text"])]
        reasons.update(why)
        if not why:
            yield Finding(each["severity"], each["expression"], each["text"])


def test_our_snapshots_are_the_ones_of_hl7s_generator(shared: Path, packages: list[Path]) -> None:
    guide = PackageFiles.of_archive(packages[-1])
    ours = Definitions.bundled().with_packages(ResourcePackage(WithoutSnapshots(guide)))
    with Oracle(shared / "oracle", packages) as oracle:
        found = list(compare(PROFILES, ours, oracle.snapshot))
    assert len(found) == len(PROFILES)
    assert [(each.profile, each.missing, each.differences) for each in found if not each.agrees] == []


def test_nothing_is_wrong_with_any_resource_of_the_packed_guide(asked: Asked) -> None:
    assert asked.guide.keys() == {path.name for path in GUIDE.glob("[A-Z]*.json")}
    assert {name: found for name, found in asked.guide.items() if found} == {}


def test_nothing_is_wrong_with_any_valid_example(asked: Asked) -> None:
    assert {name: found for name, found in asked.valid.items() if found} == {}


def test_nothing_is_wrong_with_any_resource_of_the_stories(asked: Asked) -> None:
    assert len(asked.stories) > 150
    assert {name: found for name, found in asked.stories.items() if found} == {}


def test_every_breaking_example_is_refused_for_the_same_reason_and_no_other(asked: Asked) -> None:
    assert asked.broken.keys() == CONSTRAINTS.keys()
    told = {
        key: [(each.severity, each.text.removeprefix("Constraint failed: ").partition(": ")[0]) for each in found]
        for key, found in asked.broken.items()
    }
    assert told == {key: [(severity, key)] for key, severity in CONSTRAINTS.items()}


def test_what_is_explained_is_still_told(asked: Asked) -> None:
    assert [why for _, why in EXPLAINED if not asked.reasons[why]] == []
