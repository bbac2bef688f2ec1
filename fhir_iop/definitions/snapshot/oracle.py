"""A program beside us that generates snapshots when asked one JSON line at a time, as HL7's own generator does."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from fhir_iop.errors import Unusable
from fhir_iop.fhir import json
from fhir_iop.issue import issue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from types import TracebackType


class Oracle:
    """The program at ``path`` (or ``oracle`` in that folder), told to load ``packages``. Use it in a ``with``.

    It is asked ``{"op": "snapshot", "url": …}`` and answers ``{"resource": …}`` or ``{"fault": …}``.
    """

    def __init__(self, path: Path, packages: Sequence[Path]) -> None:
        program = path / "oracle" if path.is_dir() else path
        options = [option for package in packages for option in ("--package", str(package))]
        try:
            self._process = subprocess.Popen(  # noqa: S603  # the program that whoever asks has named
                [str(program), *options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError:
            raise Unusable(issue("oracle-silent", path.name)) from None
        try:
            self._line()  # it says when it is ready
        except Unusable:
            self.close()
            raise

    def snapshot(self, url: str) -> dict[str, Any] | str:
        """Return the StructureDefinition ``url`` with a fresh snapshot, or in words why there is none."""
        assert self._process.stdin is not None  # noqa: S101  # it was asked for
        self._process.stdin.write(json.encode({"op": "snapshot", "id": 0, "url": url}) + b"\n")
        self._process.stdin.flush()
        answer = json.decode_object(self._line())
        resource = answer.get("resource")
        return resource if isinstance(resource, dict) else str(answer.get("fault", "no answer"))

    def _line(self) -> bytes:
        line = self._process.stdout.readline() if self._process.stdout is not None else b""
        if not line:
            raise Unusable(issue("oracle-silent"))
        return line

    def close(self) -> None:
        """End the program: it stops when nobody can ask any more."""
        with self._process:
            pass

    def __enter__(self) -> Oracle:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
