"""What is kept on disk changes no finding: cold, warm, damaged, out of reach, or of definitions that were changed."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fhir_iop.definitions import Definitions, derived
from fhir_iop.definitions.packages import package_of
from fhir_iop.fhirpath.expression import Expression
from fhir_iop.issue import Issue
from fhir_iop.validation import Validator
from tests.validation.made import coded, observation, order, patient
from tests.validation.test_hostile_profiles import BASE, asking, bound, profile, value_set

US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-"
VALUES = [
    patient(),
    patient(contact=[{"gender": "female"}], birthDate="1990-02-30"),
    patient(meta={"profile": [f"{US_CORE}patient"]}, identifier=[{"use": "bogus"}], name=[{"use": "official"}]),
    order(meta={"profile": [f"{US_CORE}medicationrequest"]}, dosageInstruction=[{"timing": {"repeat": {"period": 1}}}]),
    order(dispenseRequest={"validityPeriod": {"start": "2026-02-01", "end": "2026-01-01"}}),
    observation(valueQuantity={"value": 1, "code": "mg"}, referenceRange=[{"age": {"low": {"value": 1}}}]),
    observation(extension=[{"url": f"{US_CORE}race"}], valueRange={"low": {"value": 3}, "high": {"value": 1}}),
    {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": patient(gender="none")}]},
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder where this test's validators keep what they write."""
    monkeypatch.setenv("FHIR_IOP_CACHE_FOLDER", str(tmp_path / "cache"))
    return tmp_path / "cache"


def found(definitions: Definitions | None = None, values: list[dict[str, Any]] = VALUES) -> list[list[Issue]]:
    """Return what a validator finds that knows nothing but what is on disk, and let it leave what it wrote there."""
    definitions = definitions or Definitions(Definitions.bundled().packages)
    validator = Validator(definitions)
    told = [validator.validate_text(json.dumps(value)) for value in values]
    definitions.derived.save()
    return told


@pytest.fixture(scope="module")
def expected() -> list[list[Issue]]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("FHIR_IOP_CACHE_FOLDER", "none")
        return found()


def fails(*_: Any, **__: Any) -> Any:
    raise AssertionError("this was to be kept")


def test_cold_and_warm_find_the_same(
    folder: Path, expected: list[list[Issue]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sum(map(len, expected)) > 10
    assert found() == expected
    (file,) = folder.iterdir()
    first = file.read_bytes()
    monkeypatch.setattr(Expression, "_new", fails)
    monkeypatch.setattr(derived, "compile", fails, raising=False)
    assert found() == expected
    assert found(values=VALUES[::-1]) == expected[::-1]  # functions meet in another order, and are the same
    assert file.read_bytes() == first


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-7]),
        lambda file: file.write_bytes(file.read_bytes().replace(b"holds", b"folds")),
        lambda file: file.chmod(0o666),
        lambda file: file.unlink(),
        lambda file: (file.unlink(), file.mkdir()),
        lambda file: (file.unlink(), file.parent.rmdir(), file.parent.write_bytes(b"in the way")),
        lambda file: file.parent.chmod(0o777),
    ],
)
def test_what_cannot_be_trusted_or_read_is_written_again(
    folder: Path, expected: list[list[Issue]], damage: Callable[[Path], Any]
) -> None:
    found(values=VALUES[:2])
    (file,) = folder.iterdir()
    damage(file)
    assert found() == expected
    assert found() == expected


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_only_be_read_serves(folder: Path, expected: list[list[Issue]]) -> None:
    found(values=VALUES[:2])
    folder.chmod(0o500)
    assert found() == expected


def test_a_profile_changed_under_the_same_canonical_is_another(folder: Path) -> None:
    def told(gender: str) -> list[str]:
        same = profile("same", "Patient", asking("Patient", f"gender = '{gender}'"))
        definitions = Definitions.bundled().with_packages(package_of([same], "example.same", "1.0.0"))
        value = patient(meta={"profile": [BASE + "same|1"]})
        return [one.rule for (issues,) in [found(definitions, [value])] for one in issues if one.is_error]

    assert told("female") == []
    assert told("male") == ["own-1"]
    assert told("female") == []


def test_a_value_set_changed_under_the_same_canonical_is_another(folder: Path) -> None:
    def told(code: str) -> list[str]:
        codes = value_set("same", {"system": BASE + "codes", "concept": [{"code": code}]})
        definitions = Definitions.bundled().with_packages(package_of([codes, bound("same")], "example.same", "1.0.0"))
        value = patient(meta={"profile": [BASE + "bound-same"]}, maritalStatus=coded(BASE + "codes", "a"))
        return [one.rule for (issues,) in [found(definitions, [value])] for one in issues if one.is_error]

    assert told("a") == []
    assert told("b") == ["binding-required"]
    assert told("a") == []
    assert len(list(folder.iterdir())) == 2


def test_processes_at_once_find_the_same(tmp_path: Path) -> None:
    lines = tmp_path / "many.ndjson"
    lines.write_bytes(b"\n".join(json.dumps(value).encode() for value in VALUES))
    program = "import sys; from fhir_iop.cli import main; sys.argv[0] = 'fhir-iop'; main()"

    def started(cache: str) -> subprocess.Popen[bytes]:
        arguments = [sys.executable, "-c", program, "validate", str(lines)]
        return subprocess.Popen(
            arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=os.environ | {"FHIR_IOP_CACHE_FOLDER": cache}
        )

    alone, _ = started("none").communicate(timeout=60)
    assert alone.count(b"error") > 5
    for _ in range(2):  # cold, then warm
        running = [started(str(tmp_path / "cache")) for _ in range(3)]
        assert [each.communicate(timeout=60)[0] for each in running] == [alone] * 3
        assert [each.returncode for each in running] == [1, 1, 1]
    (file,) = (tmp_path / "cache").iterdir()
    assert file.suffix == ".derived"
