"""The endpoint over the real rooms, with a clock and ids that a test can foresee."""

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from fhir_iop import app
from fhir_iop.settings import Settings
from fhir_iop.web import fhir_endpoint

BASE = "http://fhir.example/fhir"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)

Services = app.Services


def settings_in(folder: Path, **changed: Any) -> Settings:
    return Settings(**{"database": f"sqlite:///{folder / 'web.db'}", "base_url": BASE, **changed})


def clock() -> Callable[[], datetime]:
    """A clock that moves a second each time it is looked at."""
    seconds = itertools.count()
    return lambda: START + timedelta(seconds=next(seconds))


def ids() -> Callable[[], str]:
    numbers = itertools.count(1)
    return lambda: f"id-{next(numbers)}"


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[app.Services]:
    """All parts over a database of this module's own."""
    joined = app.join(settings_in(tmp_path_factory.mktemp("web")), clock=clock(), ids=ids())
    yield joined
    joined.store.close()


@pytest.fixture(scope="module")
def client(services: app.Services) -> FlaskClient:
    """Flask's client of the endpoint; addresses begin with /fhir."""
    return fhir_endpoint(services).test_client()
