"""The build: the same facts, byte for byte, out of the same package, and nothing that an official package words."""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from fhir_iop import data
from fhir_iop.cli.definitions import command
from fhir_iop.definitions import Definitions
from fhir_iop.definitions.build import build
from fhir_iop.definitions.facts import LENGTH, MAGIC, Facts
from fhir_iop.definitions.package import FactsPackage
from fhir_iop.errors import Unusable
from tests.definitions.test_packages import COLOURS, tgz
from tests.definitions.test_snapshot import CORE

BASE = "https://example.org/fhir/test"
WORDS = "These words explain and belong to their author."


def element(id_: str, **other: Any) -> dict[str, Any]:
    return {"id": id_, "path": id_, "definition": WORDS, "min": 0, "max": "1"} | other


PROFILE = {
    "resourceType": "StructureDefinition",
    "url": f"{BASE}/StructureDefinition/p",
    "version": "1.0.0",
    "name": "P",
    "description": WORDS,
    "kind": "resource",
    "abstract": False,
    "type": "Observation",
    "baseDefinition": f"{CORE}/Observation",
    "derivation": "constraint",
    "snapshot": {
        "element": [
            element("Observation", max="*"),
            element(
                "Observation.value[x]",
                patternQuantity={"value": 0.50, "unit": "mg"},
                constraint=[{"key": "p-1", "severity": "error", "human": WORDS, "expression": "value > 0.10"}],
            ),
        ]
    },
}
VALUES = {
    "resourceType": "ValueSet",
    "url": f"{BASE}/ValueSet/v",
    "version": "1.0.0",
    "description": WORDS,
    "compose": {"include": [{"system": COLOURS["url"], "concept": [{"code": "red"}]}]},
}
SEARCH = {
    "resourceType": "SearchParameter",
    "url": f"{BASE}/SearchParameter/s",
    "code": "colour",
    "base": ["Observation", "Condition"],
    "type": "token",
    "description": WORDS,
    "expression": "Observation.value | Condition.code.where(text = 'a | b')",
}
FILES = {
    "package/package.json": {
        "name": "example.test",
        "version": "1.0.0",
        "license": "CC0-1.0",
        "dependencies": {"x": "1"},
    },
    "package/p.json": json.dumps(PROFILE).replace("0.5,", "0.50,").encode(),
    "package/v.json": VALUES,
    "package/c.json": COLOURS,
    "package/s.json": SEARCH,
    "package/example/patient.json": {"resourceType": "Patient", "url": "urn:no", "text": {"div": WORDS}},
}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "example.test-1.0.0.tgz"
    path.write_bytes(tgz(FILES))
    return path


def test_facts_are_read_again(archive: Path, tmp_path: Path) -> None:
    built = build(archive, tmp_path / "out")
    assert built.counts == {"CodeSystem": 1, "SearchParameter": 1, "StructureDefinition": 1, "ValueSet": 1}
    package = FactsPackage(Facts.open(built.path))
    assert (package.name, package.version, package.dependencies) == ("example.test", "1.0.0", {"x": "1"})
    known = Definitions.bundled().with_packages(package)
    structure = known.structure(f"{BASE}/StructureDefinition/p")
    assert structure is not None
    value = structure.by_id["Observation.value[x]"]
    assert value.pattern is not None
    assert str(value.pattern[1]["value"]) == "0.50"
    assert [(each.key, each.human) for each in value.constraints] == [("p-1", "")]
    assert known.codes(f"{BASE}/ValueSet/v") == {"red"}
    assert known.search_parameters("Observation")["colour"].expression == "Observation.value"
    assert known.search_parameters("Condition")["colour"].expression == "Condition.code.where(text = 'a | b')"


