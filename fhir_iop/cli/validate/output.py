"""Where results go: standard output, in the format that was asked for."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from fhir_iop.cli.validate.checking import Result
    from fhir_iop.cli.validate.formats import Format


class Output:
    """Writes one document, record after record, each as soon as it is there."""

    def __init__(self, form: Format) -> None:
        self._format = form
        self._is_first = True
        self._write(form.head)

    def add(self, result: Result) -> None:
        """Write what a result tells."""
        if result.told:
            self._write(result.told if self._is_first else self._format.between + result.told)
            self._is_first = False

    def end(self, whole: Result) -> None:
        """Write the document's end, which may speak of all that was told."""
        self._write(self._format.tail(whole.rules))

    def _write(self, content: bytes) -> None:
        if not content:
            return
        try:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise  # the reader has seen enough: no fault
        except OSError as error:
            _stop(error)


def _stop(error: OSError) -> NoReturn:
    with suppress(OSError):  # what couldn't be written would be tried again when the interpreter ends
        sys.stdout.close()
    with suppress(OSError):
        os.close(1)
    reason = error.strerror or "an output error"
    raise click.ClickException(f"The findings can't be written: {reason}.")
