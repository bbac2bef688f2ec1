"""Packages from every place they can lie in, and archives that mean harm."""

import base64
import gzip
import hashlib
import io
import json
import tarfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.definitions import Definitions, configured
from fhir_iop.definitions.archive import Limits, members
from fhir_iop.definitions.packages import load_package, load_packages, package_of
from fhir_iop.definitions.registry import Registry
from fhir_iop.errors import FhirIopError, Unavailable, Unusable
from fhir_iop.session import Session
from fhir_iop.settings import Settings
from tests import loopback

BASE = "https://example.org/fhir/test"
MANIFEST = {"name": "example.test", "version": "1.2.0", "dependencies": {"hl7.fhir.r4.core": "4.0.1"}}
COLOURS = {
    "resourceType": "CodeSystem",
    "url": f"{BASE}/CodeSystem/colours",
    "version": "1.2.0",
    "status": "active",
    "content": "complete",
    "concept": [{"code": "red", "display": "Red"}],
}


def tgz(files: dict[str, bytes | dict[str, Any]]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        for name, content in files.items():
            raw = content if isinstance(content, bytes) else json.dumps(content).encode()
            entry = tarfile.TarInfo(name)
            entry.size = len(raw)
            archive.addfile(entry, io.BytesIO(raw))
    return made.getvalue()


PACKAGE = tgz({"package/package.json": MANIFEST, "package/CodeSystem-colours.json": COLOURS})


def unpacked(into: Path) -> Path:
    folder = into / "package"
    folder.mkdir(parents=True)
    (folder / "package.json").write_text(json.dumps(MANIFEST))
    (folder / "CodeSystem-colours.json").write_text(json.dumps(COLOURS))
    return into


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "example.tgz"
    path.write_bytes(PACKAGE)
    return path


def test_an_archive(archive: Path) -> None:
    package = load_package(archive)
    assert (package.name, package.version) == ("example.test", "1.2.0")
    known = Definitions.bundled().with_packages(package)
    assert known.display(f"{BASE}/CodeSystem/colours", "red") == "Red"
    assert Definitions.bundled().code_system(f"{BASE}/CodeSystem/colours") is None


@pytest.mark.parametrize("inner", ["", "package"])
def test_a_folder(tmp_path: Path, inner: str) -> None:
    package = load_package(unpacked(tmp_path / "here") / inner)
    assert package.versions("CodeSystem", f"{BASE}/CodeSystem/colours") == {"1.2.0"}


@pytest.mark.parametrize("version", ["1.2.0", "1.2", "1.2.x", "1"])
def test_the_cache(tmp_path: Path, version: str) -> None:
    unpacked(tmp_path / "example.test#1.2.0")
    assert load_package(f"example.test#{version}", cache=tmp_path).version == "1.2.0"


@pytest.mark.parametrize("identity", ["example.test#2", "other#1.2.0", "../example.test#1.2.0", "nothing.tgz", "a#.."])
def test_what_is_not_there(tmp_path: Path, identity: str) -> None:
    unpacked(tmp_path / "example.test#1.2.0")
    with pytest.raises(Unusable) as refused:
        load_package(identity, cache=tmp_path / "x" / ".." if ".." in identity else tmp_path)
    assert refused.value.issues[0].rule == "package-missing"


def test_a_missing_dependency_is_named_and_the_rest_is_used(tmp_path: Path) -> None:
    manifest = MANIFEST | {
        "dependencies": {"hl7.fhir.r4.core": "4.0.1", "us.nlm.vsac": "0.10.0", "example.near": "1.x"}
    }
    near = tmp_path / "cache" / "example.near#1.0.3" / "package"
    near.mkdir(parents=True)
    (near / "package.json").write_text(json.dumps({"name": "example.near", "version": "1.0.3"}))
    path = tmp_path / "a.tgz"
    path.write_bytes(tgz({"package/package.json": manifest, "package/CodeSystem-colours.json": COLOURS}))
    known, issues = load_packages([path], Definitions.bundled(), cache=tmp_path / "cache")
    assert [(found.rule, found.severity) for found in issues] == [("package-dependency", "warning")]
    assert "us.nlm.vsac#0.10.0" in issues[0].details
    assert [package.name for package in known.packages][:2] == ["example.test", "example.near"]


@pytest.mark.parametrize("name", ["../../*", "/etc", "a/../b", "**", "example.test#1.2.0/../x", ""])
def test_a_dependency_that_is_no_packages_name_is_never_looked_for(tmp_path: Path, name: str) -> None:
    unpacked(tmp_path / "example.test#1.2.0")
    path = tmp_path / "a.tgz"
    path.write_bytes(tgz({"package/package.json": MANIFEST | {"name": "a", "dependencies": {name: "1.2.0"}}}))
    known, issues = load_packages([path], Definitions.bundled(), cache=tmp_path / "example.test#1.2.0")
    assert [found.rule for found in issues] == ["package-dependency"]
    assert known.packages[0].name == "a"


def test_a_file_that_is_no_resource_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.tgz"
    path.write_bytes(tgz({"package/package.json": MANIFEST, "package/bad.json": b"{", "package/b.json": COLOURS}))
    known, issues = load_packages([path], Definitions.bundled(), cache=tmp_path)
    assert [(found.rule, found.expression) for found in issues] == [("package-resource", "bad.json")]
    assert known.code_system(COLOURS["url"]) is not None


def test_two_versions_side_by_side() -> None:
    older, newer = (
        package_of([COLOURS | {"version": version, "concept": [{"code": code}]}], "example.test", version)
        for version, code in (("1.2.0", "red"), ("1.10.0", "blue"))
    )
    known = Definitions.bundled().with_packages(newer, older)
    url = str(COLOURS["url"])
    for canonical, code in ((url, "blue"), (f"{url}|1.2.0", "red"), (f"{url}|1.10", "blue"), (f"{url}|1.2", "red")):
        found = known.code_system(canonical)
        assert found is not None
        assert [concept.code for concept in found.concepts] == [code]


def test_a_whole_resource_is_given_back(archive: Path) -> None:
    known = Definitions.bundled().with_packages(load_package(archive))
    assert known.resource(f"{BASE}/CodeSystem/colours|1.2", "CodeSystem") == COLOURS
    assert known.resource(f"{BASE}/CodeSystem/colours|2", "CodeSystem") is None


# --- archives that mean harm ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["../x.json", "/etc/x.json", "package/../../x.json", "package\\..\\x.json", "C:/x.json"]
)
def test_a_name_that_leaves_the_archive_is_refused(name: str) -> None:
    with pytest.raises(Unusable) as refused:
        list(members(tgz({name: b"{}"}), "hostile"))
    assert refused.value.issues[0].rule == "package-unsafe"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE])
