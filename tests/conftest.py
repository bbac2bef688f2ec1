"""Fixtures that several rooms' tests share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from fhir_iop.api import load_mappings
from fhir_iop.definitions import Definitions
from fhir_iop.mapping import Mappings
from fhir_iop.settings import Settings
from tests import loopback
from tests.served import Server, server

# The usual run tries the same generated cases every time, so that a red run is about the change. To look for new ones:
# HYPOTHESIS_PROFILE=explore pytest
settings.register_profile("usual", derandomize=True, database=None, deadline=None)
settings.register_profile("explore", deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "usual"))

# What earlier runs have kept on disk decides nothing here; with a folder in its place the same tests try that.
os.environ.setdefault("FHIR_IOP_CACHE_FOLDER", "none")

CHECKOUT = Path(__file__).parent.parent
SHARED = Path(os.environ.get("TEST_SHARED", CHECKOUT.parent / "shared"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip, by name, what needs the shared folder where there is none."""
    if SHARED.is_dir():
        return
    absent = pytest.mark.skip(reason="needs the shared folder (official packages, others' cases): set TEST_SHARED")
    for item in items:
        if item.get_closest_marker("shared"):
            item.add_marker(absent)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared folder; ask for it in tests marked ``shared``."""
    return SHARED


@pytest.fixture
def peer() -> Iterator[loopback.Peer]:
    """A server on loopback that answers as a test tells it."""
    started, stop = loopback.start()
    yield started
    stop()


@pytest.fixture(scope="session")
def bundled_mappings() -> Mappings:
    """The bundled mappings with the default settings."""
    return load_mappings(Settings(), Definitions.bundled())


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A running `fhir-iop serve --demo`; tests add to it, and take nothing away."""
    with server(tmp_path_factory.mktemp("demo"), "--demo") as running:
        yield running
