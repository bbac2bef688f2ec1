"""Settings come from the environment; a misspelt or mistyped one is told, never ignored."""

import pytest

from fhir_iop.errors import Unusable
from fhir_iop.settings import Settings


def test_defaults_and_values() -> None:
    settings = Settings.from_environment({"FHIR_IOP_PAGE_SIZE": "7", "FHIR_IOP_PHARMACY_TIMEOUT": "2.5", "HOME": "x"})
    assert settings.page_size == 7
    assert settings.pharmacy_timeout == 2.5
    assert settings.database == Settings().database


def test_round_trip_through_the_environment() -> None:
    settings = Settings(page_size=3, program_name="Name with spaces")
    assert Settings.from_environment(settings.to_environment()) == settings


@pytest.mark.parametrize(
    ("environment", "rule"),
    [
        ({"FHIR_IOP_PAGE_SIZ": "7"}, "setting-unknown"),
        ({"FHIR_IOP_PAGE_SIZE": "many"}, "setting-value"),
        ({"FHIR_IOP_UNKNOWN_PROFILE": "ignore"}, "setting-value"),
    ],
)
def test_what_cannot_be_a_setting_is_refused(environment: dict[str, str], rule: str) -> None:
    with pytest.raises(Unusable) as caught:
        Settings.from_environment(environment)
    assert caught.value.issues[0].rule == rule
    assert caught.value.issues[0].expression in environment