def test_links_and_devices_are_refused(kind: bytes) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        entry = tarfile.TarInfo("package/package.json")
        entry.type = kind
        entry.linkname = "/etc/passwd"
        archive.addfile(entry)
    with pytest.raises(Unusable) as refused:
        list(members(made.getvalue(), "hostile"))
    assert refused.value.issues[0].rule == "package-unsafe"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = tgz({"package/package.json": b" " * 5_000_000})
    assert len(bomb) < 10_000
    with pytest.raises(Unusable) as refused:
        list(members(bomb, "hostile", Limits(total=1_000_000)))
    assert refused.value.issues[0].rule == "package-too-large"
    many = tgz({f"package/{number}.json": b"{}" for number in range(20)})
    with pytest.raises(Unusable):
        list(members(many, "hostile", Limits(entries=10)))


def test_a_long_name_that_is_a_bomb_is_refused() -> None:
    header = tarfile.TarInfo("././@LongLink")
    header.type = tarfile.GNUTYPE_LONGNAME
    header.size = 5_000_000
    raw = gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + b"x" * header.size)
    with pytest.raises(Unusable) as refused:
        list(members(raw, "hostile", Limits(total=1_000_000)))
    assert refused.value.issues[0].rule == "package-too-large"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not a package",
        gzip.compress(b"neither", mtime=0),
        PACKAGE[: len(PACKAGE) // 2],
        tgz({"package/a.json": b"{}"}),
    ],
    ids=["empty", "text", "no tar", "half", "no manifest"],
)
def test_what_is_no_package_is_told(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "a.tgz"
    path.write_bytes(raw)
    with pytest.raises(Unusable):
        load_package(path)


@given(st.binary(max_size=300), st.integers(0, len(PACKAGE)))
def test_damaged_archives_are_refused_or_read(noise: bytes, at: int) -> None:
    damaged = PACKAGE[:at] + noise + PACKAGE[at + len(noise) :]
    try:
        list(members(damaged, "damaged"))
    except FhirIopError as refused:
        assert refused.issues[0].expression == "damaged"  # noqa: PT017  # it may also be read


# --- a registry ----------------------------------------------------------------------------------------------------
def registry(peer: loopback.Peer, **distribution: str) -> Registry:
    def route(request: loopback.Request) -> loopback.Behaviour:
        if request.target == "/example.test":
            told = {"tarball": f"{peer.url}/example.test-1.2.0.tgz"} | distribution
            return loopback.reply(
                {"versions": {"1.2.0": {"dist": told}, "1.1.0": {}}, "dist-tags": {"latest": "1.2.0"}}
            )
        if request.target == "/example.test-1.2.0.tgz":
            return loopback.reply(PACKAGE, media_type="application/gzip")
        return loopback.reply({}, status=404)

    peer.routes(route)
    return Registry(peer.url, Session(timeout=5, attempts=1))


INTEGRITY = "sha512-" + base64.b64encode(hashlib.sha512(PACKAGE).digest()).decode()
SHASUM = hashlib.sha1(PACKAGE, usedforsecurity=False).hexdigest()


@pytest.mark.parametrize("wanted", ["1.2.0", "1.2.x", "1", "latest"])
@pytest.mark.parametrize(
    "distribution", [{}, {"integrity": INTEGRITY}, {"shasum": SHASUM}], ids=["bare", "sha512", "sha1"]
)
def test_a_registry(peer: loopback.Peer, tmp_path: Path, wanted: str, distribution: dict[str, str]) -> None:
    package = load_package(f"example.test#{wanted}", cache=tmp_path, registry=registry(peer, **distribution))
    assert package.version == "1.2.0"
    assert len(peer.requests) == 2


@pytest.mark.parametrize("identity", ["example.test#2.0.0", "example.test#1.1.0", "other#1.2.0"])
def test_a_registry_that_has_no_such_package(peer: loopback.Peer, tmp_path: Path, identity: str) -> None:
    with pytest.raises(Unusable) as refused:
        load_package(identity, cache=tmp_path, registry=registry(peer))
    assert refused.value.issues[0].rule == "package-missing"


@pytest.mark.parametrize("distribution", [{"integrity": "sha512-AAAA"}, {"shasum": "00"}])
def test_other_bytes_than_announced_are_refused(
    peer: loopback.Peer, tmp_path: Path, distribution: dict[str, str]
) -> None:
    with pytest.raises(Unusable) as refused:
        load_package("example.test#1.2.0", cache=tmp_path, registry=registry(peer, **distribution))
    assert refused.value.issues[0].rule == "package-altered"


def test_the_cache_is_asked_before_the_registry(peer: loopback.Peer, tmp_path: Path) -> None:
    unpacked(tmp_path / "example.test#1.2.0")
    load_package("example.test#1.2.0", cache=tmp_path, registry=registry(peer))
    assert peer.requests == []


def test_a_registry_that_is_down(peer: loopback.Peer, tmp_path: Path) -> None:
    peer.answers(loopback.cut())
    down = Registry(peer.url, Session(timeout=1, attempts=1))
    with pytest.raises(Unavailable):
        load_package("example.test#1.2.0", cache=tmp_path, registry=down)


def test_a_deployment_adds_its_folder_and_asks_its_registry(peer: loopback.Peer, tmp_path: Path) -> None:
    registry(peer)
    unpacked(tmp_path / "packages" / "unpacked")
    (tmp_path / "packages" / "notes.txt").write_text("no package")
    settings = Settings(packages_folder=str(tmp_path / "packages"), registry=peer.url)
    known, issues = configured(settings, ["example.test#1.2.0"], cache=tmp_path / "cache")
    assert issues == []
    assert known.display(COLOURS["url"], "red") == "Red"
    assert len(peer.requests) == 2


def test_a_deployment_without_additions_has_what_is_bundled() -> None:
    assert configured(Settings()) == (Definitions.bundled(), [])


def test_a_folder_of_packages_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Unusable) as refused:
        configured(Settings(packages_folder=str(tmp_path / "nowhere")))
    assert refused.value.issues[0].rule == "package-folder"
