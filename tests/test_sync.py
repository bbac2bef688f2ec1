"""`fhir-iop sync` against a second running fhir-iop, over HTTP."""

import os
import subprocess
from pathlib import Path
from typing import Any

import requests

from tests.served import COMMAND, Server, server


def patient_at(running: Server, number: str) -> dict[str, Any]:
    found = running.get(f"/Patient?identifier=https://iop.example/record-numbers|{number}").json()
    assert found["total"] == 1
    resource: dict[str, Any] = found["entry"][0]["resource"]
    return resource


def sync(ehr: Server, patient: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("FHIR_IOP_")}
    return subprocess.run(
        [COMMAND, "sync", f"{ehr.url}/fhir", "--patient", patient],
        check=False, cwd=folder, env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def submit_patient(running: Server, number: str, born: str, family: str) -> str:
    record = {
        "record": "patient",
        "id": "arrived-1",
        "name": {"family": family, "given": ["Ana"]},
        "sex": "female",
        "birth_date": born,
        "record_numbers": [{"system": "https://iop.example/record-numbers", "number": number}],
    }
    answer = requests.post(f"{running.url}/records", json=record, timeout=30)
    assert answer.status_code == 200, answer.text
    id_: str = patient_at(running, number)["id"]
    return id_


def test_orders_of_another_system_become_reported_medication(demo: Server, tmp_path: Path) -> None:
    theirs = patient_at(demo, "INV-0001")["id"]
    with server(tmp_path) as ours:
        patient = submit_patient(ours, "INV-0001", "1991-04-12", "Example")
        told = sync(demo, theirs, tmp_path)
        assert told.returncode == 0, told.stdout + told.stderr
        assert "2 new, 0 changed, 0 known already" in told.stdout

        kept = ours.get(f"/MedicationRequest?patient={patient}").json()
        assert kept["total"] == 2
        for entry in kept["entry"]:
            assert entry["resource"]["intent"] == "plan"
            assert "reportedReference" in entry["resource"] or entry["resource"]["reportedBoolean"] is True
            provenance = ours.get(f"/Provenance?target=MedicationRequest/{entry['resource']['id']}").json()
            assert provenance["total"] == 1

        again = sync(demo, theirs, tmp_path)
        assert "0 new, 0 changed, 2 known already" in again.stdout
        assert ours.get("/Provenance").json()["total"] == 2


def test_nobody_is_linked_on_a_name(demo: Server, tmp_path: Path) -> None:
    theirs = patient_at(demo, "INV-0001")["id"]
    with server(tmp_path) as ours:
        submit_patient(ours, "INV-7777", "1991-04-12", "Example")
        told = sync(demo, theirs, tmp_path)
        assert told.returncode == 1
        assert "Nothing was stored" in told.stdout
        assert "Ana" not in told.stdout + told.stderr
        assert ours.get("/MedicationRequest").json()["total"] == 0


def test_a_server_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    told = subprocess.run(
        [COMMAND, "sync", "http://127.0.0.1:9/fhir", "--patient", "x"],
        check=False, cwd=tmp_path, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert told.returncode == 2
    assert "127.0.0.1" in told.stderr
    assert "Traceback" not in told.stderr
