"""`fhir-iop serve` as a process: the demonstration walked through with requests, and how it starts and stops."""

import json
import socket
import subprocess
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.served import COMMAND, Server, free_port, server, until

CHECKOUT = Path(__file__).parent.parent


def only(bundle: dict[str, Any]) -> dict[str, Any]:
    (entry,) = bundle["entry"]
    resource: dict[str, Any] = entry["resource"]
    return resource


def test_the_story_of_ana(demo: Server) -> None:
    patient = only(demo.get("/Patient?identifier=pt-ana").json())
    orders = demo.get(f"/MedicationRequest?patient={patient['id']}&intent=order,plan&status=active").json()
    order = only(orders)
    assert order["dosageInstruction"][0]["text"]
    assert order["subject"]["reference"] == f"Patient/{patient['id']}"

    version = demo.get(f"/MedicationRequest/{order['id']}/_history/{order['meta']['versionId']}")
    assert version.json() == order

    task = until(lambda: demo.get("/Task?status=accepted&_count=200").json().get("entry"))
    assert f"MedicationRequest/{order['id']}" in {entry["resource"]["focus"]["reference"] for entry in task}

    score = demo.get(f"/Observation?patient={patient['id']}&code=http://loinc.org|44261-6&date=ge2026-04-01").json()
    assert only(score)["derivedFrom"][0]["reference"].startswith("QuestionnaireResponse/")


def test_the_demonstration_holds_all_that_the_stories_hold(demo: Server) -> None:
    for path in (CHECKOUT / "examples" / "bulk").iterdir():
        wanted = {json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()}
        found = demo.get(f"/{path.stem}?_count=200").json()
        assert wanted <= {entry["resource"]["id"] for entry in found["entry"]}, path.stem


def test_validate_tells_what_is_wrong_and_where(demo: Server) -> None:
    answer = demo.post("/MedicationRequest/$validate", {"resourceType": "MedicationRequest", "status": "bogus"})
    assert answer.status_code == 200
    found = {(told["severity"], *told.get("expression", [])) for told in answer.json()["issue"]}
    assert ("error", "MedicationRequest.status") in found


def test_what_is_wrong_is_not_kept(demo: Server) -> None:
    before = demo.get("/Patient").json()["total"]
    answer = demo.post("/Patient", {"resourceType": "Patient", "birthDate": "2026-02-30"})
    assert answer.status_code == 422
    assert answer.json()["resourceType"] == "OperationOutcome"
    assert demo.get("/Patient").json()["total"] == before


def test_a_record_of_the_program_comes_in(demo: Server) -> None:
    record = {"record": "check-in", "id": "ci-ana-9", "patient": "pt-ana", "at": "2026-04-09T18:00:00-04:00", "mood": 4}
    answer = requests.post(f"{demo.url}/records", json=record, timeout=30)
    assert answer.status_code in {200, 201}, answer.text
    patient = only(demo.get("/Patient?identifier=pt-ana").json())
    found = demo.get(f"/Observation?patient={patient['id']}&date=2026-04-09").json()
    assert found["total"] == 1


def test_every_story_reached_its_pharmacy(demo: Server) -> None:
    records = [r for f in CHECKOUT.glob("examples/0*/records.json") for r in json.loads(f.read_text("utf-8"))]
    to_send = [r for r in records if r["record"] == "prescription" and r["status"] == "active" and "pharmacy" in r]
    until(lambda: demo.get("/Task?status=accepted").json()["total"] == len(to_send))


def test_ctrl_c_stops_it_cleanly_and_it_starts_again(tmp_path: Path) -> None:
    with server(tmp_path, "--demo") as running:
        total = running.get("/MedicationRequest").json()["total"]
        assert running.interrupt() == 0
        output = running.output.read_text()
        assert "Traceback" not in output
        assert output.rstrip().endswith("Stopped.")
    with server(tmp_path, "--demo") as again:
        assert again.get("/MedicationRequest").json()["total"] == total, "the stories were loaded twice"


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], check=False, cwd=cwd, capture_output=True, text=True, timeout=60)


def test_a_taken_port_is_said_in_words(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = run("serve", "--port", str(taken.getsockname()[1]), cwd=tmp_path)
    assert told.returncode == 2
    assert "is taken" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.7", "::"])
def test_it_listens_on_loopback_only(host: str, tmp_path: Path) -> None:
    told = run("serve", "--host", host, "--port", str(free_port()), cwd=tmp_path)
    assert told.returncode == 2
    assert "no log-in" in told.stderr
