"""The pairs of request and answer in examples/errors; `python -m tests.web.golden` writes the answers anew."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fhir_iop import app, data
from fhir_iop.settings import Settings
from fhir_iop.web import fhir_endpoint

FOLDER = data.folder("examples") / "errors"
HEADERS = ("Content-Type", "Allow", "Retry-After")


def requests() -> list[Path]:
    return sorted(FOLDER.glob("*.request.json"))


def answer_to(request: Path) -> Path:
    return request.with_name(request.name.replace(".request.", ".answer."))


def send(client: FlaskClient, request: dict[str, Any]) -> TestResponse:
    for before in request.get("first", []):
        assert send(client, before).status_code < 300, before
    body = json.dumps(request["body"]) if "body" in request else request.get("text", "")
    body += " " * request.get("padding", 0)
    return client.open(request["path"], method=request["method"], headers=request.get("headers"), data=body.encode())


def told(answer: TestResponse) -> dict[str, Any]:
    headers = {name: answer.headers[name] for name in HEADERS if name in answer.headers}
    return {"status": answer.status_code, "headers": headers, "body": answer.json}


def write() -> None:
    with tempfile.TemporaryDirectory() as folder:
        services = app.join(Settings(database=f"sqlite:///{folder}/golden.db"))
        client = fhir_endpoint(services).test_client()
        for request in requests():
            answer = told(send(client, json.loads(request.read_text("utf-8"))))
            answer_to(request).write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n", "utf-8")
        services.store.close()


if __name__ == "__main__":
    write()
