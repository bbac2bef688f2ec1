"""What is kept on disk comes again where it follows from the same, and nowhere else; the disk is never a fault."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fhir_iop.definitions import Definitions, Membership, derived, own_files
from fhir_iop.definitions.derived import Derived
from fhir_iop.definitions.packages import load_package

VALUE = ("text", {"a": frozenset({"b"})}, 1, None, compile("1 + 1", "<test>", "eval"))


def kept(folder: Path | None, fingerprint: str = "of these") -> Derived:
    return Derived(lambda: fingerprint, lambda: folder)


def left_by_another(folder: Path) -> Path:
    """Keep a value as an earlier process would have, and return the file."""
    first = kept(folder)
    first.keep("kind", "key", VALUE)
    first.save()
    (file,) = folder.glob("*.derived")
    return file


def is_there(folder: Path) -> bool:
    found = kept(folder).find("kind", "key")
    assert found in (None, VALUE)
    return found is not None


def test_what_is_kept_comes_again(tmp_path: Path) -> None:
    first = kept(tmp_path)
    assert first.find("kind", "key") is None
    first.keep("kind", "key", VALUE)
    assert first.find("kind", "key") == VALUE
    assert kept(tmp_path).find("kind", "key") is None  # not before it is written
    first.save()
    assert is_there(tmp_path)
    assert kept(tmp_path).find("another", "key") is None
    assert kept(tmp_path).find("kind", "another") is None


def test_code_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept(tmp_path)
    code = first.code("found = 6 * 7", "<test>")
    first.save()
    monkeypatch.setattr(derived, "compile", None, raising=False)
    again = kept(tmp_path).code("found = 6 * 7", "<test>")
    assert again == code
    namespace: dict[str, Any] = {}
    exec(again, namespace)
    assert namespace["found"] == 42


def test_other_definitions_find_nothing(tmp_path: Path) -> None:
    left_by_another(tmp_path)
    assert kept(tmp_path, "of others").find("kind", "key") is None


def test_other_code_of_ours_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left_by_another(tmp_path)
    state = list(derived._our_code())
    assert any(line.startswith(derived.__file__) for line in state)
    monkeypatch.setattr(derived, "_our_code", lambda: iter([*state[:-1], state[-1] + "1"]))
    assert not is_there(tmp_path)


def test_another_python_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left_by_another(tmp_path)
    monkeypatch.setattr(sys, "version", "4.0.0")
    assert not is_there(tmp_path)


@given(damage=st.binary(min_size=1, max_size=4), at=st.floats(0, 1, exclude_max=True), cut=st.booleans())
def test_a_damaged_file_is_as_if_it_were_not_there(
    tmp_path_factory: pytest.TempPathFactory, damage: bytes, at: float, cut: bool
) -> None:
    folder = tmp_path_factory.mktemp("derived")
    file = left_by_another(folder)
    whole = file.read_bytes()
    place = int(at * len(whole))
    damaged = whole[:place] if cut else whole[:place] + damage + whole[place + len(damage) :]
    file.write_bytes(damaged)
    assert is_there(folder) is (damaged == whole)
    left_by_another(folder)
    assert is_there(folder)


def test_a_file_that_others_may_write_is_not_read(tmp_path: Path) -> None:
    left_by_another(tmp_path).chmod(0o620)
    assert not is_there(tmp_path)


def test_a_folder_that_others_may_write_in_is_not_used(tmp_path: Path) -> None:
    left_by_another(tmp_path)
    tmp_path.chmod(0o777)
    assert not is_there(tmp_path)
    fresh = tmp_path / "fresh"
    fresh.mkdir()
    fresh.chmod(0o770)
    kept(fresh).keep("kind", "key", VALUE)
    assert not own_files.write(fresh / "a.derived", b"")
    assert list(fresh.iterdir()) == []


def test_a_file_of_another_user_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = left_by_another(tmp_path)
    stat = os.fstat

    def of_another(opened: int) -> os.stat_result:
        said = list(stat(opened))
        said[4] += 1
        return os.stat_result(said)

    monkeypatch.setattr(os, "fstat", of_another)
    assert own_files.read(file, 1_000_000) is None
    assert not is_there(tmp_path)


def test_a_folder_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left_by_another(tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    assert not is_there(tmp_path)
    assert not own_files.write(tmp_path / "a.derived", b"")


def test_neither_a_link_nor_a_pipe_is_read(tmp_path: Path) -> None:
    file = left_by_another(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    file.rename(elsewhere)
    file.symlink_to(elsewhere)
    assert not is_there(tmp_path)
    file.unlink()
    os.mkfifo(file)
    assert not is_there(tmp_path)


def test_a_link_in_the_place_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    file = left_by_another(tmp_path / "ours")
    (tmp_path / "link").symlink_to(tmp_path / "ours")
    assert is_there(tmp_path / "ours")
    assert not is_there(tmp_path / "link")
    assert not own_files.write(tmp_path / "link" / file.name, b"")


@pytest.mark.parametrize("call", ["mkdir", "open", "replace"])
def test_a_folder_that_cannot_be_written_is_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def fails(*_: Any, **__: Any) -> None:
        raise PermissionError(30, "Read-only file system")

    owner: Any = os if call == "open" else Path
    monkeypatch.setattr(owner, call, fails)
    here = kept(tmp_path / "new")
    here.keep("kind", "key", VALUE)
    here.save()
    assert here.find("kind", "key") == VALUE
    monkeypatch.undo()
    assert not is_there(tmp_path / "new")
    assert not list(tmp_path.rglob("*derived*"))


def test_a_file_in_the_place_of_the_folder_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    here = kept(tmp_path / "file")
    here.keep("kind", "key", VALUE)
    here.save()
    assert not is_there(tmp_path / "file")


def test_without_a_folder_nothing_is_kept() -> None:
    here = kept(None)
    here.keep("kind", "key", VALUE)
    here.save()
    assert here.find("kind", "key") is None
    assert eval(here.code("1", "<test>")) is None


def test_what_processes_keep_comes_together(tmp_path: Path) -> None:
    one, other = kept(tmp_path), kept(tmp_path)
    for here, key in ((one, "a"), (other, "b")):
        assert here.find("kind", key) is None  # both have read what was there
        here.keep("kind", key, key)
    one.save()
    other.save()
    assert [kept(tmp_path).find("kind", key) for key in "ab"] == ["a", "b"]


WRITER = """
import sys
from pathlib import Path
from fhir_iop.definitions.derived import Derived
for number in range(40):
    here = Derived(lambda: "of these", lambda: Path(sys.argv[1]))
    assert here.find("kind", "shared") in (None, "x" * 1000)
    here.keep("kind", "shared", "x" * 1000)
    here.keep("kind", sys.argv[2] + str(number), number)
    here.save()