def test_the_same_package_gives_the_same_bytes(archive: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned" / archive.name
    turned.parent.mkdir()
    turned.write_bytes(tgz(dict(reversed(FILES.items()))))
    one, other = build(archive, tmp_path / "one"), build(turned, tmp_path / "other")
    assert one.path.read_bytes() == other.path.read_bytes()


def test_no_prose_is_carried(archive: Path, tmp_path: Path) -> None:
    facts = Facts.open(build(archive, tmp_path).path)
    blocks = [zlib.decompress(facts.raw_block(number)) for number in range(len(facts.index.blocks))]
    assert b"p-1" in b"".join(blocks)
    assert WORDS.encode() not in b"".join(blocks)


def test_sources_say_what_it_was_made_from(archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "profiles" / "test"
    build(archive, folder)
    other = tmp_path / "example.test-0.9.0.tgz"
    other.write_bytes(tgz(FILES | {"package/package.json": {"name": "example.test", "version": "0.9.0"}}))
    for path in (other, archive):
        build(path, folder)
    entries = (folder / "SOURCES").read_text().split("\n\n")
    assert [entry.splitlines()[0] for entry in entries] == [
        "file: example.test-0.9.0.facts",
        "file: example.test-1.0.0.facts",
    ]
    told = dict(line.split(": ", 1) for line in entries[1].splitlines())
    assert told["licence"] == "CC0-1.0"
    assert told["sha256"] == hashlib.sha256(archive.read_bytes()).hexdigest()
    assert told["command"] == f"fhir-iop definitions build --package {archive.name} -o profiles/test"


def test_the_command_counts_what_it_built(archive: Path, tmp_path: Path) -> None:
    ran = CliRunner().invoke(command, ["build", "--package", str(archive), "-o", str(tmp_path / "out")])
    assert ran.exit_code == 0, ran.output
    assert "StructureDefinition" in ran.output
    assert (tmp_path / "out" / "example.test-1.0.0.facts").is_file()


@pytest.mark.parametrize("raw", [b"", b"nothing of the kind", b"fhir-iop facts 1\n", b"fhir-iop facts 1\n\0\0\0\4abcd"])
def test_what_is_no_facts_file_is_told(raw: bytes) -> None:
    with pytest.raises(Unusable) as refused:
        Facts(raw, "a.facts")
    assert refused.value.issues[0].rule == "facts-unreadable"


def test_a_damaged_facts_file_is_told(archive: Path, tmp_path: Path) -> None:
    raw = bytearray(build(archive, tmp_path).path.read_bytes())
    raw[-40:] = bytes(40)
    with pytest.raises(Unusable):
        FactsPackage(Facts(bytes(raw), "a.facts")).search_parameters("Observation")
    start = len(MAGIC) + LENGTH.size + LENGTH.unpack_from(raw, len(MAGIC))[0]
    raw[start:] = bytes(len(raw) - start)
    damaged = Facts(bytes(raw), "a.facts")
    (places, *_) = damaged.index.places["StructureDefinition"].values()
    with pytest.raises(Unusable):
        damaged.at("StructureDefinition", places[0])


@pytest.mark.shared
def test_the_bundled_facts_are_what_the_official_packages_give(shared: Path, tmp_path: Path) -> None:
    for sources in data.folder("profiles").glob("*/SOURCES"):
        for entry in sources.read_text().split("\n\n"):
            told = dict(line.split(": ", 1) for line in entry.splitlines())
            built = build(shared / "packages" / told["package"], tmp_path / sources.parent.name)
            bundled = Facts.open(sources.parent / told["file"])
            # The facts, not the file: another zlib may compress them to other bytes.
            assert Facts.open(built.path).index.fingerprint == bundled.index.fingerprint
            assert (tmp_path / sources.parent.name / "SOURCES").read_text().find(told["sha256"]) > 0


def test_the_bundled_facts_say_where_they_come_from() -> None:
    for folder in ("r4", "us-core"):
        sources = (data.folder("profiles") / folder / "SOURCES").read_text()
        files = {path.name for path in (data.folder("profiles") / folder).glob("*.facts")}
        assert {line.removeprefix("file: ") for line in sources.splitlines() if line.startswith("file: ")} == files
        assert json.dumps(sources).count("CC0-1.0") == len(files)
