"""What a cell says, as its field takes it; a cell that can't be meant is a CellError, never a guess."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fhir_iop.mapping.csv.columns import Column, Columns
    from fhir_iop.mapping.shapes import Shape

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)", re.ASCII)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", re.ASCII)
_SERIAL = re.compile(r"([0-9]{1,7})(?:\.([0-9]+))?", re.ASCII)
_TEXT = re.compile(
    r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?:,?\s+(\d{1,2}):(\d\d)(?::(\d\d))?(?:\s*([AaPp])[Mm])?)?", re.ASCII
)
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})
# Excel counts days from 1 January 1900 as 1, and a 29 February 1900 that there wasn't as 60.
_EPOCHS = {"excel": datetime(1899, 12, 30), "excel-1904": datetime(1904, 1, 1)}  # noqa: DTZ001  # local to the program
_FIRST_SURE = {"excel": 61, "excel-1904": 0}
_LAST = 2_958_465  # 9999-12-31
_DAY_SECONDS = 86_400
_CLOCK_12 = 12


class CellError(ValueError):
    """A cell that can't be read: the rule that it breaks, and facts for its words."""

    def __init__(self, rule: str, **facts: Any) -> None:
        super().__init__(rule)
        self.rule = rule
        self.facts = facts


def value(text: str, column: Column, layout: Columns) -> Any:
    """Return what ``text``, which isn't empty, says. Raises CellError."""
    if not column.many:
        return _value(text, column, layout)
    return [_value(part.strip(), column, layout) for part in text.split(layout.between) if part.strip()]


def _value(text: str, column: Column, layout: Columns) -> Any:
    if column.words:
        if text not in column.words:
            raise CellError("csv-word", words=", ".join(column.words))
        return column.words[text]
    shape = column.shape
    if shape.enum is not None and shape.kind == "string":
        return text
    if shape.kind == "boolean":
        return _boolean(text)
    if shape.kind in {"integer", "number"}:
        return _number(text, shape.kind, layout.decimal)
    form = _form(shape)
    return _moment(text, layout.dates, with_time=form == "time") if form else text


def _boolean(text: str) -> bool:
    word = text.lower()
    if word not in _TRUE | _FALSE:
        raise CellError("csv-boolean")
    return word in _TRUE


def _number(text: str, kind: str, point: str) -> Any:
    """Return a number with its digits: 0.50 stays 0.50."""
    plain = text.replace(point, ".") if point != "." and "." not in text else text
    if kind == "integer":
        if not _INTEGER.fullmatch(plain):
            raise CellError("csv-integer")
        return int(plain)
    if not _NUMBER.fullmatch(plain) or (point != "." and "." in text):
        raise CellError("csv-number", point=point)
    return int(plain) if _INTEGER.fullmatch(plain) else Decimal(plain)


def _form(shape: Shape) -> str:
    """Return whether a field is a day or a time; empty for other texts."""
    form, pattern = shape.schema.get("format"), str(shape.schema.get("pattern", ""))
    if form == "local-date-time":
        return "time"
    return "day" if form == "date" or pattern.startswith("^(?:19|20)[0-9]{2}(?:-") else ""


def _moment(text: str, dates: str, *, with_time: bool) -> str:
    """Return a day or a time as records have it. Raises CellError."""
    if dates == "iso":
        return text.replace(" ", "T", 1) if with_time else text
    found = _serial(text, dates) if dates in _EPOCHS else _written(text, dates)
    moment, has_time = found
    if not with_time:
        if has_time:
            raise CellError("csv-day-time")
        return moment.date().isoformat()
    return moment.isoformat(timespec="minutes" if moment.second == 0 else "seconds")


def _serial(text: str, dates: str) -> tuple[datetime, bool]:
    """Read Excel's number of a day, with the part of the day behind the point, to the nearest second."""
    found = _SERIAL.fullmatch(text)
    if found is None or not _FIRST_SURE[dates] <= int(found[1]) <= _LAST:
        raise CellError("csv-date", form="Excel's number of a day, such as 46083 or 46083.625")
    seconds = round(Decimal(f"0.{found[2]}") * _DAY_SECONDS) if found[2] else 0
    return _EPOCHS[dates] + timedelta(days=int(found[1]), seconds=seconds), seconds != 0


def _written(text: str, dates: str) -> tuple[datetime, bool]:
    """Read a day as spreadsheets show it, month or day first as the layout says."""
    found = _TEXT.fullmatch(text)
    shown = "3/2/2026 or 3/2/2026 3:04 PM" if dates == "month-day-year" else "2.3.2026 or 2.3.2026 15:04"
    if found is None:
        raise CellError("csv-date", form=shown)
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    month, day = (first, second) if dates == "month-day-year" else (second, first)
    hour, minute, seconds = (int(part or 0) for part in found.group(5, 6, 7))
    if found[8]:
        if not 1 <= hour <= _CLOCK_12:
            raise CellError("csv-date", form=shown)
        hour = hour % _CLOCK_12 + (_CLOCK_12 if found[8].lower() == "p" else 0)
    try:
        moment = datetime(year, month, day, hour, minute, seconds)  # noqa: DTZ001  # local to the program
    except ValueError:
        raise CellError("csv-date", form=shown) from None
    return moment, found[5] is not None
