"""`fhir-iop`: the group of all commands, and the one place where errors meet an exit status."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import Any

import click

from fhir_iop.errors import FhirIopError

# name → module that holds it as `command`, in the order of the way a record takes
COMMANDS = {
    "serve": "fhir_iop.cli.serve",
    "map": "fhir_iop.cli.map",
    "mapping": "fhir_iop.cli.mapping",
    "validate": "fhir_iop.cli.validate",
    "deliver": "fhir_iop.cli.deliver",
    "sync": "fhir_iop.cli.sync",
    "fhirpath": "fhir_iop.cli.fhirpath",
    "definitions": "fhir_iop.cli.definitions",
    "packages": "fhir_iop.cli.packages",
    "profiles": "fhir_iop.cli.profiles",
    "conformance": "fhir_iop.cli.conformance",
}

COULD_NOT_RUN = 2


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is named, so that `fhir-iop x` pays for x alone."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands, in the order that `--help` shows them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of the command called ``cmd_name`` and return its ``command``."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name]).command
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a reader of our output that goes away, as `head` does, ends it without a fault."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # click would end with 1, which says that errors were found
            # What is left to write is written when the interpreter ends: it goes nowhere, without a complaint.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise click.exceptions.Exit(0) from None


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit status: 0 all is well, 1 errors were found in the data, 2 the command could not run.",
)
@click.version_option(package_name="fhir-iop")
def group() -> None:
    """Bridge a virtual Intensive Outpatient Program's records to FHIR R4, and FHIR back to records.

    \b
    Try it:         fhir-iop serve --demo
    Records → FHIR: fhir-iop map records.ndjson -o resources.ndjson
    Check FHIR:     fhir-iop validate resources.ndjson

    Settings are environment variables that begin with FHIR_IOP_; `fhir-iop serve --help` lists them.
    """


def main() -> None:
    """Run the command line; a FhirIopError is told in words on stderr and ends with exit status 2."""
    try:
        group(standalone_mode=False)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(COULD_NOT_RUN)
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        sys.exit(130)
    except FhirIopError as error:
        for found in error.issues:
            where = f"{found.expression}: " if found.expression else ""
            click.echo(f"{where}{found.details} ({found.rule})", err=True)
        sys.exit(COULD_NOT_RUN)
