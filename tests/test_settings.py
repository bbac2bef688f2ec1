"""Settings come from the environment; a misspelt or mistyped one is told, never ignored."""

import sys
from pathlib import Path

import pytest

from fhir_iop.errors import Unusable
from fhir_iop.settings import Settings, cache_folder


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


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere another folder is the user's")
@pytest.mark.parametrize(
    ("environment", "folder"),
    [
        ({}, "/invented/home/.cache/fhir-iop"),
        ({"XDG_CACHE_HOME": "/caches"}, "/caches/fhir-iop"),
        ({"XDG_CACHE_HOME": "caches"}, "/invented/home/.cache/fhir-iop"),
        ({"FHIR_IOP_CACHE_FOLDER": "/own", "XDG_CACHE_HOME": "/caches"}, "/own"),
        ({"FHIR_IOP_CACHE_FOLDER": "~/own"}, "/invented/home/own"),
        ({"FHIR_IOP_CACHE_FOLDER": "none"}, None),
    ],
)
def test_where_is_kept_what_is_written_from_definitions(
    environment: dict[str, str], folder: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/invented/home")
    assert cache_folder(environment) == (folder and Path(folder))


def test_who_has_no_home_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_: Path) -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "expanduser", fails)
    assert cache_folder({}) is None
