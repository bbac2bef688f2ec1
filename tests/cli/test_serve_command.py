"""`fhir-iop serve --help` teaches every setting of a deployment."""

from dataclasses import fields

from click.testing import CliRunner

from fhir_iop.cli.serve import command
from fhir_iop.settings import PREFIX, Settings


def test_help_says_what_each_setting_means() -> None:
    shown = " ".join(CliRunner().invoke(command, ["--help"]).output.split())
    for setting in fields(Settings):
        described = f"{PREFIX}{setting.name.upper()} [{setting.default}] {setting.metadata['meaning']}"
        assert described in shown
