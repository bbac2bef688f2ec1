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


def place(file: str, text: str) -> str:
    """Return ``file:line`` of the first line of a bundled mapping that holds ``text``."""
    lines = (data.folder("mappings") / file).read_text("utf-8").splitlines()
    return f"{file}:{next(number for number, line in enumerate(lines, 1) if text in line)}"


@pytest.fixture(scope="session")
def mappings() -> Mappings:
    return load(data.folder("mappings"))
