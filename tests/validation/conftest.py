"""What the tests of the validator share."""

import pytest

from fhir_iop.definitions import Definitions
from fhir_iop.validation import Validator


@pytest.fixture(scope="session")
def definitions() -> Definitions:
    return Definitions.bundled()


@pytest.fixture(scope="session")
def validator(definitions: Definitions) -> Validator:
    return Validator(definitions)
