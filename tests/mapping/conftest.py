"""The bundled mappings, loaded once, with a key and a time zone of the tests' own."""

from pathlib import Path

import pytest

from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.mapping import Mappings

ZONE = "America/New_York"
KEY = "a key for tests"


def load(*folders: Path) -> Mappings:
    return Mappings.load(folders, Definitions.bundled(), id_key=KEY, time_zone=ZONE)


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    return load(data.folder("mappings"))
