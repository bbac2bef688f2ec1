"""Several processes: the order of what is told, bounds, a worker that dies, Ctrl-C, and a reader that goes away."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from fhir_iop.cli.validate import workers
from fhir_iop.cli.validate.asked import Asked
from fhir_iop.cli.validate.checking import Checker, Result
from fhir_iop.cli.validate.command import results
from fhir_iop.cli.validate.pieces import Batch
from fhir_iop.cli.validate.reading import Part
from fhir_iop.cli.validate.workers import Workers

WRONG = b'{"resourceType":"Patient","gender":"unclear"}\n'
RIGHT = b'{"resourceType":"Patient","gender":"female"}\n'
ASKED = Asked(form="json")

only_forks = pytest.mark.skipif(sys.platform != "linux", reason="workers that inherit a patched checker are forks")


def batch(number: int, content: bytes = WRONG) -> Batch:
    return Batch((Part("x.ndjson", "lines", number, content),), len(content), 0)


def lines(told: bytes) -> list[int]:
    return [json.loads(line)["line"] for line in told.splitlines()]


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_results_come_in_the_order_of_the_batches(method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if method == "fork" and sys.platform != "linux":
        pytest.skip("no forks here")
    monkeypatch.setattr(workers, "_FORKS", method == "fork")
    batches = iter([batch(n, WRONG * (40 if n % 3 == 1 else 1)) for n in range(1, 25)])
    found = list(results(batches, ASKED, jobs=2, alone=-1))
    assert [lines(result.told)[0] for result in found] == list(range(1, 25))
    assert sum(result.errors for result in found) == 8 * 40 + 16


@only_forks
def test_a_slow_batch_holds_back_only_some(monkeypatch: pytest.MonkeyPatch) -> None:
    check = Checker.check

    def slow(self: Checker, one: Batch) -> Any:
        if one.parts[0].line == 1:
            time.sleep(0.5)
        return check(self, one)

    monkeypatch.setattr(Checker, "check", slow)
    taken = []

    def all_of_them() -> Iterator[Batch]:
        for n in range(1, 101):
            taken.append(n)
            yield batch(n)

    with Workers(2, ASKED) as pool:
        found = pool.checked(all_of_them())
        assert lines(next(found).told) == [1]
        assert len(taken) <= 2 * 4 + 1
        assert [line for result in found for line in lines(result.told)] == list(range(2, 101))


@only_forks
def test_processes_are_started_as_they_are_needed_and_ended() -> None:
    with Workers(64, ASKED) as pool:
        assert len(list(pool.checked(iter([batch(1), batch(2), batch(3)])))) == 3
        processes = [worker.process for worker in pool._all]
    assert 1 <= len(processes) <= 3
    assert not any(process.is_alive() for process in processes)


@only_forks
@pytest.mark.parametrize(("how", "words"), [("kill", "killed by signal 9"), ("exit", "exit status 3")])
def test_a_worker_that_dies_is_an_error_in_words(how: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(_self: Checker, _batch: Batch) -> None:
        if how == "exit":
            os._exit(3)
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr(Checker, "check", die)
    with pytest.raises(click.ClickException) as refused, Workers(2, ASKED) as pool:
        list(pool.checked(iter([batch(7)])))
    assert words in refused.value.message
    assert "x.ndjson from line 7" in refused.value.message


def started(file: Path, *arguments: str, **how: Any) -> "subprocess.Popen[bytes]":
    program = [sys.executable, "-c", "from fhir_iop.cli import main; main()", "validate", str(file), *arguments]
    return subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how)


@pytest.fixture
def long_file(tmp_path: Path) -> Path:
    """A file that isn't checked before the process is told to stop."""
    file = tmp_path / "long.ndjson"
    file.write_bytes((RIGHT * 20 + WRONG) * 25_000)
    return file


def children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def until(is_so: Any) -> None:
    for _ in range(600):
        if is_so():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to be")


@pytest.fixture
def heeds_ctrl_c() -> Iterator[None]:
    """Let processes started here heed Ctrl-C, as in a terminal: background jobs inherit that it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@only_forks
@pytest.mark.usefixtures("heeds_ctrl_c")
def test_ctrl_c_ends_all_processes_with_130(long_file: Path) -> None:
    process = started(long_file, "--jobs", "2", start_new_session=True)
    assert process.stdout is not None
    with process:
        reader = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
        until(lambda: len(children(process.pid)) == 2)
        inner = children(process.pid)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        assert process.wait(20) == 130
        assert process.stderr is not None
        assert process.stderr.read() == b"\nStopped.\n"
        reader.wait(20)
    until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in inner))


@only_forks
def test_workers_end_when_the_first_process_is_killed(long_file: Path) -> None:
    with started(long_file, "--jobs", "2", "--level", "error", "--format", "outcome") as process:
        assert process.stdout is not None
        reader = subprocess.Popen(["cat"], stdin=process.stdout, stdout=subprocess.DEVNULL)
        until(lambda: len(children(process.pid)) == 2)
        inner = children(process.pid)
        process.kill()
        reader.wait(20)
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in inner))
        assert process.stderr is not None
        assert process.stderr.read() == b""


def test_a_reader_that_goes_away_is_no_fault(long_file: Path) -> None:
    with started(long_file, "--jobs", "2") as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith(str(long_file).encode() + b":21:")
        process.stdout.close()
        assert process.wait(20) == 0
        assert process.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_output_that_cannot_be_written_is_an_error_in_words(long_file: Path) -> None:
    program = [sys.executable, "-c", "from fhir_iop.cli import main; main()", "validate", str(long_file)]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(program, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60)
    assert (ended.returncode, ended.stderr.decode()) == (
        2,
        "Error: The findings can't be written: No space left on device.\n",
    )


def test_one_process_and_several_tell_the_same(tmp_path: Path) -> None:
    file = tmp_path / "some.ndjson"
    file.write_bytes((RIGHT * 30 + WRONG + b"{\n") * 700)
    told = {}
    for jobs in ("1", "3"):
        with started(file, "--jobs", jobs) as process:
            out, errors = process.communicate(timeout=60)
        told[jobs] = out
        assert process.returncode == 1
        assert b"22,400 resources checked in" in errors
        assert b"s: 1,400 errors, 0 warnings." in errors
    assert told["1"] == told["3"]


@only_forks
def test_nothing_more_is_taken_while_a_source_makes_us_wait_and_something_is_to_tell() -> None:
    told: list[int] = []
    seen: list[int] = []

    def slow_source() -> Iterator[Batch]:
        for n in range(1, 13):
            seen.append(len(told))
            yield batch(n)._replace(waits=n % 4 == 0)

    with Workers(3, ASKED) as pool:
        for result in pool.checked(slow_source()):
            told += lines(result.told)
    assert (seen[4], seen[8]) == (4, 8)


def test_what_a_slow_pipe_gave_is_told_before_it_gives_more() -> None:
    program = [sys.executable, "-c", "from fhir_iop.cli import main; main()", "validate", "-"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in (1, 2, 3):
            process.stdin.write(WRONG)
            process.stdin.flush()
            assert process.stdout.readline().startswith(b"standard input:%d:" % number)
        process.stdin.close()
        assert process.wait(20) == 1


@only_forks
def test_ctrl_c_never_meets_a_process_that_only_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    def blocked(*_: object) -> Any:
        return Result(told=b"held back" if signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ()) else b"open")

    monkeypatch.setattr(Checker, "check", blocked)
    with Workers(1, ASKED) as pool:
        assert [result.told for result in pool.checked(iter([batch(1)]))] == [b"held back"]
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
