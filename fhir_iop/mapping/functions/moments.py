"""`time`: a record's time ⇄ dateTime or instant; `day`: a year, month or day that exists."""

from __future__ import annotations

from fhir_iop.mapping.functions.base import Function


class Time(Function):
    """A time with an offset, or local to the program → the same with seconds and offset; back as it stands."""

    name = "time"
    normal = "with its seconds and offset"

    def prepare(self) -> None:
        """Check both sides."""
        self.needs_type("dateTime", "instant")
        self.needs_kind("string")

    def forward(self, value: str, pointer: str) -> str:
        """Report a time that doesn't exist, or exists twice, at ``pointer``."""
        return f"moment({value}, {pointer}, issues)"

    def backward(self, value: str) -> str:
        """Nothing to do: a time with its offset is a record's time."""
        return value


class Day(Function):
    """A year, a month or a day ⇄ date or dateTime; a day that doesn't exist is a finding."""

    name = "day"

    def prepare(self) -> None:
        """Check both sides."""
        self.needs_type("date", "dateTime")
        self.needs_kind("string")

    def forward(self, value: str, pointer: str) -> str:
        """Write it as it stands."""
        return f"day({value}, {pointer}, issues)"

    def backward(self, value: str) -> str:
        """Nothing to do."""
        return value