"""


def test_processes_may_write_at_once(tmp_path: Path) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), name]) for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    here = kept(tmp_path)
    assert here.find("kind", "shared") == "x" * 1000
    assert {here.find("kind", f"{name}{number}") for name in "abc" for number in range(40)} <= {None, *range(40)}
    assert any(here.find("kind", f"{name}39") == 39 for name in "abc")
    assert [file.suffix for file in tmp_path.iterdir()] == [".derived"]


def test_it_is_written_when_the_process_ends(tmp_path: Path) -> None:
    program = WRITER.replace("    here.save()\n", "")
    subprocess.run([sys.executable, "-c", program, str(tmp_path), "a"], check=True)
    assert kept(tmp_path).find("kind", "a7") == 7


def test_a_file_has_an_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(derived, "_LARGEST", 4000)
    for number in range(20):
        here = kept(tmp_path)
        here.keep("kind", str(number), "x" * 1000)
        here.save()
        assert kept(tmp_path).find("kind", str(number)) == "x" * 1000
        assert all(file.stat().st_size <= 4000 for file in tmp_path.iterdir())
    here.keep("kind", "too large", "x" * 5000)
    here.save()
    assert kept(tmp_path).find("kind", "too large") is None
    assert kept(tmp_path).find("kind", "19") == "x" * 1000


def test_files_that_nobody_has_used_for_long_go(tmp_path: Path) -> None:
    old = left_by_another(tmp_path)
    os.utime(old, (0, 0))
    unfinished = tmp_path / "a.derived.1-1.unfinished"
    unfinished.write_bytes(b"")
    os.utime(unfinished, (0, 0))
    foreign = tmp_path / "notes.txt"
    foreign.write_bytes(b"")
    os.utime(foreign, (0, 0))
    for number in range(10):
        here = kept(tmp_path, str(number))
        here.keep("kind", "key", VALUE)
        here.save()
    assert len(list(tmp_path.glob("*.derived"))) == derived._MOST_FILES
    assert not old.exists()
    assert not unfinished.exists()
    assert foreign.exists()


def test_a_file_in_use_isnt_the_oldest(tmp_path: Path) -> None:
    file = left_by_another(tmp_path)
    os.utime(file, (0, 0))
    assert is_there(tmp_path)
    assert file.stat().st_mtime > 1_000_000_000


def test_what_is_kept_is_ours_alone(tmp_path: Path) -> None:
    file = left_by_another(tmp_path / "a" / "b")
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("fails", [lambda: 1 / 0, lambda: None])
def test_the_hash_is_not_asked_for_before_it_is_needed(fails: Callable[[], Any]) -> None:
    Derived(fails, lambda: None).save()
    assert Derived(fails, lambda: None).find("kind", "key") is None


def value_set(code: str) -> str:
    concepts = [{"system": "urn:example:system", "concept": [{"code": code}]}]
    head = {"resourceType": "ValueSet", "url": "https://example.org/set", "version": "1", "status": "draft"}
    return json.dumps({**head, "compose": {"include": concepts}})


@pytest.mark.parametrize("first", ["found", "listed"])
@pytest.mark.parametrize("change", ["content", "gone"])
@pytest.mark.parametrize("until", ["saved", "expanded"])
def test_what_follows_from_a_file_changed_meanwhile_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: str, change: str, until: str
) -> None:
    monkeypatch.setenv("FHIR_IOP_CACHE_FOLDER", str(tmp_path / "kept"))
    folder = tmp_path / "package"
    folder.mkdir()
    manifest = {"name": "example.changing", "version": "1", "fhirVersions": ["4.0.1"]}
    (folder / "package.json").write_text(json.dumps(manifest))
    file = folder / "set.json"
    file.write_text(value_set("old"))

    def read() -> Definitions:
        return Definitions((*Definitions.bundled().packages, load_package(folder)))

    def member(definitions: Definitions, code: str) -> Membership:
        return definitions.membership("https://example.org/set", "urn:example:system", code)

    early = read()
    if first == "found":  # which asks for the fingerprint
        assert early.derived.find("kind", "key") is None
    else:
        assert early.value_set("https://example.org/none") is None
    if change == "gone":
        file.unlink()
    else:
        file.write_text(value_set("new"))
    assert member(early, "old") is not Membership.MEMBER
    if until == "expanded":
        file.write_text(value_set("old"))
    early.derived.save()
    file.write_text(value_set("old"))
    later = read()
    assert member(later, "old") is Membership.MEMBER
    assert member(later, "new") is Membership.NOT_MEMBER
    later.derived.save()
    assert read().derived.find("expansion", "https://example.org/set") is not None
