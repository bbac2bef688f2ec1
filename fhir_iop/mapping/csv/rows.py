"""Rows of CSV become records, one a row; a row that can't be read is findings, and the next one is read."""

from __future__ import annotations

import codecs
import csv
import io
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any

from fhir_iop.errors import BadInput
from fhir_iop.issue import Issue, issue
from fhir_iop.mapping.csv import cells
from fhir_iop.mapping.refusal import hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fhir_iop.mapping.csv.columns import Column, Columns, Step

_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_LONGEST_MARK = 3  # bytes


@dataclass(frozen=True)
class Row:
    """One row: the line of the file that it begins on, and its record; None, with the reasons, where it has none."""

    line: int
    record: dict[str, Any] | None
    issues: list[Issue] = field(default_factory=list)


def records(raw: IO[bytes], layout: Columns, *, lenient: bool = False) -> Iterator[Row]:
    """Yield the rows of ``raw`` below its header, as they are read.

    A byte order mark decides over the layout's encoding. A column that the layout doesn't know stops the file, or, with
    ``lenient``, is a warning on the first row. Raises BadInput where the header can't be used.
    """
    reader = csv.reader(_lines(raw, layout), delimiter=layout.delimiter, strict=True)
    try:
        header = [cell.strip() for cell in next(reader, [])]
    except csv.Error as error:
        raise BadInput(issue("csv-row", reason=str(error))) from None
    told = _check(header, layout, lenient=lenient)
    columns = [layout.columns.get(name) for name in header]
    before = reader.line_num
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(before + 1, None, [issue("csv-row", reason=str(error))])
        else:
            if any(cell.strip() for cell in row):
                found = _row(row, before + 1, columns, layout)
                yield Row(found.line, found.record, [*told, *found.issues])
                told = []
        before = reader.line_num


def _lines(raw: IO[bytes], layout: Columns) -> Iterator[str]:
    """Yield the text's lines with their ends; bytes of another encoding stay visible, so that their row is told."""
    buffered = io.BufferedReader(raw)  # type: ignore[type-var]
    start = buffered.peek(_LONGEST_MARK)[:_LONGEST_MARK]
    encoding = next((name for mark, name in _BOMS.items() if start.startswith(mark)), layout.encoding)
    broken = "replace" if encoding == "utf-16" else "surrogateescape"
    text = io.TextIOWrapper(buffered, encoding, broken, newline="")
    try:
        yield from text
    finally:
        if not raw.closed:  # whoever opened it closes it
            text.detach()
            buffered.detach()


def _check(header: list[str], layout: Columns, *, lenient: bool) -> list[Issue]:
    """Return the warnings that a header gives. Raises BadInput where it isn't that of the layout."""
    if not any(header):
        raise BadInput(issue("csv-empty"))
    missing = [name for name in layout.columns if name not in header]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    unknown = [name for name in header if name not in layout.columns and name not in layout.ignored]
    found = [issue("csv-column-missing", name=name, hint=hint(name, header)) for name in missing]
    found += [issue("csv-column-twice", name=name) for name in twice]
    rule = "csv-column-ignored" if lenient else "csv-column"
    strange = [issue(rule, name=name, hint=hint(name, layout.columns)) for name in unknown]
    if found or (strange and not lenient):
        raise BadInput(*found, *([] if lenient else strange))
    return strange


def _row(row: list[str], line: int, columns: list[Column | None], layout: Columns) -> Row:
    if len(row) != len(columns):
        return Row(line, None, [issue("csv-cells", found=len(row), wanted=len(columns))])
    record: dict[str, Any] = {"record": layout.kind}
    issues: list[Issue] = []
    for way, constant in layout.constants:
        _put(record, way, constant)
    for cell, column in zip(row, columns, strict=True):
        if column is None:
            continue
        if any("\udc80" <= letter <= "\udcff" or letter == "\ufffd" for letter in cell):
            issues.append(issue("csv-encoding", name=column.header))
            continue
        text = cell.strip()
        if text in layout.empty:
            continue
        try:
            _put(record, column.way, cells.value(text, column, layout))
        except cells.CellError as error:
            issues.append(issue(error.rule, name=column.header, **error.facts))
    return Row(line, None if issues else _packed(record), issues)


def _put(record: dict[str, Any], way: tuple[Step, ...], value: Any) -> None:
    """Put ``value`` where ``way`` leads to, making what is on the way; lists are kept by position until packed."""
    at: dict[Any, Any] = record
    for step in way[:-1]:
        at = at.setdefault(step, {})
    at[way[-1]] = value


def _packed(value: Any) -> Any:
    """Turn what is kept by position into lists: positions that nothing was said of leave no gap."""
    if not isinstance(value, dict):
        return value
    inner = {key: _packed(one) for key, one in value.items()}
    if inner and all(isinstance(key, int) for key in inner):
        return [inner[key] for key in sorted(inner)]
    return inner
