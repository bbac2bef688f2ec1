"""Progress: on a terminal, over files or over one file's bytes, out of the way of findings; nothing in a pipe."""

import io
import os
import re
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from fhir_iop.cli.validate import progress
from fhir_iop.cli.validate.checking import Result
from fhir_iop.cli.validate.progress import Progress

PROGRAM = [sys.executable, "-c", "from fhir_iop.cli import main; main()", "validate"]


class Terminal(io.StringIO):
    """A terminal, as far as it says so itself."""

    def isatty(self) -> bool:
        return True

    def drawn(self) -> str:
        """Return what was written since it was last asked."""
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


@pytest.fixture(autouse=True)
def _every_state(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every state be drawn, in 60 columns."""
    monkeypatch.setattr(progress, "_DELAY", -1.0)
    monkeypatch.setattr(progress, "_EVERY", 0.0)
    monkeypatch.setenv("COLUMNS", "60")


def test_files_are_counted() -> None:
    terminal = Terminal()
    Progress(["a", "b", "c"], terminal).show(Result(files=2, resources=1234))
    assert re.fullmatch(r"\r2 of 3 files, 1,234 resources, [\d,]+ resources/s", terminal.drawn())


def test_of_one_file_the_share_is_told_and_of_a_stream_neither(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.write_bytes(b"x" * 2_000_000)
    terminal = Terminal()
    Progress([str(file)], terminal).show(Result(size=500_000, resources=1))
    assert terminal.drawn().startswith("\r25% of 2 MB, 1 resources, ")
    Progress(["-"], terminal).show(Result(size=500_000, resources=1))
    assert terminal.drawn().startswith("\r1 resources, ")


def test_a_line_is_no_longer_than_the_terminal_and_goes_without_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    terminal = Terminal()
    shown = Progress(["a", "b"], terminal)
    shown.show(Result(resources=1_000_000))
    assert len(terminal.drawn()) == 1 + 19
    shown.hide()
    assert terminal.drawn() == "\r" + " " * 19 + "\r"
    shown.hide()
    assert terminal.drawn() == ""


def test_nothing_is_drawn_elsewhere() -> None:
    pipe = io.StringIO()
    shown = Progress(["a", "b"], pipe)
    shown.show(Result(resources=1))
    shown.hide()
    assert pipe.getvalue() == ""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals on Windows")
def test_a_terminal_sees_it_and_a_pipe_does_not(tmp_path: Path) -> None:
    import pty

    file = tmp_path / "many.ndjson"
    file.write_bytes((b'{"resourceType":"Patient"}\n' * 99 + b"{\n") * 3_000)
    ours, theirs = pty.openpty()
    drawn: list[str] = []
    reader = threading.Thread(target=_drain, args=(ours, drawn))
    with subprocess.Popen([*PROGRAM, str(file)], stdout=subprocess.PIPE, stderr=theirs) as process:
        os.close(theirs)
        reader.start()
        out = process.communicate(timeout=100)[0]
    reader.join(20)
    os.close(ours)
    assert re.search(r"\r\d+% of 8 MB, [\d,]+ resources, [\d,]+ resources/s", "".join(drawn))
    assert "".join(drawn).endswith("s: 3,000 errors, 0 warnings.\r\n")
    piped = subprocess.run([*PROGRAM, str(file)], capture_output=True, check=False, timeout=100)
    assert piped.stdout == out
    assert re.fullmatch(rb"300,000 resources checked in [\d.,]+ s: 3,000 errors, 0 warnings\.\n", piped.stderr)


def _drain(terminal: int, drawn: list[str]) -> None:
    with suppress(OSError):  # the other side was closed
        while some := os.read(terminal, 4096):
            drawn.append(some.decode())
