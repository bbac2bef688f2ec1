"""`fhir-iop serve`: the FHIR endpoint, and with --demo the whole bridge on one machine."""

from __future__ import annotations

import ipaddress
import socket
import textwrap
from dataclasses import fields

import click

from fhir_iop.settings import PREFIX, Settings

_WIDTH = 78
_INDENT = " " * 6
_LOOPBACK_ONLY = (
    "{host} is not a loopback address. There is no log-in yet, so anybody who reaches the endpoint could read every "
    "record: fhir-iop listens on 127.0.0.1 or ::1 only. Put a reverse proxy that authenticates in front of it."
)


def _loopback(_context: click.Context, _parameter: click.Parameter, host: str) -> str:
    try:
        address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    except ValueError:
        raise click.BadParameter(f"{host} is not an IP address.") from None
    if not address.is_loopback:
        raise click.BadParameter(_LOOPBACK_ONLY.format(host=host))
    return str(address)


def _free(host: str, port: int) -> None:
    """Raise click.ClickException in words when ``port`` is taken or may not be opened."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise click.ClickException(f"Port {port} needs more rights than this user has; try --port 8000.") from None
        except OSError as error:
            reason = error.strerror or "it can't be opened"
            raise click.ClickException(f"Port {port} on {host} is taken ({reason}); try --port {port + 1}.") from None


def _variables() -> str:
    lines = ["\b", "Settings, as environment variables [default]:"]
    for setting in fields(Settings):
        lines.append(f"  {PREFIX}{setting.name.upper()} [{setting.default}]")
        lines += textwrap.wrap(setting.metadata["meaning"], _WIDTH, initial_indent=_INDENT, subsequent_indent=_INDENT)
    return "\n".join(lines)


@click.command(epilog=_variables())
@click.option("--demo", is_flag=True, help="Load the six example stories and run a simulated pharmacy that answers.")
@click.option("--host", default="127.0.0.1", show_default=True, callback=_loopback, help="A loopback address.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 64), help="Server processes.")
def command(*, demo: bool, host: str, port: int, workers: int) -> None:
    """Serve the FHIR endpoint until Ctrl-C.

    The database is SQLite in the working folder unless FHIR_IOP_DATABASE names another. What waits in the outbox is
    sent from here while the server runs.

    \b
    With --demo everything is invented and lives in fhir-iop-demo.db: delete the file to start again.
    """
    from fhir_iop.serving import serve

    _free(host, port)
    serve(Settings.from_environment(), host=host, port=port, workers=workers, demo=demo, say=click.echo)
