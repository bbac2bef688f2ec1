"""What follows from the stories: each lived through with a clock that stands, to the byte."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fhir_iop import app, consent, data, pharmacy
from fhir_iop.fhir import json
from fhir_iop.flow import to_resources
from fhir_iop.session import Answer
from tests.examples.stories import SETTINGS, STORIES, ZONE, by_hand, moment, records_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


@dataclass
class Clock:
    """A clock that stands until it is set."""

    now: datetime = datetime(2026, 1, 1, tzinfo=ZONE)

    def __call__(self) -> datetime:
        return self.now


def golden() -> Iterator[tuple[Path, bytes]]:
    """Give the path and content of every file of a story that follows from its records.

    Each record comes in by itself, in its turn and at its time, and each message leaves then.
    """
    clock = Clock()
    said: dict[Path, list[dict[str, Any]]] = {story: [] for story in STORIES}
    with tempfile.TemporaryDirectory() as folder:
        services = app.join(replace(SETTINGS, database=f"sqlite:///{folder}/golden.db"), clock=clock)
        try:
            for story in STORIES:
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


def forms(canonicals: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Give the guide's Questionnaires called ``canonicals``, so that answers lead somewhere on any server."""
    wanted = {canonical.partition("|")[0] for canonical in canonicals}
    for path in sorted((data.folder("profiles") / "iop").glob("Questionnaire-*.json")):
        form = json.decode_object(path.read_bytes())
        if form["url"] in wanted:
            yield form


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
