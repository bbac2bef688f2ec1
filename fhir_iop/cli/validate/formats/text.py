"""Text for people and editors: file:line:column: severity: expression: rule: words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fhir_iop.cli.validate.formats.format import LineFormat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fhir_iop.cli.validate.text import Text
    from fhir_iop.fhir.xml import Types
    from fhir_iop.issue import Issue


class Lines(LineFormat):
    """One line a finding."""

    def told(self, text: Text, shown: Sequence[Issue], hidden: int, types: Types) -> list[bytes]:
        """See :class:`Format`."""
        del hidden, types
        return [_line(text.file, found) for found in shown]


def _line(file: str, found: Issue) -> bytes:
    position = f"{found.line}:{found.column}" if found.column else str(found.line)
    where = found.expression or "-"
    line = f"{file}:{position}: {found.severity}: {where}: {found.rule}: {found.details}"
    return harmless(line).encode() + b"\n"


def harmless(line: str) -> str:
    """Return ``line`` with every sign that could end it, move a terminal's cursor or not be encoded, as an escape."""
    if line.isprintable():
        return line
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in line)
