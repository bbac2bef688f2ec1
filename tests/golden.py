"""What the files of the example stories must be: every story's records taken all the way, with a clock that stands.

python -m tests.golden    writes the files anew; read the difference before you commit it
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fhir_iop import app, consent, pharmacy
from fhir_iop.fhir import json
from fhir_iop.flow import to_resources
from fhir_iop.session import Answer
from fhir_iop.settings import Settings

EXAMPLES = Path(__file__).parent.parent / "examples"
STORIES = sorted(folder for folder in EXAMPLES.iterdir() if (folder / "records.json").is_file())
WRITTEN_BY_HAND = {"records.json", "STORY.md"}
SETTINGS = replace(Settings(), pharmacy_url="https://pharmacy.example/$process-message")


def clock() -> datetime:
    return datetime(2026, 4, 7, 12, 0, tzinfo=UTC)


def records_of(story: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.decode((story / "records.json").read_bytes())
    return found


def golden() -> Iterator[tuple[Path, bytes]]:
    """Give the path and content of every file that follows from the records."""
    with tempfile.TemporaryDirectory() as folder:
        services = app.join(replace(SETTINGS, database=f"sqlite:///{folder}/golden.db"), clock=clock)
        try:
            for story in STORIES:
                records = records_of(story)
                resources = [one for record in records for one in to_resources(services.mappings, record).resources]
                yield story / "resources.json", json.pretty(transaction(resources))
                for message in services.flow.submit_records(records, "golden").messages:
                    yield from exchange(story, message.body)
        finally:
            services.store.close()


def transaction(resources: list[dict[str, Any]]) -> dict[str, Any]:
    """Return ``resources`` as a transaction that any FHIR server takes."""
    entries = [
        {
            "fullUrl": f"{SETTINGS.base_url}/{resource['resourceType']}/{resource['id']}",
            "resource": resource,
            "request": {"method": "PUT", "url": f"{resource['resourceType']}/{resource['id']}"},
        }
        for resource in resources
    ]
    return consent.label([{"resourceType": "Bundle", "type": "transaction", "entry": entries}])[0]


def exchange(story: Path, message: dict[str, Any]) -> Iterator[tuple[Path, bytes]]:
    """Give the message, the simulated pharmacy's answer, and the Task as that answer leaves it."""
    order = message["entry"][1]["resource"]
    number = order["identifier"][0]["value"]
    answer = pharmacy.simulate_reply(message, clock)
    headers = {"content-type": "application/fhir+json"}
    reply = pharmacy.read_reply(Answer(SETTINGS.pharmacy_url, 200, headers, json.encode(answer)), message)
    assert reply.status
    task = pharmacy.advance(pharmacy.open_task(order, clock()), reply.status, clock(), reason=reply.reason)
    yield story / f"{number}.message.json", json.pretty(message)
    yield story / f"{number}.answer.json", json.pretty(answer)
    yield story / f"{number}.task.json", json.pretty(task)


if __name__ == "__main__":
    made = dict(golden())
    for stale in {path for story in STORIES for path in story.iterdir()} - made.keys():
        if stale.name not in WRITTEN_BY_HAND:
            stale.unlink()
    for path, content in made.items():
        path.write_bytes(content)
