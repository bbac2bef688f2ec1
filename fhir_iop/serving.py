"""A running server: the endpoint's worker processes, the outbox's delivery beside them, and the demonstration."""

from __future__ import annotations

import multiprocessing
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from granian import Granian
from granian.constants import Interfaces

from fhir_iop import app, data
from fhir_iop.errors import FhirIopError
from fhir_iop.fhir.json import decode, decode_object
from fhir_iop.flow.lookup import Lookup
from fhir_iop.settings import Settings
from fhir_iop.store import Criterion, Query, Write
from fhir_iop.web import simulated_pharmacy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DELIVERY_INTERVAL = 1.0
"""Seconds between two looks at the outbox."""

STOP_LIMIT = 5
"""Seconds that a worker may take to finish its requests after Ctrl-C."""

DEMO_DATABASE = "sqlite:///fhir-iop-demo.db"


def serve(settings: Settings, *, host: str, port: int, workers: int, demo: bool, say: Callable[[str], object]) -> None:
    """Serve until Ctrl-C, then stop cleanly.

    ``say`` is told what a person should know. Raises Unusable and Unavailable as :func:`fhir_iop.app.join` does.
    """
    if settings.base_url == Settings().base_url:
        settings = replace(settings, base_url=f"http://{f'[{host}]' if ':' in host else host}:{port}/fhir")
    with ExitStack() as running:
        if demo:
            pharmacy = running.enter_context(simulated_pharmacy.running(app.now))
            database = DEMO_DATABASE if settings.database == Settings().database else settings.database
            settings = replace(settings, database=database, pharmacy_url=pharmacy)
        services = running.enter_context(app.compose(settings))
        for warning in services.warnings:
            say(f"{warning.details} ({warning.rule})")
        if demo:
            say(f"Loading the example stories into {settings.database.removeprefix('sqlite:///')} …")
            load_stories(services)
        running.enter_context(delivering(services))
        for line in greeting(services, demo=demo):
            say(line)
        settings.hand_down()
        # A fresh interpreter a worker: the threads of this process must not be forked.
        multiprocessing.set_start_method("spawn", force=True)
        Granian(
            "fhir_iop.app:wsgi",
            factory=True,
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=1,
            respawn_failed_workers=True,
            workers_kill_timeout=STOP_LIMIT,
            log_enabled=False,
            websockets=False,
        ).serve()
    say("Stopped.")


def load_stories(services: app.Services) -> None:
    """Submit the records of every example story, and what no record says; what is there already stays as it is."""
    stored = Lookup.of([], services.store)
    for records in sorted(data.folder("examples").glob("*/records.json")):
        services.flow.submit_records(decode(records.read_bytes()), agent="demonstration")
        entries = decode_object(records.with_name("resources.json").read_bytes())["entry"]
        more = [Write(entry["resource"]) for entry in entries if stored(entry["request"]["url"]) is None]
        if more:
            services.flow.submit_writes(more, agent="demonstration")


@contextmanager
def delivering(services: app.Services) -> Iterator[None]:
    """Send what is due in the outbox, again and again, for as long as the block lasts."""
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(DELIVERY_INTERVAL):
            # what can't be delivered now is due again later; a fault of one look must not end all
            try:
                services.flow.deliver()
            except FhirIopError:
                continue

    thread = threading.Thread(target=look, name="outbox")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def greeting(services: app.Services, *, demo: bool) -> Iterator[str]:
    """Say where the endpoint is and, for the demonstration, what to try."""
    base = services.settings.base_url
    yield f"The FHIR R4 endpoint is {base} (Ctrl-C stops it)."
    if not demo:
        return
    patients = services.store.search(Query("Patient", (Criterion("identifier", ("pt-ana",)),))).matches
    yield "Try:"
    yield f"  curl '{base}/metadata'"
    for patient in patients:
        yield f"  curl '{base}/MedicationRequest?patient={patient.id}&intent=order,plan&_pretty=true'"
    yield f"  curl '{base}/Task?status=accepted&_pretty=true'      # what the simulated pharmacy accepted"
    yield f"  curl '{base}/Observation?code=44261-6&_pretty=true'  # PHQ-9 totals"
    yield (
        '  curl -H \'Content-Type: application/fhir+json\' -d \'{"resourceType":"Patient","gender":"?"}\' '
        f"'{base}/Patient/$validate?_pretty=true'"
    )
