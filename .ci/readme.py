"""Run the README's two lines in a fresh copy of the checkout, as a new user would.

The lines are the first two `sh` blocks of the README's section "Two lines". The first starts a server: it is given
until the endpoint answers, asked for its CapabilityStatement and a prescription's Task, and stopped with Ctrl-C. The
second runs the tests; its exit status is ours.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
START_LIMIT = 300.0  # seconds for installing and starting on a slow machine
BASE = "http://127.0.0.1:8000/fhir"


def lines_of(readme: str) -> list[str]:
    section = readme.split("## Two lines", 1)[1].split("\n## ", 1)[0]
    return [block.strip() for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL)][:2]


def get(path: str) -> dict[str, object]:
    with urllib.request.urlopen(BASE + path, timeout=5) as answer:
        found: dict[str, object] = json.load(answer)
    return found


def run_the_server(line: str, folder: Path) -> None:
    process = subprocess.Popen(["/bin/sh", "-c", line], cwd=folder, start_new_session=True)
    try:
        deadline = time.monotonic() + START_LIMIT
        while True:
            try:
                statement = get("/metadata")
                break
            except (urllib.error.URLError, ConnectionError):
                if process.poll() is not None:
                    sys.exit(f"the README's first line ended with status {process.returncode}: {line}")
                if time.monotonic() > deadline:
                    sys.exit(f"the README's first line served nothing within {START_LIMIT:.0f} s: {line}")
                time.sleep(0.5)
        if statement["resourceType"] != "CapabilityStatement":
            sys.exit("the server that the README's first line starts has no CapabilityStatement")
        while get("/Task?status=accepted&_count=1")["total"] == 0:
            if time.monotonic() > deadline:
                sys.exit("the simulated pharmacy accepted no prescription")
            time.sleep(0.5)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.wait(timeout=30)


def main() -> int:
    serve, test = lines_of((CHECKOUT / "README.md").read_text("utf-8"))
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)  # PostgreSQL's programs are started as another user, who must get there
        folder = Path(name) / "fhir-iop"
        subprocess.run(["git", "clone", "--quiet", str(CHECKOUT), str(folder)], check=True)
        run_the_server(serve, folder)
        print(f"README, line 1 answers: {serve}", flush=True)
        shared = CHECKOUT.parent / "shared"
        environment = os.environ | ({"TEST_SHARED": str(shared)} if shared.is_dir() else {})
        return subprocess.run(["/bin/sh", "-c", test], cwd=folder, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
