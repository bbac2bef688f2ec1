"""A record all the way: bytes in over WSGI, mapped, labelled, validated, stored and answered, and each step's share.

The floor is the same Flask and SQLite with no FHIR logic: the body is decoded, written as one row in a transaction of
its own, and answered. Both databases are files in WAL mode that the disk is asked for in the same way.
"""

from __future__ import annotations

import itertools
import json
import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, jsonify, request

from bench.frame import OURS, Report, Row, measure
from fhir_iop import app, consent
from fhir_iop.fhir.json import decode, encode
from fhir_iop.settings import Settings
from fhir_iop.store import Submission, Write
from fhir_iop.web import fhir_endpoint

if TYPE_CHECKING:
    from collections.abc import Callable

FLOOR = "Flask + SQLite"
WORK = "record in, stored, answered"
EXAMPLES = Path(__file__).parent.parent / "examples"


def floor(database: Path) -> Flask:
    """Return the least that keeps a record: no FHIR, no index, no versions."""
    connection = sqlite3.connect(database, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE record (id TEXT PRIMARY KEY, content BLOB)")
    bare = Flask(__name__)

    @bare.post("/records")
    def keep() -> Any:
        raw = request.get_data()
        record = json.loads(raw)
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO record VALUES (?, ?)", (record["id"], raw))
        connection.execute("COMMIT")
        return jsonify({"accepted": 1})

    return bare


def prescriptions() -> Callable[[], bytes]:
    """Return a source of prescription records, each with another id."""
    records = json.loads((EXAMPLES / "01-depression-titration" / "records.json").read_text("utf-8"))
    record = next(r for r in records if r["record"] == "prescription" and r["status"] == "active")
    record = {name: value for name, value in record.items() if name not in {"replaces", "change_reason"}}
    numbers = itertools.count()
    return lambda: json.dumps(record | {"id": f"rx-{next(numbers)}"}).encode()


def run() -> Report:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = replace(Settings(), database=f"sqlite:///{folder / 'flow.db'}")
        with app.compose(settings) as services:
            return _measured(services, folder)


def _measured(services: app.Services, folder: Path) -> Report:
    for story in ("00-program", "01-depression-titration"):
        records = decode((EXAMPLES / story / "records.json").read_bytes())
        services.flow.submit_records(records, "bench")
    source = prescriptions()
    ours, bare = fhir_endpoint(services).test_client(), floor(folder / "floor.db").test_client()

    def post(client: Any) -> None:
        answer = client.post("/records", data=source(), content_type="application/json")
        assert answer.status_code == 200, answer.get_data()

    whole = measure({OURS: lambda: post(ours), FLOOR: lambda: post(bare)})
    rows = [Row(WORK, who, 1 / seconds, seconds / whole[FLOOR]) for who, seconds in whole.items()]
    shares = measure(_steps(services, source))
    rows += [Row("step", who, 1 / seconds, seconds / whole[FLOOR]) for who, seconds in shares.items()]
    rest = whole[OURS] - sum(shares.values())
    lines = [f"{who}: {seconds / whole[OURS]:.0%} of the way" for who, seconds in shares.items()]
    return Report(rows, [*lines, f"the rest (HTTP, lookups, the answer): {rest / whole[OURS]:.0%}"])


def _steps(services: app.Services, source: Callable[[], bytes]) -> dict[str, Callable[[], object]]:
    raw = source()
    record = decode(raw)
    resources = services.mappings.to_fhir(record).resources
    labelled = consent.label(resources)
    numbers = itertools.count()

    def store() -> None:
        writes = [Write(resource | {"id": f"bench-{next(numbers)}"}) for resource in labelled]
        services.store.submit(Submission(writes))

    return {
        "decode": lambda: decode(raw),
        "map": lambda: services.mappings.to_fhir(record),
        "label": lambda: consent.label(resources),
        "validate": lambda: [services.validator.validate(resource) for resource in labelled],
        "store": store,
        "encode": lambda: [encode(resource) for resource in labelled],
    }
