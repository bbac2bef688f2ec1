"""A real fhir-iop server as a process of its own, for tests that walk through the front door."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMMAND = Path(sys.executable).parent / "fhir-iop"
START_LIMIT = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


class Server:
    """One `fhir-iop serve` process, its address and its output."""

    def __init__(self, folder: Path, *options: str, command: Path = COMMAND, **settings: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.output = folder / f"serve-{self.port}.txt"
        environment = {k: v for k, v in os.environ.items() if not k.startswith("FHIR_IOP_")}
        environment |= {f"FHIR_IOP_{name.upper()}": value for name, value in settings.items()}
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [command, "serve", "--port", str(self.port), *options],
                cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def wait(self) -> Server:
        """Wait until the endpoint answers."""
        deadline = time.monotonic() + START_LIMIT
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise AssertionError(f"the server ended with {self.process.returncode}:\n{self.output.read_text()}")
            with suppress(requests.ConnectionError):
                if requests.get(f"{self.url}/fhir/metadata", timeout=10).ok:
                    return self
            time.sleep(0.05)
        raise AssertionError(f"the server answered nothing:\n{self.output.read_text()}")

    def kill(self) -> None:
        """End the process and its workers at once, with no chance to tidy up."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)

    def interrupt(self) -> int:
        """Press Ctrl-C and return the exit status."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=20)

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> requests.Response:
        return requests.get(f"{self.url}/fhir{path}", headers=headers, timeout=30)

    def post(self, path: str, resource: Any) -> requests.Response:
        headers = {"Content-Type": "application/fhir+json"}
        return requests.post(f"{self.url}/fhir{path}", json=resource, headers=headers, timeout=30)


@contextmanager
def server(folder: Path, *options: str, command: Path = COMMAND, **settings: str) -> Iterator[Server]:
    """Run a server until the block ends."""
    running = Server(folder, *options, command=command, **settings)
    try:
        yield running.wait()
    finally:
        running.kill()


def until(condition: Any, limit: float = 30.0) -> Any:
    """Return the first true value of ``condition()``."""
    deadline = time.monotonic() + limit
    while not (value := condition()):
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.05)
    return value
