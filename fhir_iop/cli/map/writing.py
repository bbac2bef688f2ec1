"""What is written: one resource a line, or one transaction Bundle; a file appears whole."""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator


class Lines:
    """Writes one resource a line."""

    def __init__(self, out: IO[bytes]) -> None:
        self._out = out
        self.count = 0

    def add(self, resource: bytes) -> None:
        """Write ``resource``, in JSON."""
        self.count += 1
        self._out.write(resource + b"\n")

    def close(self) -> None:
        """Nothing is left to write."""


class TransactionBundle:
    """Writes one transaction Bundle, whose entries keep their ids (https://hl7.org/fhir/R4/http.html#transaction).

    A resource that comes twice is there once, as it came last: a transaction may not write one address twice.
    """

    def __init__(self, out: IO[bytes], base: str) -> None:
        self._out = out
        self._base = base
        self._entries: dict[str, dict[str, Any]] = {}

    @property
    def count(self) -> int:
        """How many resources there are."""
        return len(self._entries)

    def add(self, raw: bytes) -> None:
        """Keep the resource, in JSON, until all are there."""
        from fhir_iop.fhir import json

        resource = json.decode_object(raw)
        local = f"{resource['resourceType']}/{resource['id']}"
        request = {"method": "PUT", "url": local}
        self._entries[local] = {"fullUrl": f"{self._base}/{local}", "resource": resource, "request": request}

    def close(self) -> None:
        """Write all of them."""
        from fhir_iop import consent
        from fhir_iop.fhir import json

        bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "transaction"}
        if self._entries:
            bundle["entry"] = list(self._entries.values())
        self._out.write(json.pretty(consent.label([bundle])[0]))


@contextmanager
def opened(output: str | None) -> Iterator[IO[bytes]]:
    """Open what is written to; a file appears whole, when all is written."""
    if output is None or output == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    half = Path(output + ".part")
    try:
        with half.open("wb") as out:
            yield out
        half.replace(output)
    except OSError as error:
        raise click.ClickException(f"{output} can't be written: {error.strerror or 'an output error'}.") from None
    finally:
        with suppress(OSError):
            half.unlink()
