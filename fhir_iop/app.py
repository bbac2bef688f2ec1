"""The composition root: settings become a running fhir-iop, and nothing else knows how the parts are joined."""

from __future__ import annotations

import atexit
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fhir_iop.api import load_mappings
from fhir_iop.definitions import configured
from fhir_iop.flow import Flow
from fhir_iop.settings import Settings
from fhir_iop.store import open_store
from fhir_iop.validation import Validator
from fhir_iop.web import fhir_endpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from fhir_iop.definitions import Definitions
    from fhir_iop.issue import Issue
    from fhir_iop.mapping import Mappings
    from fhir_iop.store import Store


@dataclass(frozen=True, slots=True)
class Services:
    """Everything a request or a command may use; ``warnings`` say what of the packages could not be had."""

    settings: Settings
    definitions: Definitions
    validator: Validator
    mappings: Mappings
    store: Store
    flow: Flow
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    warnings: tuple[Issue, ...] = ()


def now() -> datetime:
    """Return the time, in UTC. The one clock of a deployment; everything else is handed it."""
    return datetime.now(UTC)


def new_id() -> str:
    """Return an id that nothing has yet. The one source of chance of a deployment."""
    return str(uuid.uuid4())


def join(settings: Settings, *, clock: Callable[[], datetime] = now, ids: Callable[[], str] = new_id) -> Services:
    """Join the parts as ``settings`` says; whoever calls closes ``store`` in the end.

    Raises Unusable where a setting, a package or a mapping is wrong, and Unavailable where the database can't be
    reached.
    """
    definitions, warnings = configured(settings)
    validator = Validator(definitions, unknown_profile=settings.unknown_profile)
    mappings = load_mappings(settings, definitions)
    store = open_store(settings.database, definitions, clock=clock)
    flow = Flow(mappings=mappings, validator=validator, store=store, settings=settings, clock=clock)
    return Services(settings, definitions, validator, mappings, store, flow, clock, ids, tuple(warnings))


@contextmanager
def compose(settings: Settings) -> Iterator[Services]:
    """Have the parts of :func:`join` for as long as the block lasts. Raises as it does."""
    services = join(settings)
    try:
        yield services
    finally:
        services.store.close()


def wsgi() -> Flask:
    """Return the endpoint as a WSGI application, with the settings of the environment: what a server is pointed at."""
    services = join(Settings.from_environment())
    atexit.register(services.store.close)
    return fhir_endpoint(services)
