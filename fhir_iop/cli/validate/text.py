"""The text of one resource among others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fhir_iop.cli.validate.pieces import opened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.cli.validate.reading import Part
    from fhir_iop.issue import Issue


class Text(NamedTuple):
    """The text of one resource: its file, the line of the file that it begins on, and what reading it has shown.

    ``raw`` is None where there is nothing that could be checked: then ``issues`` say why.
    """

    file: str
    line: int
    raw: bytes | None
    is_xml: bool
    issues: tuple[Issue, ...]


def texts(part: Part) -> Iterator[Text]:
    """Yield the resources' texts in a part."""
    for one in opened(part):
        if any(found.is_error for found in one.issues):
            yield Text(one.file, one.line, None, is_xml=False, issues=one.issues)
        elif one.form == "lines":
            yield from _lines(one)
        else:
            yield Text(one.file, one.line, one.raw, is_xml=one.form == "xml", issues=one.issues)


def _lines(part: Part) -> Iterator[Text]:
    issues = part.issues
    for number, line in enumerate(part.raw.split(b"\n"), part.line):
        if line and not line.isspace():
            yield Text(part.file, number, line, is_xml=False, issues=issues)
            issues = ()
