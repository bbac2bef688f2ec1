"""Our snapshots beside the published ones; what differs is listed here, with the reason."""

import json
import shutil
import stat
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from fhir_iop.cli.definitions import command
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.archive import PackageFiles
from fhir_iop.definitions.packages import package_of
from fhir_iop.definitions.resources import ResourcePackage
from fhir_iop.definitions.snapshot.compare import WithoutSnapshots, compare, differences, published
from fhir_iop.definitions.snapshot.oracle import Oracle
from tests.definitions.test_packages import tgz
from tests.definitions.test_snapshot import profile

NEEDS_SDC = ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-questionnaireresponse"]


@pytest.mark.shared
@pytest.mark.parametrize(("version", "profiles"), [("6.1.0", 59), ("7.0.0", 63)])
def test_us_core_snapshots_are_the_published_ones(shared: Path, version: str, profiles: int) -> None:
    files = PackageFiles.of_archive(shared / "packages" / f"hl7.fhir.us.core-{version}.tgz")
    definitions = Definitions.bundled().with_packages(ResourcePackage(WithoutSnapshots(files)))
    official = {profile["url"]: profile for profile in published(files)}
    found = list(compare(official, definitions, official.__getitem__))
    assert len(found) == profiles
    assert [each.profile for each in found if not each.agrees] == NEEDS_SDC
    reasons = [reason for each in found for reason in each.reasons]
    assert len(reasons) == 1
    assert "sdc-questionnaireresponse" in reasons[0]


@pytest.mark.shared
@pytest.mark.oracle
@pytest.mark.skipif(shutil.which("java") is None, reason="needs Java 17 to ask HL7's generator")
@pytest.mark.parametrize(
    ("version", "agreeing"), [pytest.param("6.1.0", 42, marks=pytest.mark.slow), pytest.param("7.0.0", 45)]
)
def test_what_differs_from_hl7s_generator_has_a_reason(shared: Path, version: str, agreeing: int) -> None:
    archive = shared / "packages" / f"hl7.fhir.us.core-{version}.tgz"
    files = PackageFiles.of_archive(archive)
    definitions = Definitions.bundled().with_packages(ResourcePackage(WithoutSnapshots(files)))
    with Oracle(shared / "oracle", [archive]) as oracle:
        found = list(compare((each["url"] for each in published(files)), definitions, oracle.snapshot))
    assert [each.profile for each in found if each.missing] == NEEDS_SDC
    assert sum(each.agrees for each in found) >= agreeing
    assert {reason for each in found for reason in each.reasons if reason.startswith("No reason")} == set()


def test_every_kind_of_difference_is_seen() -> None:
    known = Definitions.bundled().with_packages(
        package_of(
            [
                profile("a", "Patient", {"path": "Patient.name", "min": 1}),
                profile(
                    "b", "Patient", {"path": "Patient.name", "max": "1"}, {"path": "Patient.name.family", "min": 1}
                ),
            ],
            "example.test",
            "1.0.0",
        )
    )
    a, b = (known.structure(f"https://example.org/fhir/test/StructureDefinition/{name}") for name in "ab")
    assert a is not None
    assert b is not None
    assert list(differences(a, a)) == []
    found = {(each.element, each.fact) for each in differences(a, b)}
    assert ("Patient.name", "min") in found
    assert ("Patient.name", "max") in found
    assert ("Patient.name.family", "element") in found


def package(folder: Path) -> Path:
    """A package of one profile whose published snapshot demands a name, which its differential doesn't."""
    patient = profile("p", "Patient", {"path": "Patient.gender", "min": 1})
    elements = [
        {"id": id_, "path": id_, "min": least, "max": "*", "base": {"path": id_, "min": 0, "max": "*"}}
        for id_, least in (("Patient", 0), ("Patient.name", 1))
    ]
    path = folder / "example.test-1.0.0.tgz"
    manifest = {"name": "example.test", "version": "1.0.0"}
    files = {"package/package.json": manifest, "package/p.json": patient | {"snapshot": {"element": elements}}}
    path.write_bytes(tgz(files))  # type: ignore[arg-type]  # dicts all of them
    return path


