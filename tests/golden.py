"""What the files of the example stories must be: every story's records taken all the way, with a clock that stands.

python -m tests.golden    writes the files anew; read the difference before you commit it
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from fhir_iop import app, consent, data, pharmacy
from fhir_iop.fhir import json
from fhir_iop.flow import to_resources
from fhir_iop.session import Answer
from fhir_iop.settings import Settings

EXAMPLES = Path(__file__).parent.parent / "examples"
STORIES = sorted(folder for folder in EXAMPLES.iterdir() if (folder / "records.json").is_file())
GUIDE = data.folder("profiles") / "iop"
BY_HAND = "by-hand.json"
WRITTEN_BY_HAND = {"records.json", BY_HAND, "STORY.md"}
SETTINGS = replace(Settings(), pharmacy_url="https://pharmacy.example/$process-message")


# The field that says when a record was made, for the kinds that have several times; the others have one of TIMES.
TIME_OF = {"dispense": "handed_over", "prescription-status": "changed", "discharge": "written"}
TIMES = ("at", "written", "signed", "recorded", "noted", "collected", "given", "start")


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: datetime = datetime(2026, 1, 1, tzinfo=ZoneInfo(SETTINGS.time_zone))

    def __call__(self) -> datetime:
        return self.now


def moment(record: dict[str, Any]) -> datetime | None:
    """Return when ``record`` was made; None for what has no time: a person, an organization."""
    names = (TIME_OF[record["record"]],) if record["record"] in TIME_OF else TIMES
    told = next((record[name] for name in names if name in record), record.get("booking", {}).get("start"))
    if told is None:
        return None
    found = datetime.fromisoformat(told)
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(SETTINGS.time_zone))


def records_of(story: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.decode((story / "records.json").read_bytes())
    return found


def by_hand(story: Path) -> list[dict[str, Any]]:
    """Return what no record says, written by hand as FHIR."""
    path = story / BY_HAND
    found: list[dict[str, Any]] = json.decode(path.read_bytes()) if path.exists() else []
    return found


def forms(canonicals: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Give the guide's Questionnaires called ``canonicals``, so that answers lead somewhere on any server."""
    wanted = {canonical.partition("|")[0] for canonical in canonicals}
    for path in sorted(GUIDE.glob("Questionnaire-*.json")):
        form = json.decode_object(path.read_bytes())
        if form["url"] in wanted:
            yield form


def golden() -> Iterator[tuple[Path, bytes]]:
    """Give the path and content of every file that follows from the records.

    The stories are lived through: each record comes in at its own time, and each message leaves then.
    """
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        services = app.join(replace(SETTINGS, database=f"sqlite:///{folder}/golden.db"), clock=clock)
        try:
            said: dict[Path, list[dict[str, Any]]] = {}
            for story in STORIES:
                said[story] = []
                for record in records_of(story):
                    said[story] += to_resources(services.mappings, record).resources
                    clock.now = moment(record) or clock.now
                    for message in services.flow.submit_records([record], "golden").messages:
                        yield from exchange(story, message.body, clock)
        finally:
            services.store.close()
    answered = {one["questionnaire"] for resources in said.values() for one in resources if "questionnaire" in one}
    for story, resources in said.items():
        shared = forms(answered) if story == STORIES[0] else ()
        yield story / "resources.json", json.pretty(transaction([*resources, *by_hand(story), *shared]))


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


def exchange(story: Path, message: dict[str, Any], clock: Clock) -> Iterator[tuple[Path, bytes]]:
    """Give the message, the simulated pharmacy's answer a minute later, and the Task as that answer leaves it."""
    sent, clock.now = clock.now, clock.now + timedelta(minutes=1)
    order = message["entry"][1]["resource"]
    number = order["identifier"][0]["value"]
    answer = pharmacy.simulate_reply(message, clock)
    headers = {"content-type": "application/fhir+json"}
    reply = pharmacy.read_reply(Answer(SETTINGS.pharmacy_url, 200, headers, json.encode(answer)), message)
    assert reply.status
    task = pharmacy.advance(pharmacy.open_task(order, sent), reply.status, clock(), reason=reply.reason)
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
