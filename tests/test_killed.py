"""The server is killed in the middle of submissions and deliveries; nothing accepted is lost, nothing is sent anew."""

import itertools
import json
import random
import threading
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from fhir_iop.fhir.json import encode
from fhir_iop.pharmacy import simulate_reply
from tests.served import Server, until

CHECKOUT = Path(__file__).parent.parent
SUBMISSIONS = 50
KILLS = 4


class Recorder(ThreadingHTTPServer):
    """A pharmacy that outlives our server, keeps what it receives, and takes its time to answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Counter)
        self.received: list[dict[str, Any]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/process-message"


class _Counter(BaseHTTPRequestHandler):
    server: Recorder

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.received.append(message)
        body = encode(simulate_reply(message, lambda: datetime.now(UTC)))
        self.send_response(200)
        self.send_header("Content-Type", "application/fhir+json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""


@pytest.fixture
def pharmacy() -> Iterator[Recorder]:
    recorder = Recorder()
    thread = threading.Thread(target=recorder.serve_forever)
    thread.start()
    yield recorder
    recorder.shutdown()
    thread.join()
    recorder.server_close()


def records_of(story: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((CHECKOUT / "examples" / story / "records.json").read_text("utf-8"))
    return found


def submit(running: Server, records: list[dict[str, Any]]) -> bool:
    """Submit ``records``; False where no answer came, as when the server was killed meanwhile."""
    try:
        answer = requests.post(f"{running.url}/records", json=records, timeout=30)
    except requests.RequestException:
        return False
    assert answer.status_code in {200, 201}, answer.text
    return True


@pytest.mark.parametrize("seed", [20261123])
def test_killed_in_the_middle(pharmacy: Recorder, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    settings = {
        "pharmacy_url": pharmacy.url,
        "pharmacy_timeout": "1",
        "database": f"sqlite:///{tmp_path / 'killed.db'}",
    }
    story = records_of("01-depression-titration")
    order = next(r for r in story if r["record"] == "prescription" and r["status"] == "active")
    about = [r for r in story if r["record"] in {"patient", "diagnosis", "visit"}]
    orders = [
        {k: v for k, v in order.items() if k not in {"replaces", "change_reason", "evidence"}} | {"id": f"rx-{n}"}
        for n in range(SUBMISSIONS)
    ]
    accepted: set[str] = set()

    running = Server(tmp_path, **settings).wait()
    try:
        assert submit(running, records_of("00-program") + about)
        kill_before = set(chance.sample(range(5, SUBMISSIONS), KILLS))
        for number, record in enumerate(orders):
            killer = None
            if number in kill_before:
                killer = threading.Timer(chance.uniform(0, 0.02), running.kill)
                killer.start()
            if submit(running, [record]):
                accepted.add(record["id"])
            if killer:
                killer.join()
                running.kill()
                running = Server(tmp_path, **settings).wait()
        assert len(accepted) >= SUBMISSIONS - KILLS

        stored = everything(running, "/MedicationRequest?intent=order&_count=100")
        kept = {i["value"] for resource in stored for i in resource["identifier"]}
        assert accepted <= kept, "an accepted prescription was lost"
        until(lambda: total(running, "/Task?status=accepted") == len(stored))
        assert total(running, "/Task") == len(stored), "a prescription has two Tasks or none"
    finally:
        running.kill()

    ids_of_order: dict[str, set[str]] = defaultdict(set)
    for message in pharmacy.received:
        header, *others = (entry["resource"] for entry in message["entry"])
        (sent,) = (r for r in others if r["resourceType"] == "MedicationRequest")
        ids_of_order[sent["identifier"][0]["value"]].add(message.get("id") or header["id"])
    assert accepted <= set(ids_of_order)
    assert {len(ids) for ids in ids_of_order.values()} == {1}, "one prescription was sent under two message ids"
    assert len(set(itertools.chain(*ids_of_order.values()))) == len(ids_of_order)


def everything(running: Server, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    page = running.get(path).json()
    while True:
        found += [entry["resource"] for entry in page.get("entry", [])]
        following = [link["url"] for link in page["link"] if link["relation"] == "next"]
        if not following:
            return found
        page = requests.get(following[0], timeout=30).json()


def total(running: Server, path: str) -> int:
    count: int = running.get(path).json()["total"]
    return count