def test_the_command_lists_what_differs(tmp_path: Path) -> None:
    rows = tmp_path / "rows.json"
    ran = CliRunner().invoke(command, ["compare-snapshots", "--package", str(package(tmp_path)), "--json", str(rows)])
    assert ran.exit_code == 1, ran.output
    assert "Patient.name · min: ours 0, theirs 1" in ran.output
    (row,) = json.loads(rows.read_bytes())
    assert (row["compared"], row["profile"]) == (
        "ours and published",
        "https://example.org/fhir/test/StructureDefinition/p",
    )
    assert {"element": "Patient.name", "fact": "min", "ours": 0, "theirs": 1} in row["differences"]


def test_the_command_asks_an_oracle(tmp_path: Path) -> None:
    answer = {"fault": "it can't"}
    oracle = tmp_path / "oracle"
    oracle.write_text(
        f"#!{sys.executable}\nimport sys\nprint('ready', flush=True)\n"
        f"for line in sys.stdin:\n    print({json.dumps(json.dumps(answer))}, flush=True)\n"
    )
    oracle.chmod(oracle.stat().st_mode | stat.S_IXUSR)
    arguments = ["compare-snapshots", "--package", str(package(tmp_path)), "--oracle", str(tmp_path)]
    ran = CliRunner().invoke(command, arguments)
    assert ran.exit_code == 1, ran.output
    assert "(it can't)" in ran.output


def test_both_sides_load_what_it_builds_on(tmp_path: Path) -> None:
    base = profile("base", "Patient", {"path": "Patient.name", "min": 1})
    child = profile("child", "Patient", {"path": "Patient.name", "max": "1"}) | {"baseDefinition": base["url"]}
    elements = [
        {"id": id_, "path": id_, "min": least, "max": most}
        for id_, least, most in (("Patient", 0, "*"), ("Patient.name", 1, "1"))
    ]
    for name, one in (("base.test", base), ("child.test", child | {"snapshot": {"element": elements}})):
        manifest = {"name": name, "version": "1.0.0"}
        files = {"package/package.json": manifest, "package/p.json": one}
        (tmp_path / f"{name}-1.0.0.tgz").write_bytes(tgz(files))  # type: ignore[arg-type]  # dicts all of them
    oracle, loaded = tmp_path / "oracle", tmp_path / "loaded"
    oracle.write_text(
        f"#!{sys.executable}\nimport sys\nopen({str(loaded)!r}, 'w').write(' '.join(sys.argv[1:]))\n"
        "print('ready', flush=True)\nfor line in sys.stdin:\n    print('{\"fault\": \"no\"}', flush=True)\n"
    )
    oracle.chmod(oracle.stat().st_mode | stat.S_IXUSR)
    under, over = (str(tmp_path / f"{name}.test-1.0.0.tgz") for name in ("base", "child"))
    ran = CliRunner().invoke(
        command, ["compare-snapshots", "--package", over, "--with", under, "--oracle", str(oracle)]
    )
    assert "Patient.name · min" not in ran.output
    assert "Patient.name · max" not in ran.output
    assert loaded.read_text() == f"--package {under} --package {over}"
    alone = CliRunner().invoke(command, ["compare-snapshots", "--package", over])
    assert "Patient.name · min: ours 0, theirs 1" in alone.output


def test_an_oracle_that_says_nothing_ends_the_command(tmp_path: Path) -> None:
    oracle = tmp_path / "oracle"
    oracle.write_text(f"#!{sys.executable}\n")
    oracle.chmod(oracle.stat().st_mode | stat.S_IXUSR)
    arguments = ["compare-snapshots", "--package", str(package(tmp_path)), "--oracle", str(oracle)]
    ran = CliRunner().invoke(command, arguments)
    assert ran.exception is not None
    assert "oracle" in str(ran.exception)
