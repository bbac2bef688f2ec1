"""What the tests of the guide share."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from fhir_iop import data
from fhir_iop.definitions import Definitions
from fhir_iop.fhir import json
from fhir_iop.validation import Validator

HERE = Path(__file__).parent
GUIDE = data.folder("profiles") / "iop"


def resources() -> Iterator[dict[str, Any]]:
    """All resources of the guide."""
    for path in sorted(GUIDE.glob("[A-Z]*.json")):
        yield json.decode_object(path.read_bytes())


def codings(value: Any) -> Iterator[tuple[str, str]]:
    """Go through all (system, code) below ``value``."""
    if isinstance(value, dict):
        if isinstance(value.get("system"), str) and isinstance(value.get("code"), str):
            yield value["system"], value["code"]
        for inner in value.values():
            yield from codings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from codings(inner)


def with_name(resource_type: str) -> Mapping[str, dict[str, Any]]:
    return {each["name"]: each for each in resources() if each["resourceType"] == resource_type}


@pytest.fixture(scope="session")
def validator() -> Validator:
    return Validator(Definitions.bundled())
